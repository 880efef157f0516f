import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, describe, expect, test } from "vitest";
import { type TestEngine, testEngines } from "../testing/engines.ts";
import { carryRows, compareRows } from "./carry-rows.ts";
import type { MoveEnd } from "./move-ends.ts";

const engines = await testEngines();
afterAll(async () => {
  for (const engine of engines) await engine.close();
});

/** Rows alone: nothing is stored anywhere. */
function endOf({ db, place }: TestEngine): MoveEnd {
  return { db, engine: place.kind } as MoveEnd;
}

/** What a service can have in its columns: no text of SQLite's own driver has half a pair, and PostgreSQL takes no NUL. */
const text = fc
  .string({ unit: "binary", maxLength: 40 })
  .map((made) => made.replaceAll("\u0000", "").toWellFormed());
const number = fc.oneof(
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, min: -1e15, max: 1e15 }).map((made) => (Object.is(made, -0) ? 0 : made)),
);
const rows = fc.uniqueArray(
  fc.record({ evidenceId: text, progress: text, idleMs: number, isKeptTold: fc.constantFrom(0, 1) }),
  { selector: ({ evidenceId }) => evidenceId, maxLength: 30 },
);

const ways = engines.flatMap((from) =>
  engines
    .filter((to) => to !== from || engines.length === 1)
    .map((to) => [from.name, to.name, from, to] as const),
);

describe.each(ways)("rows from %s to %s", (_from, _to, from, to) => {
  test("are the same, whatever they hold and whatever was brought before", async () => {
    const [a, b] = [await from.open(), await to.open()];
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        await a.db.deleteFrom("receiving").execute();
        if (given.length > 0) await a.db.insertInto("receiving").values(given).execute();
        await carryRows(endOf(a), endOf(b), () => undefined);
        await compareRows(endOf(a), endOf(b));
        const all = ({ db }: TestEngine) =>
          db.selectFrom("receiving").selectAll().orderBy("evidenceId").execute();
        expect(await all(b)).toEqual(await all(a));
        expect(new Set((await all(b)).map((row) => JSON.stringify(row))).size).toBe(given.length);
      }),
      { numRuns: 4 },
    );
    await a.close();
    await b.close();
  });

  test("are numbered on from where the old place was", async () => {
    const [a, b] = [await from.open(), await to.open()];
    const add = async ({ db }: TestEngine, name: string) => {
      const row = { departmentId: name, name };
      return db.insertInto("department").values(row).returning("seq").executeTakeFirstOrThrow();
    };
    await add(a, "one");
    await add(a, "two");
    await sql`DELETE FROM department`.execute(a.db);
    await carryRows(endOf(a), endOf(b), () => undefined);
    expect(await add(b, "three")).toEqual({ seq: 3 });
    await a.close();
    await b.close();
  });

  test("that are another one, missing or too many are named", async () => {
    const [a, b] = [await from.open(), await to.open()];
    await a.db.insertInto("setting").values({ name: "é", value: "1" }).execute();
    await carryRows(endOf(a), endOf(b), () => undefined);
    await compareRows(endOf(a), endOf(b));
    const change = { name: "other", value: "1" };
    await b.db.insertInto("setting").values(change).execute();
    await expect(compareRows(endOf(a), endOf(b))).rejects.toThrow(
      /row other of the table setting was never there/,
    );
    await b.db.deleteFrom("setting").where("name", "=", "other").execute();
    await b.db.updateTable("setting").set({ value: "2" }).execute();
    await expect(compareRows(endOf(a), endOf(b))).rejects.toThrow(
      /row é of the table setting is another one/,
    );
    await b.db.deleteFrom("setting").execute();
    await expect(compareRows(endOf(a), endOf(b))).rejects.toThrow(/row é of the table setting is missing/);
    await a.close();
    await b.close();
  });
});
