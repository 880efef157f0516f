/**
 * Migrations that installations have run are never changed, and each new one says what services of earlier versions make of
 * it: whoever adds one writes its line here, as the failure shows it.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { IndexMigration, Migration } from "./migration.ts";
import { POSTGRES_MIGRATIONS } from "./postgres/postgres-schema.ts";
import { SQLITE_MIGRATIONS } from "./sqlite-metadata.ts";

const SHIPPED = {
  sqlite: [
    "alone bea07e9aa35b288e",
    "alone 570a78ff2401a613",
    "alone 18d76e232633e29b",
    "alone 50430b0632868f8f",
    "alone f5adbbe7c90caef6",
    "alone 4965fd8f8d974193",
    "alone 5dfce637220eb84a",
    "alone c5a65bc14f2a7573",
    "alone aeb651d4901954a9",
    "alone 33b1412f57060822",
    "alone 60e9ba0816f55e66",
    "alone fd7932939ac97c27",
    "alone 8354e811cefbacec",
    "expand 70a509e4c0564567",
    "expand 3314acbe4152a570",
    "expand 66ce3508ed546de6",
    "expand 82b9abf0690c860b",
    "expand bb7dee6056667c7b",
    "expand 80555576342932e5",
    "expand d86955c565e0320c",
    "expand 7f096e3a2513559e",
    "expand 1f993ae63d27e3f3",
    "expand 44b0e6921abe5977",
    "expand 03852a8e564d8bb4",
    "expand 7b470ba8f7e58b9f",
    "expand a89190197bb4b916",
  ],
  postgres: [
    "alone de70207d7fa15251",
    "alone d9361dddaefefa10",
    "alone d1619c087bf1d85a",
    "expand 3dde809ab75783cf",
    "expand c44aef248d902b08",
    "expand 2d8b8bcefd62d2d1",
    "expand 918ebf07ac9bdccf",
    "expand 2033eca9ce1291b8",
    "expand 20740f36efb39f19",
    "expand 889d56fcc086ec2b",
    "expand e5f78232c1f5ad9b",
    "expand 7ca5b21dd52eef9b",
    "expand 8c0e4ca16896ae50",
    "expand 9789231a1643ff21",
    "expand e6aa70340a3b24d9",
    "expand 3779460cee2018a6",
    "expand db411a7687e87e1f",
    "expand 1e9be388a5ebb45a",
  ],
} as const;

/** pg-boss brings its own tables forward: before a later number comes in here, an earlier program has to be tried on it. */
const SCHEMA_OF_PG_BOSS = 46;
const PG_BOSS = new URL("../../node_modules/pg-boss/package.json", import.meta.url);

/** Blanks at the ends of lines are nothing to a database. */
const textOf = (migration: Migration | IndexMigration): string =>
  "sql" in migration ? migration.sql : `${migration.index} ${migration.on}`;

const fingerprint = (migration: Migration | IndexMigration): string =>
  `${migration.kind} ${createHash("sha256").update(textOf(migration).replaceAll(/\s+/g, " ")).digest("hex").slice(0, 16)}`;

test("no migration of SQLite that was shipped is changed, and each is declared", () => {
  expect(SQLITE_MIGRATIONS.map(fingerprint)).toEqual(SHIPPED.sqlite);
});

test("no migration of PostgreSQL that was shipped is changed, and each is declared", () => {
  expect(POSTGRES_MIGRATIONS.map(fingerprint)).toEqual(SHIPPED.postgres);
});

/** Without what triggers and functions do later, and with those taken for one statement that are made anew. */
function statementsOf(text: string): string {
  return text
    .replaceAll(/DROP TRIGGER (\w+);\s*(?=CREATE TRIGGER \1 )/g, "")
    .replaceAll(/CREATE TRIGGER [^;]*? BEGIN\b[\s\S]*?\bEND;/g, "")
    .replaceAll(/CREATE TRIGGER [^;]*;/g, "")
    .replaceAll(/AS \$\$[\s\S]*?\$\$;/g, ";");
}

test("what comes with an expansion may be empty, and takes nothing away", () => {
  for (const migration of [...SQLITE_MIGRATIONS, ...POSTGRES_MIGRATIONS]) {
    if (migration.kind !== "expand" || !("sql" in migration)) continue;
    expect(statementsOf(migration.sql)).not.toMatch(
      /\b(DROP|RENAME|SET NOT NULL|ALTER COLUMN|UPDATE|DELETE FROM)\b/i,
    );
    const added = migration.sql.match(/ADD COLUMN[^;,]*NOT NULL[^;,]*/gi) ?? [];
    for (const column of added) expect(column).toMatch(/DEFAULT/i);
    // On a table that has rows it would keep everybody from writing; in SQLite nobody else is there.
    if (SQLITE_MIGRATIONS.includes(migration)) continue;
    for (const [, table] of migration.sql.matchAll(/CREATE (?:UNIQUE )?INDEX \S+ ON ("?\w+"?)/gi)) {
      expect(migration.sql).toContain(`CREATE TABLE ${table}`);
    }
  }
});

test("the tables of pg-boss are those that earlier programs work with", async () => {
  const text = await readFile(PG_BOSS, "utf8");
  expect(JSON.parse(text)).toMatchObject({ pgboss: { schema: SCHEMA_OF_PG_BOSS } });
});
