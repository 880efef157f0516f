import fc from "fast-check";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AuditEntry, recordAudit } from "../audit/audit-chain.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { type TestEngine, testEngines } from "../testing/engines.ts";
import { type Asked, findEntries } from "./find-entries.ts";

const engines = await testEngines();
afterAll(async () => {
  for (const each of engines) await each.close();
});

const ACTIONS = ["VIEWED", "PLAYED", "SIGN_IN_REFUSED", "RIGHT_REFUSED"] as const;
const ACTORS = ["user:olga", "user:omar", "service:desk", "anonymous"] as const;

describe.each(engines)("entries found in $name", (each) => {
  let engine: TestEngine;
  let db: Metadata;
  beforeEach(async () => {
    engine = await each.open();
    db = engine.db;
    await db
      .insertInto("webUser")
      .values([
        { username: "olga", fullName: "Olga Núñez", passwordHash: "" },
        { username: "omar", fullName: "Omar", passwordHash: "" },
      ])
      .execute();
    for (let n = 0; n < 40; n += 1) await recordAudit(db, entryOf(n));
  });
  afterEach(() => engine.close());

  const entryOf = (n: number): AuditEntry => ({
    ...{ atUtcMs: 1_000 * n, actor: ACTORS[n % 4] ?? "", action: ACTIONS[(n >> 1) % 4] ?? "" },
    subject: `thing-${n % 5}`,
  });

  async function all(asked: Omit<Asked, "below" | "limit">, limit: number): Promise<number[]> {
    const seqs: number[] = [];
    for (let below: number | null = Number.MAX_SAFE_INTEGER; below !== null;) {
      const found = await findEntries(db, { ...asked, below, limit });
      seqs.push(...found.entries.map(({ seq }) => seq));
      below = found.goesOnBelow;
    }
    return seqs;
  }

  test("pages of any size give what fits the filter, each once, newest first, while entries come", async () => {
    const filter = fc.record(
      {
        action: fc.constantFrom(...ACTIONS),
        text: fc.constantFrom("THING-1", "thing", "nothing"),
        actor: fc.constantFrom("núñez", "omar", "anonymous", "nobody"),
        suspicious: fc.boolean(),
        fromUtc: fc.constant(new Date(9_000).toISOString()),
        untilUtc: fc.constant(new Date(31_000).toISOString()),
      },
      { requiredKeys: [] },
    );
    const isNamed = (actor: string, name: string): boolean =>
      ({ núñez: "user:olga", omar: "user:omar", anonymous: "anonymous" })[name] === actor;
    await fc.assert(
      fc.asyncProperty(filter, fc.integer({ min: 1, max: 50 }), async (asked, limit) => {
        const wanted = Array.from({ length: 40 }, (_, n) => n)
          .filter((n) => {
            const { actor, action, atUtcMs, subject } = entryOf(n);
            return (
              (asked.action === undefined || action === asked.action) &&
              (asked.suspicious !== true || action.endsWith("REFUSED")) &&
              (asked.actor === undefined || isNamed(actor, asked.actor)) &&
              (asked.text === undefined || subject.includes(asked.text.toLowerCase())) &&
              (asked.fromUtc === undefined || atUtcMs >= 9_000) &&
              (asked.untilUtc === undefined || atUtcMs < 31_000)
            );
          })
          .map((n) => n + 1)
          .toReversed();
        expect(await all({ ...asked, scope: null }, limit)).toEqual(wanted);
      }),
      { numRuns: 40 },
    );
    const first = await findEntries(db, { scope: "user:omar", below: Number.MAX_SAFE_INTEGER, limit: 3 });
    await recordAudit(db, entryOf(1));
    const next = await findEntries(db, { scope: "user:omar", below: first.goesOnBelow ?? 0, limit: 3 });
    const shown = [...first.entries, ...next.entries].map(({ seq }) => seq);
    expect(shown).toEqual([38, 34, 30, 26, 22, 18]);
  });

  test("what an index row says is not shown: the detail is the trail's", async () => {
    await recordAudit(db, {
      atUtcMs: 1,
      actor: "user:olga",
      action: "VERIFIED",
      subject: "e",
      detail: { reason: "none" },
    });
    const { entries, names } = await findEntries(db, { scope: "evidence:e", below: 1_000, limit: 5 });
    expect(entries).toMatchObject([{ seq: 41, detail: { reason: "none" } }]);
    expect(names.actorOf("user:olga")).toBe("Olga Núñez");
    expect(names.actorOf("user:gone")).toBe("gone");
  });
});
