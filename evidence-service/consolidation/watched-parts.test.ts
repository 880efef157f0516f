import fc from "fast-check";
import { expect, test } from "vitest";
import { openSqliteMetadata } from "../storage/sqlite-metadata.ts";
import { joinedParts, WatchedSpans } from "./watched-parts.ts";

const VIEWING = { actor: "user:olga", evidenceId: "e" };
const T0 = Date.parse("2026-11-23T10:00:00Z");

test("pieces are told as one span once nothing came for a minute, with the parts that were watched", async () => {
  const db = openSqliteMetadata(":memory:");
  let passedMs = 0;
  const spans = new WatchedSpans({ db, now: () => T0 + passedMs, passedMs: () => passedMs });
  const entries = async () =>
    (await db.selectFrom("audit").select("entryJson").execute()).map(({ entryJson }) =>
      JSON.parse(entryJson),
    );
  for (const startS of [0, 4, 8, 60, 64]) {
    spans.gave(VIEWING, { startS, endS: startS + 4 });
    passedMs += 1_000;
  }
  await spans.tell();
  expect(await entries()).toEqual([]);
  passedMs += 60_000;
  await spans.tell();
  const detail = { fromUtcMs: T0, untilUtcMs: T0 + 4_000, parts: "0-12,60-68" };
  const told = { ...{ actor: "user:olga", action: "WATCHED", subject: "e" }, atUtcMs: T0 + 4_000, detail };
  expect(await entries()).toEqual([told]);
  await spans.tell(true);
  expect(await entries()).toHaveLength(1);
  // Whoever watches for hours is told every five minutes.
  for (let piece = 0; piece < 900; piece += 1) {
    spans.gave(VIEWING, { startS: piece * 4, endS: piece * 4 + 4 });
    passedMs += 4_000;
    await spans.tell();
  }
  expect((await entries()).length).toBeGreaterThan(10);
  await spans.tell(true);
  expect((await entries()).at(-1)?.detail.parts).toMatch(/^\d+-3600$/);
  await db.destroy();
});

test("joined parts hold each second that was given, and none other", () => {
  const part = fc
    .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 6 }))
    .map(([startS, lengthS]) => ({ startS, endS: startS + lengthS }));
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const seconds = (of: readonly { startS: number; endS: number }[]) =>
        Array.from({ length: 50 }, (_, second) =>
          of.some((one) => one.startS <= second && second < one.endS),
        );
      const joined = joinedParts(parts);
      expect(seconds(joined)).toEqual(seconds(parts));
      joined.forEach((one, index) => expect(one.startS).toBeGreaterThan(joined[index - 1]?.endS ?? -1));
    }),
  );
});
