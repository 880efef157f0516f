import { afterEach, beforeEach, expect, test } from "vitest";
import { appendAudit, sortedJson, recordAudit, walkChain } from "./audit-chain.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { openSqliteMetadata } from "../storage/sqlite-metadata.ts";

let db: Metadata;
beforeEach(async () => {
  db = openSqliteMetadata(":memory:");
  for (const subject of ["a", "b", "c", "d"]) {
    await recordAudit(db, { atUtcMs: 1, actor: "user:x", action: "VIEWED", subject });
  }
});
async function verifyAudit(chain: Metadata): Promise<{ checked: number; firstBadSeq: number | null }> {
  let checked = 0;
  for await (const { seq, agrees } of walkChain(chain)) {
    if (!agrees) return { checked, firstBadSeq: seq };
    checked = seq;
  }
  return { checked, firstBadSeq: null };
}

afterEach(async () => {
  await db.destroy();
});

test("an untouched chain is whole", async () => {
  expect(await verifyAudit(db)).toEqual({ checked: 4, firstBadSeq: null });
});

test("an altered, a removed and a reordered entry are named", async () => {
  const rows = await db.selectFrom("audit").selectAll().orderBy("seq").execute();
  const [, second, third] = rows;
  await db.updateTable("audit").set({ entryJson: "{}" }).where("seq", "=", 3).execute();
  expect((await verifyAudit(db)).firstBadSeq).toBe(3);
  await db.deleteFrom("audit").where("seq", "in", [2, 3]).execute();
  expect((await verifyAudit(db)).firstBadSeq).toBe(2);
  if (second === undefined || third === undefined) throw new Error("There are four entries.");
  await db
    .insertInto("audit")
    .values([
      { ...third, seq: 2 },
      { ...second, seq: 3 },
    ])
    .execute();
  expect((await verifyAudit(db)).firstBadSeq).toBe(2);
});

test("an entry of a change that is undone is undone with it", async () => {
  const undone = db.transaction().execute(async (transaction) => {
    await appendAudit(transaction, { atUtcMs: 1, actor: "system", action: "CHANGED", subject: "e" });
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  expect(await verifyAudit(db)).toEqual({ checked: 4, firstBadSeq: null });
});

test("sorted JSON does not depend on the order of members", () => {
  expect(sortedJson({ b: [1, { d: null, c: "é" }], a: true })).toBe('{"a":true,"b":[1,{"c":"é","d":null}]}');
});
