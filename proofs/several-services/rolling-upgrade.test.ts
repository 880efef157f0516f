/**
 * Two services are brought to a later version one after the other, and back, while consoles send. The later version is
 * this program with three migrations more: that its code differs is what `npm run proofs -- upgrade COMMIT` is for.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { bringForward } from "#evidence-service/storage/postgres/bring-forward.ts";
import { compatibleSince } from "#evidence-service/storage/migration.ts";
import { POSTGRES_MIGRATIONS } from "#evidence-service/storage/postgres/postgres-schema.ts";
import { readVersion } from "#evidence-service/storage/postgres/schema-version.ts";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { giveRole } from "#evidence-service/testing/test-site.ts";
import pg from "pg";
import { ObjectStore } from "../conformance/object-store.ts";
import { ServiceProcess } from "../crash-matrix/service-process.ts";
import { Consoles } from "./consoles.ts";
import { LATER_MIGRATIONS } from "./later-migrations.ts";
import { SeveralServices } from "./several-services.ts";

const LATER = fileURLToPath(new URL("./later-service.test-process.ts", import.meta.url));
const SENDS_FOR_MS = 6_000;
const known = POSTGRES_MIGRATIONS.length;

const cluster = await PostgresCluster.start();
const store = await ObjectStore.forTests();
const isMissing = cluster === null || "missing" in store;
const why = isMissing ? " (skipped: PostgreSQL or the object store is not installed)" : "";
afterAll(async () => {
  await cluster?.stop();
  if (!("missing" in store)) await store.close();
});

test.skipIf(isMissing)(
  `services of two versions work on the same tables, forward and back, and an earlier one is refused at the end${why}`,
  { timeout: 600_000 },
  async () => {
    if (cluster === null || "missing" in store) return;
    const folder = await mkdtemp(join(tmpdir(), "rolling-upgrade-"));
    const metadata = { url: cluster.url, schema: "rolling" };
    const all = await SeveralServices.start(2, folder, { metadata, s3: await store.makeBucket("rolling") });
    const [one, two] = all.services;
    if (one === undefined || two === undefined) throw new Error("There are two.");
    const started: ServiceProcess[] = [];
    onTestFinished(async () => {
      for (const service of started) await service.kill();
      await all.stop();
      await rm(folder, { recursive: true, force: true });
    });
    await giveRole(one.dir, "integration");
    const consoles = await Consoles.start(2, { url: all.front.url, connectionFile: one.connectionFile });
    const version = async () => {
      const client = new pg.Client({ connectionString: cluster.url, options: "-c search_path=rolling" });
      await client.connect();
      const found = await readVersion(client);
      await client.end();
      return found;
    };
    const later = async ({ dir }: ServiceProcess): Promise<ServiceProcess> => {
      const service = await ServiceProcess.startMade(dir, [LATER]);
      started.push(service);
      return service;
    };

    const sending = consoles.sendUntil(performance.now() + SENDS_FOR_MS);
    await two.kill();
    const laterTwo = await later(two);
    all.front.targets = [one.target, laterTwo.target];
    // Wider, and not narrower yet: an earlier one is there.
    expect(await version()).toEqual({
      version: known + 2,
      compatibleSince: compatibleSince(POSTGRES_MIGRATIONS, known),
    });
    // Back to the earlier version, which goes on with the later tables.
    await laterTwo.kill();
    await two.restart();
    await all.passToAll();
    await sending;
    await two.kill();
    const laterTwoAgain = await later(two);
    await one.kill();
    const laterOne = await later(one);
    all.front.targets = [laterOne.target, laterTwoAgain.target];
    // As the service itself does it a day later.
    const place = { ...metadata, hasOthers: true };
    const migrations = [...POSTGRES_MIGRATIONS, ...LATER_MIGRATIONS];
    expect(await bringForward(place, migrations, true)).toEqual({ isWaiting: false, older: 0 });
    expect(await version()).toEqual({ version: known + 3, compatibleSince: known + 3 });
    await consoles.sendUntil(performance.now() + 1_000);
    expect(consoles.failures).toEqual([]);
    expect(consoles.sent.length).toBeGreaterThan(2);
    expect(await consoles.notAvailable({ standsStillMs: 120_000 })).toEqual([]);
    // SCHEMA_LATER: it ends before it says that it is ready.
    await laterOne.kill();
    await expect(one.restart()).rejects.toThrow();
    await consoles.stop();
  },
);
