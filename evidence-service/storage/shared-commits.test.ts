import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

test("what comes before it is its turn is committed together, and one that is refused fails alone", async () => {
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
  expect(transactions.size).toBe(1);
});

test("what comes while a commit waits for the disk does not wait for it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "shared-commits-"));
  const disk = Promise.withResolvers<void>();
  const log = { flush: () => disk.promise, close: async () => undefined };
  const file = openSqliteMetadata(join(folder, "commits.sqlite"), log);
  const shared = new SharedCommits(file, () => false);
  const first = shared.run(change("a"));
  await expect.poll(() => transactions.size).toBe(1);
  const others = [shared.run(change("b")), shared.run(change("c"))];
  await expect.poll(() => transactions.size).toBe(2);
  disk.resolve();
  expect(await Promise.all([first, ...others])).toEqual(["a", "b", "c"]);
  await file.destroy();
  await rm(folder, { recursive: true });
});

test("more than one transaction takes are all committed", async () => {
  const names = Array.from({ length: 150 }, (_, index) => `of many ${index}`);
  await Promise.all(names.map((name) => commits.run(change(name))));
  expect(await kept()).toEqual(names.toSorted());
  expect(transactions.size).toBe(3);
});

test("what fails otherwise leaves nothing of those that were with it, tells each, and harms no later one", async () => {
  await commits.run(change("a"));
  const ends = await Promise.allSettled(["b", "a", "c"].map((name) => commits.run(change(name))));
  expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(await kept()).toEqual(["a"]);
  await commits.run(change("d"));
  expect(await kept()).toEqual(["a", "d"]);
  await db.destroy();
  await expect(Promise.all([commits.run(change("e")), commits.run(change("f"))])).rejects.toThrow(
    /destroyed/,
  );
});
