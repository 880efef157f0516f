/** Tables that are brought forward while services of earlier versions use them. */
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { PostgresCluster } from "../../testing/postgres-cluster.ts";
import { compatibleSince, neededVersion, OlderServices } from "../migration.ts";
import { OtherSchema } from "../other-schema.ts";
import { bringForward, type PostgresMigration } from "./bring-forward.ts";
import { clientSettings } from "./postgres-place.ts";
import { SchemaUse } from "./schema-use.ts";
import { readVersion } from "./schema-version.ts";

const cluster = await PostgresCluster.start();
if (cluster === null) console.log("Migrations of PostgreSQL are not tested: it is not installed.");
afterAll(() => cluster?.stop());

const FIRST: readonly PostgresMigration[] = [
  { kind: "alone", sql: `CREATE TABLE "item" ("id" integer PRIMARY KEY, "name" text)` },
];
const WIDER: readonly PostgresMigration[] = [
  ...FIRST,
  { kind: "expand", sql: `ALTER TABLE "item" ADD COLUMN "place" text` },
  { kind: "expand", index: "itemPlace", on: `ON "item" ("place")` },
];
const NARROWER: readonly PostgresMigration[] = [
  ...WIDER,
  { kind: "contract", sql: `ALTER TABLE "item" DROP COLUMN "name"` },
];

test("what an earlier program bears is reckoned from the kinds", () => {
  expect([1, 2, 3, 4].map((version) => compatibleSince(NARROWER, version))).toEqual([1, 1, 1, 4]);
  expect([FIRST, WIDER, NARROWER].map(neededVersion)).toEqual([1, 3, 3]);
});

describe.skipIf(cluster === null)("tables that are brought forward", () => {
  let schemas = 0;
  let place: { url: string; schema: string; hasOthers: true };
  beforeEach(() => {
    schemas += 1;
    place = { url: cluster?.url ?? "", schema: `forward_${schemas}`, hasOthers: true };
  });

  const using = async (knownVersion: number): Promise<SchemaUse> => {
    const use = await SchemaUse.take({ place, patienceMs: 0, displaced: () => undefined, knownVersion });
    if (use === null) throw new Error("It is in use.");
    return use;
  };
  async function asked<T>(ask: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client(clientSettings(place));
    await client.connect();
    try {
      return await ask(client);
    } finally {
      await client.end();
    }
  }
  const version = () => asked(readVersion);

  test("get wider beside an earlier service, and that one starts again on them", async () => {
    await bringForward(place, FIRST);
    const older = await using(1);
    expect(await bringForward(place, WIDER)).toEqual({ isWaiting: false, older: 0 });
    expect(await version()).toEqual({ version: 3, compatibleSince: 1 });
    expect(await bringForward(place, FIRST)).toEqual({ isWaiting: false, older: 0 });
    expect(await version()).toEqual({ version: 3, compatibleSince: 1 });
    await older.release();
  });

  test("get narrower only once no earlier service is there, and then refuse it", async () => {
    await bringForward(place, FIRST);
    const [older, newer] = [await using(3), await using(4)];
    expect(await bringForward(place, NARROWER, true)).toEqual({ isWaiting: true, older: 1 });
    await asked((client) => client.query(`SELECT "name" FROM "item"`));
    await older.release();
    // The way back is open until somebody decides otherwise.
    await expect.poll(() => bringForward(place, NARROWER)).toEqual({ isWaiting: true, older: 0 });
    expect(await version()).toEqual({ version: 3, compatibleSince: 1 });
    await expect.poll(() => bringForward(place, NARROWER, true)).toEqual({ isWaiting: false, older: 0 });
    expect(await version()).toEqual({ version: 4, compatibleSince: 4 });
    await expect(bringForward(place, WIDER)).rejects.toBeInstanceOf(OtherSchema);
    await newer.release();
  });

  test("are left as they are where an earlier service could not go on and this one could not begin", async () => {
    await bringForward(place, FIRST);
    const alone: readonly PostgresMigration[] = [...FIRST, { kind: "alone", sql: `DROP TABLE "item"` }];
    // One of a program from before versions were told.
    const older = await using(0);
    await expect(bringForward(place, alone)).rejects.toBeInstanceOf(OlderServices);
    expect(await version()).toEqual({ version: 1, compatibleSince: 1 });
    await older.release();
    await expect.poll(() => bringForward(place, alone)).toEqual({ isWaiting: false, older: 0 });
  });

  test("are brought forward once by all that start together, with an index that a process left half made", async () => {
    await bringForward(place, WIDER.slice(0, 2));
    await asked(async (client) => {
      await client.query(`INSERT INTO "item" VALUES (1, 'a', 'x'), (2, 'b', 'x')`);
      const unique = client.query(`CREATE UNIQUE INDEX CONCURRENTLY "itemPlace" ON "item" ("place")`);
      await expect(unique).rejects.toThrow(/unique/);
    });
    const ends = await Promise.all([1, 2, 3].map(() => bringForward(place, WIDER)));
    expect(ends).toEqual([1, 2, 3].map(() => ({ isWaiting: false, older: 0 })));
    const { rows } = await asked((client) =>
      client.query(`SELECT indisvalid, indisunique FROM pg_index WHERE indexrelid = '"itemPlace"'::regclass`),
    );
    expect(rows).toEqual([{ indisvalid: true, indisunique: false }]);
  });

  test(
    "keep nobody waiting who reads while a long statement keeps them waiting",
    { timeout: 60_000 },
    async () => {
      await bringForward(place, FIRST);
      const long = new pg.Client(clientSettings(place));
      await long.connect();
      await long.query(`BEGIN; SELECT * FROM "item"`);
      const forward = bringForward(place, WIDER);
      await wait(500);
      const beganMs = performance.now();
      await asked((client) => client.query(`SELECT * FROM "item"`));
      expect(performance.now() - beganMs).toBeLessThan(10_000);
      await long.query("COMMIT");
      expect(await forward).toEqual({ isWaiting: false, older: 0 });
      await long.end();
    },
  );

  test("that got narrower while the connection of an earlier service was lost end it", async () => {
    await bringForward(place, FIRST);
    const displaced = Promise.withResolvers<void>();
    const older = await SchemaUse.take({
      ...{ place, patienceMs: 0, knownVersion: 3 },
      displaced: () => displaced.resolve(),
    });
    await asked((client) =>
      client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      ),
    );
    expect(await bringForward(place, NARROWER, true)).toEqual({ isWaiting: false, older: 0 });
    await displaced.promise;
    await older?.release();
  });
});
