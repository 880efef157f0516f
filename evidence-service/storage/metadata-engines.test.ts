/** What the metadata promise, whichever engine keeps them (`metadata-tables.ts`). */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { recordAudit, walkChain } from "../audit/audit-chain.ts";
import { blocksIn, clearUnused, PIECE_ROWS, writeUnused } from "../blobs/block-lists.ts";
import { type TestEngine, testEngines } from "../testing/engines.ts";
import type { Metadata } from "./metadata-tables.ts";
import { SharedCommits } from "./shared-commits.ts";

const engines = await testEngines();
afterAll(async () => {
  for (const each of engines) await each.close();
});

describe.each(engines)("metadata in $name", (each) => {
  let engine: TestEngine;
  let db: Metadata;
  beforeEach(async () => {
    engine = await each.open();
    db = engine.db;
  });
  afterEach(() => engine.close());

  const view = (subject: string) => ({ atUtcMs: 1, actor: "user:x", action: "VIEWED", subject });

  async function chainOf(metadata: Metadata): Promise<string[]> {
    const subjects: string[] = [];
    for await (const { agrees, entryJson } of walkChain(metadata)) {
      expect(agrees).toBe(true);
      subjects.push((JSON.parse(entryJson) as { subject: string }).subject);
    }
    return subjects;
  }

  async function setting(name: string): Promise<string | undefined> {
    const row = await db.selectFrom("setting").select("value").where("name", "=", name).executeTakeFirst();
    return row?.value;
  }

  test("a transaction that throws leaves nothing behind, and the next one has its turn", async () => {
    const thrown = db.transaction().execute(async (transaction) => {
      await transaction.insertInto("setting").values({ name: "a", value: "1" }).execute();
      throw new Error("no");
    });
    await expect(thrown).rejects.toThrow("no");
    expect(await setting("a")).toBeUndefined();
    await db.insertInto("setting").values({ name: "a", value: "2" }).execute();
    expect(await setting("a")).toBe("2");
  });

  test("transactions are one after the other: what is read and then written is lost to nobody", async () => {
    await db.insertInto("setting").values({ name: "count", value: "0" }).execute();
    const others = engine.another === null ? [db] : [db, await engine.another(), await engine.another()];
    const count = (one: Metadata) =>
      one.transaction().execute(async (transaction) => {
        const row = await transaction
          .selectFrom("setting")
          .select("value")
          .where("name", "=", "count")
          .executeTakeFirstOrThrow();
        await sleep(1);
        await transaction
          .updateTable("setting")
          .set({ value: String(Number(row.value) + 1) })
          .where("name", "=", "count")
          .execute();
      });
    await Promise.all(Array.from({ length: 60 }, (_, n) => count(others[n % others.length] ?? db)));
    expect(await setting("count")).toBe("60");
  });

  test("a statement that writes by itself waits for the transaction that is under way", async () => {
    await db.insertInto("setting").values({ name: "a", value: "0" }).execute();
    const inside = Promise.withResolvers<void>();
    const seen: string[] = [];
    const transaction = db.transaction().execute(async (one) => {
      const read = async () =>
        seen.push((await one.selectFrom("setting").select("value").executeTakeFirstOrThrow()).value);
      await read();
      inside.resolve();
      await sleep(50);
      await read();
    });
    await inside.promise;
    const other = engine.another === null ? db : await engine.another();
    await Promise.all([transaction, other.updateTable("setting").set({ value: "1" }).execute()]);
    expect(seen).toEqual(["0", "0"]);
    expect(await setting("a")).toBe("1");
  });

  test("whoever only reads waits for nobody who writes, where there are several connections", async () => {
    if (engine.another === null) return;
    const inside = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const transaction = db.transaction().execute(async (one) => {
      await one.insertInto("setting").values({ name: "a", value: "1" }).execute();
      inside.resolve();
      await end.promise;
    });
    await inside.promise;
    // More than there are connections: those who wait to write keep none.
    const waiting = Array.from({ length: 40 }, (_, n) => recordAudit(db, view(String(n))));
    expect(await setting("a")).toBeUndefined();
    end.resolve();
    await Promise.all([transaction, ...waiting]);
    expect(await setting("a")).toBe("1");
  });

  test("the audit chain of several writers is whole, in the order of their commits", async () => {
    const others = engine.another === null ? [db] : [db, await engine.another(), await engine.another()];
    const subjects = Array.from({ length: 45 }, (_, n) => String(n));
    await Promise.all(
      subjects.map((subject, n) => recordAudit(others[n % others.length] ?? db, view(subject))),
    );
    const told = await chainOf(db);
    expect(told.toSorted((a, b) => Number(a) - Number(b))).toEqual(subjects);
  });

  test("changes that come together are one transaction, and one that is refused fails alone", async () => {
    class Refused extends Error {}
    const commits = new SharedCommits(db, (error) => error instanceof Refused);
    const change = (name: string) =>
      commits.run(async (transaction) => {
        if (name === "no") throw new Refused(name);
        await transaction.insertInto("setting").values({ name, value: name }).execute();
      });
    const ends = await Promise.allSettled(["a", "no", "b"].map(change));
    expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect([await setting("a"), await setting("no"), await setting("b")]).toEqual(["a", undefined, "b"]);
  });

  test("numbers are numbers, whatever their size, and texts are compared byte by byte", async () => {
    const row = {
      blobName: "b",
      lengthBytes: 2 ** 45 + 1,
      etag: "e",
      contentType: "",
      contentMd5: null,
      metadataJson: "{}",
      committedUtcMs: 1.5,
      sealed: 0,
    };
    await db.insertInto("blob").values(row).execute();
    expect(await db.selectFrom("blob").selectAll().execute()).toEqual([row]);
    const names = ["a", "B", "ä", "_", "aa", "Z", "é", "東", "-"];
    for (const name of names) await db.insertInto("setting").values({ name, value: "" }).execute();
    const found = await db.selectFrom("setting").select("name").orderBy("name").execute();
    const byBytes = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(found.map(({ name }) => name)).toEqual(byBytes);
    const { count } = await db
      .selectFrom("setting")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    expect(Number(count)).toBe(names.length);
  });

  test("long lists of blocks are written and taken away in pieces", async () => {
    const blocks = Array.from({ length: 2 * PIECE_ROWS + 7 }, (_, n) => ({
      ...{ blockId: `id ${String(n).padStart(5, "0")} "'`, fileName: `f${n}`, lengthBytes: n + 1 },
    }));
    const list = await writeUnused(db, "blob", blocks);
    expect(await blocksIn(db, { ...list, state: "Committed" })).toEqual(blocks);
    await clearUnused(db, "blob");
    expect(await db.selectFrom("committedBlock").selectAll().execute()).toEqual([]);
    expect(await db.selectFrom("blockList").selectAll().execute()).toEqual([]);
  });
});
