import { hostname } from "node:os";
import pg from "pg";
import { afterAll, describe, expect, test } from "vitest";
import { PostgresCluster } from "../../testing/postgres-cluster.ts";
import { schemaKey } from "./postgres-place.ts";
import { SchemaUse } from "./schema-use.ts";

const cluster = await PostgresCluster.start();
if (cluster === null) console.log("Who uses a schema of PostgreSQL is not tested: it is not installed.");
afterAll(() => cluster?.stop());

describe.skipIf(cluster === null)("the use of a schema", () => {
  const take = (schema: string, hasOthers: boolean) =>
    SchemaUse.take({
      place: { url: cluster?.url ?? "", schema, hasOthers },
      ...{ patienceMs: 0, displaced: () => undefined },
    });
  const taken = async (schema: string, hasOthers: boolean): Promise<SchemaUse> => {
    const use = await take(schema, hasOthers);
    if (use === null) throw new Error("It is in use.");
    return use;
  };

  test("is one's alone, or several's that all say so, and never both", async () => {
    const alone = await taken("one", false);
    expect(await take("one", false)).toBeNull();
    expect(await take("one", true)).toBeNull();
    expect(await alone.hasTurn()).toBe(true);
    await alone.release();
    const several = [await taken("one", true), await taken("one", true)];
    expect(await take("one", false)).toBeNull();
    for (const use of several) await use.release();
  });

  test("of several one has the turn to do what only one may, and the next one when that ends", async () => {
    const several = [await taken("many", true), await taken("many", true), await taken("many", true)];
    const [first, ...others] = several;
    // As the tasks of a service ask, all at once.
    const asked = await Promise.all([first?.hasTurn(), first?.hasTurn(), first?.hasTurn()]);
    expect(asked).toEqual([true, true, true]);
    for (const other of others) expect(await other.hasTurn()).toBe(false);
    await first?.release();
    await expect.poll(async () => Promise.all(others.map((other) => other.hasTurn()))).toContain(true);
    expect((await Promise.all(others.map((other) => other.hasTurn()))).filter(Boolean)).toHaveLength(1);
    for (const other of others) await other.release();
  });

  test("is told of to each of them, by machine and process", async () => {
    const [one, two] = [await taken("told", true), await taken("told", true)];
    // As a program from before that told no name.
    const earlier = new pg.Client({ connectionString: cluster?.url, application_name: "evidence-service" });
    await earlier.connect();
    const lock = "SELECT pg_advisory_lock_shared($1)";
    await earlier.query(lock, [schemaKey("only", "told")]);
    const name = `${hostname()} (process ${process.pid})`;
    const users = async (use: SchemaUse) => (await use.users()).map((user) => [user.name, user.isThis]);
    expect(await users(two)).toEqual([
      [name, false],
      [name, true],
      ["An earlier version", false],
    ]);
    await earlier.end();
    await two.release();
    await expect.poll(() => users(one)).toEqual([[name, true]]);
    await one.release();
  });
});
