/** Dumps of a server that hangs in the midst of them, and of one that only lets them wait. */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { PostgresCluster } from "../testing/postgres-cluster.ts";
import { SilentProxy } from "../testing/silent-proxy.ts";
import { dumpMetadata, restoreMetadata } from "./postgres-dump.ts";

const SUSPECTED_AFTER_MS = 200;

const cluster = await PostgresCluster.start();
if (cluster === null)
  console.log("Dumps of a server that hangs are not tested: PostgreSQL is not installed.");
afterAll(() => cluster?.stop());

describe.skipIf(cluster === null)("a dump", () => {
  let folder: string;
  let dump: string;
  let line: SilentProxy;
  let place: { url: string; schema: string; suspectedAfterMs: number };
  /** Somebody who changes a table, so that a dump waits for it. */
  let other: pg.Client;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "postgres-dump-"));
    dump = join(folder, "metadata.dump");
    line = await SilentProxy.start({ port: Number(new URL(cluster?.url ?? "").port) });
    const url = `postgresql://app@127.0.0.1:${line.port}/postgres`;
    place = { url, schema: "dumped", suspectedAfterMs: SUSPECTED_AFTER_MS };
    other = new pg.Client({ connectionString: cluster?.url });
    await other.connect();
    await other.query("CREATE SCHEMA dumped; CREATE TABLE dumped.one (value text)");
  });
  afterEach(async () => {
    await other.query("ROLLBACK; DROP SCHEMA dumped CASCADE");
    await other.end();
    await line.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const lock = () => other.query("BEGIN; LOCK TABLE dumped.one IN ACCESS EXCLUSIVE MODE");
  const waiting = () =>
    expect
      .poll(async () => (await other.query("SELECT 1 FROM pg_locks WHERE NOT granted")).rows)
      .toHaveLength(1);

  test("waits as long as it takes for a server that answers others", async () => {
    await lock();
    const dumping = dumpMetadata(place, dump);
    await waiting();
    await other.query("SELECT pg_sleep($1)", [(8 * SUSPECTED_AFTER_MS) / 1_000]);
    await other.query("COMMIT");
    await dumping;
    expect((await stat(dump)).size).toBeGreaterThan(0);
  });

  test("is given up in the midst of it where the server hangs, and so is a restore", async () => {
    await dumpMetadata(place, dump);
    await lock();
    const dumping = dumpMetadata(place, join(folder, "second.dump"));
    const hangs = expect(dumping).rejects.toMatchObject({
      code: "POSTGRES_UNREACHABLE",
      message: expect.stringContaining("pg_dump was ended"),
    });
    await waiting();
    line.goSilent();
    await hangs;
    await expect(restoreMetadata(place, dump)).rejects.toMatchObject({
      code: "POSTGRES_UNREACHABLE",
      message: expect.stringContaining("pg_restore was ended"),
    });
  });
});
