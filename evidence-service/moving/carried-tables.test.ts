import { sql } from "kysely";
import { afterAll, describe, expect, test } from "vitest";
import { testEngines } from "../testing/engines.ts";
import { OF_THE_MOMENT, shapeOf, TABLES, tablesOf } from "./carried-tables.ts";

const engines = await testEngines();
afterAll(async () => {
  for (const engine of engines) await engine.close();
});

/** Of the search, which triggers fill. */
const FOLLOWS = /^(evidence|case)Words(_|$)/;

describe.each(engines.map((engine) => [engine.name, engine] as const))("tables in %s", (_, engine) => {
  test("each of them is carried, or stands among those of the moment", async () => {
    const { db, place, close } = await engine.open();
    const { rows } =
      place.kind === "sqlite"
        ? await sql<{ name: string }>`SELECT name FROM sqlite_master WHERE type = 'table'
            AND name NOT LIKE 'sqlite_%'`.execute(db)
        : await sql<{ name: string }>`SELECT table_name AS name FROM information_schema.tables
            WHERE table_schema = current_schema()`.execute(db);
    const names = rows.map(({ name }) => name).filter((name) => !FOLLOWS.test(name));
    const known = new Set<string>([...TABLES, ...(place.kind === "sqlite" ? [] : OF_THE_MOMENT)]);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(20);
    for (const table of [...tablesOf("rows"), ...tablesOf("blocks")]) {
      const { columns, key } = await shapeOf(db, place.kind, table);
      expect(columns.length, table).toBeGreaterThan(0);
      expect(columns, table).toEqual(expect.arrayContaining([...key]));
    }
    await close();
  });
});

test.skipIf(engines.length < 2)(
  "both engines have the same columns and keys in what is carried",
  async () => {
    const opened = [];
    for (const engine of engines) opened.push(await engine.open());
    for (const table of [...tablesOf("rows"), ...tablesOf("blocks")]) {
      const shapes = [];
      for (const { db, place } of opened) shapes.push(await shapeOf(db, place.kind, table));
      const [one, other] = shapes;
      expect(one, table).toEqual(other);
    }
    for (const { close } of opened) await close();
  },
);
