import fc from "fast-check";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Metadata } from "../storage/metadata-tables.ts";
import { type TestEngine, testEngines } from "../testing/engines.ts";
import { type AuditEntry, recordAudit } from "./audit-chain.ts";
import { extendIndex, missingInIndex } from "./audit-index.ts";
import { IndexComparison } from "./index-differences.ts";

const engines = await testEngines();
afterAll(async () => {
  for (const each of engines) await each.close();
});

const OLGA = "user:olga";
const story: readonly AuditEntry[] = [
  { atUtcMs: 1, actor: "system", action: "CASE_CREATED", subject: "c1" },
  { atUtcMs: 2, actor: "system", action: "CASE_CREATED", subject: "c2" },
  { atUtcMs: 3, actor: "service:desk", action: "EVIDENCE_CREATED", subject: "e", detail: { caseId: "c1" } },
  {
    atUtcMs: 4,
    actor: "service:desk",
    action: "RESOURCE_CREATED",
    subject: "f",
    detail: { evidenceId: "e" },
  },
  { atUtcMs: 5, actor: OLGA, action: "VIEWED", subject: "e" },
  { atUtcMs: 6, actor: OLGA, action: "DOWNLOADED", subject: "f", detail: { range: null } },
  {
    ...{ atUtcMs: 7, actor: "service:desk", action: "EVIDENCE_LINKED", subject: "e" },
    detail: { caseId: "c2", before: "c1" },
  },
  { atUtcMs: 8, actor: OLGA, action: "READ", subject: "f" },
  { atUtcMs: 9, actor: "anonymous", action: "SIGN_IN_REFUSED", subject: "olga", detail: { tries: 3 } },
  { atUtcMs: 10, actor: OLGA, action: "VIEWED", subject: "c1" },
  { atUtcMs: 11, actor: "system", action: "KEY_IN_USE", subject: "k", detail: { before: "c1" } },
];

async function scopesOf(db: Metadata): Promise<Record<string, number[]>> {
  const rows = await db.selectFrom("auditScope").selectAll().orderBy("seq").execute();
  const scopes: Record<string, number[]> = {};
  for (const { scope, seq } of rows) (scopes[scope] ??= []).push(seq);
  return scopes;
}

const HISTORIES = {
  "case:c1": [1, 3, 4, 5, 6, 7, 10],
  "case:c2": [2, 7, 8],
  "evidence:e": [3, 4, 5, 6, 7, 8],
  "service:desk": [3, 4, 7],
  "user:olga": [5, 6, 8, 9, 10],
};

describe.each(engines)("the index of the trail in $name", (each) => {
  let engine: TestEngine;
  let db: Metadata;
  beforeEach(async () => {
    engine = await each.open();
    db = engine.db;
  });
  afterEach(() => engine.close());

  const wholeIndex = () => db.selectFrom("auditIndex").selectAll().orderBy("seq").execute();

  /** As if services of before had written what comes after an entry. */
  async function forget(after: number): Promise<void> {
    await db.deleteFrom("auditScope").where("seq", ">", after).execute();
    await db.deleteFrom("auditIndex").where("seq", ">", after).execute();
  }

  async function findings(): Promise<string[]> {
    const comparison = new IndexComparison(db);
    const rows = await db.selectFrom("audit").select(["seq", "entryJson"]).orderBy("seq").execute();
    for (const { seq, entryJson } of rows) await comparison.take(seq, entryJson);
    return comparison.findings();
  }

  test("an entry belongs to the histories of who acted, of what, and of the cases it was in and left", async () => {
    for (const entry of story) await recordAudit(db, entry);
    expect(await scopesOf(db)).toEqual(HISTORIES);
    expect(await findings()).toEqual([]);
  });

  test("whenever the index was left behind, it comes to the same, in bits of any size", async () => {
    for (const entry of story) await recordAudit(db, entry);
    const wanted = await wholeIndex();
    await fc.assert(
      fc.asyncProperty(fc.nat(story.length), fc.integer({ min: 1, max: 5 }), async (after, bit) => {
        await forget(after);
        expect(await missingInIndex(db)).toBe(story.length - after);
        for (let left = 1; left > 0;) left = await extendIndex(db, bit);
        expect(await wholeIndex()).toEqual(wanted);
        expect(await scopesOf(db)).toEqual(HISTORIES);
      }),
      { numRuns: 15 },
    );
  });

  test("an entry that comes after a gap waits for those before it", async () => {
    for (const entry of story.slice(0, 6)) await recordAudit(db, entry);
    await forget(2);
    for (const entry of story.slice(6)) await recordAudit(db, entry);
    expect(await wholeIndex()).toHaveLength(2);
    expect(await findings()).toEqual([]);
    await extendIndex(db);
    expect(await scopesOf(db)).toEqual(HISTORIES);
  });

  test("an index that is ahead of the trail goes back with it", async () => {
    for (const entry of story) await recordAudit(db, entry);
    await db.deleteFrom("audit").where("seq", ">", 5).execute();
    expect(await findings()).toHaveLength(1);
    expect(await extendIndex(db)).toBe(0);
    expect(await wholeIndex()).toHaveLength(5);
    expect(await findings()).toEqual([]);
  });

  test("an entry that nobody can read keeps none from the index", async () => {
    for (const entry of story.slice(0, 3)) await recordAudit(db, entry);
    await forget(0);
    await db.updateTable("audit").set({ entryJson: "{" }).where("seq", "=", 2).execute();
    expect(await extendIndex(db)).toBe(0);
    expect((await wholeIndex()).map(({ action }) => action)).toEqual([
      "CASE_CREATED",
      "",
      "EVIDENCE_CREATED",
    ]);
  });
});
