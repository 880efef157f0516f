import { afterEach, beforeEach, expect, test } from "vitest";
import type { Metadata, MetadataTransaction } from "./metadata-tables.ts";
import { SharedCommits } from "./shared-commits.ts";
import { openSqliteMetadata } from "./sqlite-metadata.ts";

class Refused extends Error {}

let db: Metadata;
let commits: SharedCommits;
let transactions: Set<MetadataTransaction>;

beforeEach(() => {
  db = openSqliteMetadata(":memory:");
  commits = new SharedCommits(db, (error) => error instanceof Refused);
  transactions = new Set();
});
afterEach(() => db.destroy());

const change = (name: string) => async (transaction: MetadataTransaction) => {
  transactions.add(transaction);
  if (name === "refused") throw new Refused(name);
  await transaction.insertInto("setting").values({ name, value: name }).execute();
  return name;
};
const kept = async () =>
  (await db.selectFrom("setting").select("name").orderBy("name").execute()).map(({ name }) => name);

test("what comes while a commit is under way is committed together, and one that is refused fails alone", async () => {
  const ends = await Promise.allSettled(
    ["a", "b", "refused", "c", "d"].map((name) => commits.run(change(name))),
  );
  expect(ends.map((end) => (end.status === "fulfilled" ? end.value : String(end.reason)))).toEqual([
    "a",
    "b",
    "Error: refused",
    "c",
    "d",
  ]);
  expect(await kept()).toEqual(["a", "b", "c", "d"]);
  expect(transactions.size).toBe(2);
});

test("what fails otherwise leaves nothing of those that were with it, tells each, and harms no later one", async () => {
  await commits.run(change("a"));
  const ends = await Promise.allSettled(["x", "b", "a", "c"].map((name) => commits.run(change(name))));
  expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "rejected"]);
  expect(await kept()).toEqual(["a", "x"]);
  await commits.run(change("d"));
  expect(await kept()).toEqual(["a", "d", "x"]);
});
