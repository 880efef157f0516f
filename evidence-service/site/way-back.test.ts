import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { bringForward, type PostgresMigration } from "../storage/postgres/bring-forward.ts";
import { SchemaUse } from "../storage/postgres/schema-use.ts";
import { readVersion } from "../storage/postgres/schema-version.ts";
import { PostgresCluster } from "../testing/postgres-cluster.ts";
import { WayBack } from "./way-back.ts";

const cluster = await PostgresCluster.start();
if (cluster === null) console.log("The way back on PostgreSQL is not tested: it is not installed.");
afterAll(() => cluster?.stop());

const HOUR_MS = 3_600_000;
const MIGRATIONS: readonly PostgresMigration[] = [
  { kind: "alone", sql: `CREATE TABLE "item" ("id" integer PRIMARY KEY, "name" text)` },
  { kind: "contract", sql: `ALTER TABLE "item" DROP COLUMN "name"` },
];

test.skipIf(cluster === null)(
  "the way back stays open for a day without a service of an earlier version, and one that is seen begins it anew",
  async () => {
    const place = { kind: "postgres", url: cluster?.url ?? "", schema: "back", hasOthers: true } as const;
    await bringForward(place, MIGRATIONS);
    let nowMs = 0;
    const wayBack = new WayBack(place, () => nowMs, MIGRATIONS);
    const versionAfter = async (hours: number) => {
      nowMs += hours * HOUR_MS;
      await wayBack.look();
      const client = new pg.Client({ connectionString: place.url, options: "-c search_path=back" });
      await client.connect();
      const found = await readVersion(client);
      await client.end();
      return found?.version;
    };
    expect(await versionAfter(0)).toBe(1);
    expect(await versionAfter(23)).toBe(1);
    const parts = { place, patienceMs: 0, displaced: () => undefined, knownVersion: 1 };
    const earlier = await SchemaUse.take(parts);
    expect(await versionAfter(0.5)).toBe(1);
    await earlier?.release();
    await expect.poll(async () => (await bringForward(place, MIGRATIONS)).older).toBe(0);
    expect(await versionAfter(1)).toBe(1);
    expect(await versionAfter(23)).toBe(1);
    expect(await versionAfter(1)).toBe(2);
  },
);
