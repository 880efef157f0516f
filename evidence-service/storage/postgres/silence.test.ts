/** Databases that are there and of no use: one that says nothing, and one that takes no changes. */
import { afterAll, describe, expect, test } from "vitest";
import pg from "pg";
import { SilentProxy } from "../../testing/silent-proxy.ts";
import { PostgresCluster } from "../../testing/postgres-cluster.ts";
import { MetadataUnreachable } from "../metadata-unreachable.ts";
import { bringForward } from "./bring-forward.ts";
import { openPostgresMetadata } from "./postgres-metadata.ts";
import { clientSettings, HELD_UP, KEPT_ALIVE, schemaKey } from "./postgres-place.ts";
import { POSTGRES_MIGRATIONS } from "./postgres-schema.ts";
import { SchemaUse } from "./schema-use.ts";
import { WatchedClient } from "./watched-client.ts";

const SUSPECTED_AFTER_MS = 400;

const cluster = await PostgresCluster.start();
if (cluster === null)
  console.log("A database that does not answer is not tested: PostgreSQL is not installed.");
afterAll(() => cluster?.stop());

describe.skipIf(cluster === null)("a database that does not answer", () => {
  const port = Number(new URL(cluster?.url ?? "postgresql://a:1").port);
  async function lineTo(schema: string) {
    const proxy = await SilentProxy.start({ port });
    const url = `postgresql://app@127.0.0.1:${proxy.port}/postgres`;
    return { proxy, place: { url, schema, suspectedAfterMs: SUSPECTED_AFTER_MS } };
  }

  test("is away within seconds for all who wait, ends as fast, and is used again once it answers", async () => {
    const { proxy, place } = await lineTo("silent");
    const db = await openPostgresMetadata(place, () => undefined);
    const use = await SchemaUse.take({
      ...{ place, patienceMs: 0 },
      displaced: () => expect.fail("The lock of our own lost connection was taken for another's."),
    });
    const read = () => db.selectFrom("setting").selectAll().execute();
    const write = (name: string) => db.insertInto("setting").values({ name, value: "1" }).execute();
    await Promise.all([read(), write("before")]);
    const longest = new WatchedClient({ ...clientSettings(place), ...HELD_UP });
    await longest.connect();
    // What only takes long goes on: the database answers others.
    const long = longest.query("SELECT pg_sleep(1)");
    await expect(long).resolves.toBeDefined();
    proxy.goSilent();
    const beganMs = performance.now();
    const waiting = [
      read(),
      write("a"),
      write("b"),
      write("c"),
      use?.users() ?? Promise.reject(new Error("The schema is in use.")),
    ];
    const ends = await Promise.allSettled(waiting);
    expect(ends.map((end) => end.status === "rejected" && end.reason instanceof MetadataUnreachable)).toEqual(
      ends.map(() => true),
    );
    await longest.end();
    expect(performance.now() - beganMs).toBeLessThan(10 * SUSPECTED_AFTER_MS);
    proxy.letNewOnesThrough();
    await expect.poll(() => read().catch(() => []), { timeout: 5_000 }).toHaveLength(1);
    await expect.poll(() => use?.users().catch(() => []), { timeout: 5_000 }).toHaveLength(1);
    await use?.release();
    await db.destroy();
    await proxy.stop();
  });

  test("keeps nobody waiting who brings its tables forward", async () => {
    const other = new pg.Client({ connectionString: cluster?.url });
    await other.connect();
    await other.query("SELECT pg_advisory_lock($1)", [schemaKey("write", "forward")]);
    const { proxy: line, place: there } = await lineTo("forward");
    const forward = bringForward(there, POSTGRES_MIGRATIONS).catch((error: unknown) => error);
    const waits = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    await expect.poll(async () => (await other.query(waits)).rows).toHaveLength(1);
    line.goSilent();
    expect(await forward).toBeInstanceOf(MetadataUnreachable);
    await other.end();
    await line.stop();
  });

  test("keeps nobody waiting whose connection was just made", async () => {
    const { proxy, place } = await lineTo("made");
    const client = new WatchedClient(clientSettings(place));
    client.once("connect", () => proxy.goSilent());
    await expect(client.connect()).rejects.toMatchObject({ code: "ETIMEDOUT" });
    await proxy.stop();
  });

  test("has connections that find out on both sides that the other one is cut off", async () => {
    const client = new WatchedClient(clientSettings({ url: cluster?.url ?? "", schema: "public" }));
    await client.connect();
    const { rows } = await client.query<{ name: string; setting: string }>(
      "SELECT name, setting FROM pg_settings WHERE name ~ '^tcp_' ORDER BY name",
    );
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, Number(setting)]))).toEqual({
      tcp_keepalives_count: KEPT_ALIVE.times,
      tcp_keepalives_idle: KEPT_ALIVE.idleS,
      tcp_keepalives_interval: KEPT_ALIVE.everyS,
      tcp_user_timeout: KEPT_ALIVE.unacknowledgedMs,
    });
    await client.end();
  });
});

describe.skipIf(cluster === null)("a database that takes no changes", () => {
  test("is away until it takes them, also on connections that were there before", async () => {
    const place = { url: cluster?.url ?? "", schema: "standby" };
    const db = await openPostgresMetadata(place, () => undefined);
    const write = (name: string) => db.insertInto("setting").values({ name, value: "1" }).execute();
    const away = { name: "Error", cause: { code: "25006" } };
    const administrator = new pg.Client({ connectionString: place.url });
    await administrator.connect();
    const setReadOnly = async (value: "on" | "off") => {
      await administrator.query(`ALTER SYSTEM SET default_transaction_read_only = ${value}`);
      await administrator.query("SELECT pg_reload_conf()");
    };
    await write("a");
    await setReadOnly("on");
    await expect.poll(() => write(crypto.randomUUID()).catch((error: unknown) => error)).toMatchObject(away);
    // Its connection is given up, and none is made.
    await expect(db.selectFrom("setting").selectAll().execute()).rejects.toMatchObject(away);
    await setReadOnly("off");
    await expect.poll(() => write("b").then(() => "written", String)).toBe("written");
    await administrator.end();
    await db.destroy();
  });
});
