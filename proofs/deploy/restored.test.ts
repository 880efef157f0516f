/** A database that was set back under several services: docs/guides/many-machines.md says what to do on each machine. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { rootFolder } from "#dev/launch/run-program.mjs";
import { auditReport } from "#evidence-service/audit/audit-report.ts";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { TestSite } from "#evidence-service/testing/test-site.ts";
import { ObjectStore } from "../conformance/object-store.ts";
import type { ServiceProcess } from "../crash-matrix/service-process.ts";
import { guideLines, runLines } from "../guides/guide-lines.ts";
import { SeveralServices } from "../several-services/several-services.ts";

const run = promisify(execFile);
const SCHEMA = "set_back";
const cluster = await PostgresCluster.start();
const store = await ObjectStore.forTests();
const isMissing = cluster === null || "missing" in store;
afterAll(async () => {
  await cluster?.stop();
  if (!("missing" in store)) await store.close();
});

const saysRestored = async ({ dir }: ServiceProcess): Promise<void> => {
  const lines = await guideLines("many-machines.md", "sh restored");
  const { status, output } = await runLines(lines, rootFolder, { FOLDER: dir });
  expect(status, output).toBe(0);
};

test.skipIf(isMissing)(
  `a database that was set back is said on each machine, and then the trail is whole at all${isMissing ? " (skipped: PostgreSQL or the object store is not installed)" : ""}`,
  { timeout: 240_000 },
  async () => {
    if (cluster === null || "missing" in store) return;
    const folder = await mkdtemp(join(tmpdir(), "set-back-"));
    const metadata = { url: cluster.url, schema: SCHEMA };
    const all = await SeveralServices.start(2, folder, { metadata, s3: await store.makeBucket("set-back") });
    onTestFinished(async () => {
      await all.stop();
      await rm(folder, { recursive: true, force: true });
    });
    const [one, two] = all.services;
    if (one === undefined || two === undefined) throw new Error("There are two.");
    const site = TestSite.attach(one.dir, all.front.url, one.connectionFile);
    await site.createEvidence();
    const dump = join(folder, "dump");
    await run("pg_dump", [cluster.url, "--format=custom", `--schema=${SCHEMA}`, `--file=${dump}`]);
    await site.createEvidence();
    // Each signs how far the trail has come.
    await one.end();
    await two.end();
    await run("psql", [cluster.url, "--command", `DROP SCHEMA ${SCHEMA} CASCADE`]);
    await run("pg_restore", [`--dbname=${cluster.url}`, "--exit-on-error", dump]);

    await saysRestored(one);
    await expect(two.restart()).rejects.toThrow("before it was ready");
    await saysRestored(two);
    await one.restart();
    await two.restart();
    for (const { dir } of all.services) expect(await auditReport(dir)).toMatchObject({ isWhole: true });
  },
);
