import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Metadata } from "../storage/metadata-tables.ts";
import { openSqliteMetadata } from "../storage/sqlite-metadata.ts";
import { closingInstant } from "./closings.ts";
import { RetentionClock } from "./retention-clock.ts";

const HOUR_MS = 3_600_000;
let dir: string;
let db: Metadata;
let now: number;
let uptime: number;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "retention-clock-"));
  db = openSqliteMetadata(join(dir, "metadata.sqlite"));
  [now, uptime] = [Date.parse("2026-01-01T00:00:00Z"), HOUR_MS];
});
afterEach(async () => {
  await db.destroy();
  await rm(dir, { recursive: true });
});

const service = (): RetentionClock => new RetentionClock({ db, now: () => now, uptimeMs: () => uptime });
const pass = (hours: number): void => {
  now += hours * HOUR_MS;
  uptime += hours * HOUR_MS;
};
const keeps = { keeps: true };

test("time that passes is believed, as it is put right by minutes, and what leaps is not", async () => {
  const clock = service();
  expect(await clock.look(keeps)).toBe(now);
  pass(1_000);
  now += 5 * 60_000;
  expect(await clock.look(keeps)).toBe(now);
  now += 24 * HOUR_MS;
  expect(await clock.look(keeps)).toBeNull();
  expect(clock.aheadMs).toBeGreaterThan(24 * HOUR_MS);
  now -= 24 * HOUR_MS;
  expect([await clock.look(keeps), clock.aheadMs]).toEqual([now, 0]);
});

test("many small leaps are one that is large", async () => {
  const clock = service();
  for (let minute = 0; minute < 60; minute += 1) {
    await clock.look(keeps);
    pass(1 / 60);
    now += 5 * 60_000;
  }
  expect(await clock.look(keeps)).toBeNull();
});

test("a service that was off over a long weekend goes on, and one that was off longer asks", async () => {
  await service().look(keeps);
  now += 70 * HOUR_MS;
  uptime = 0;
  expect(await service().look(keeps)).toBe(now);
  now += 100 * HOUR_MS;
  const clock = service();
  expect(await clock.look(keeps)).toBeNull();
  pass(1);
  expect(await clock.look(keeps)).toBeNull();
  // What another service is told holds for this one.
  await db.transaction().execute((transaction) => service().confirm(transaction));
  expect(await clock.look(keeps)).toBe(now);
});

test("a clock that was set back closes no case in the past", async () => {
  await service().look(keeps);
  const believed = now;
  now -= 1_000 * HOUR_MS;
  expect(await db.transaction().execute((transaction) => closingInstant(transaction, now))).toBe(believed);
});

test("a clock without a battery, which is put right after the start, is believed then", async () => {
  await service().look(keeps);
  uptime = 0;
  now -= 10_000 * HOUR_MS;
  const clock = service();
  await clock.look({ keeps: false });
  pass(1);
  now += 10_040 * HOUR_MS;
  expect(await clock.look(keeps)).toBe(now);
  now += 40 * HOUR_MS;
  expect(await clock.look(keeps)).toBeNull();
});
