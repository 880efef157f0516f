/** `npm run proofs -- keys`: two services whose keys are replaced while consoles send, and one is killed at each step. */
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { retireOldKeys, rotateKeys } from "#evidence-service/administration/rotate-keys.ts";
import { auditReport } from "#evidence-service/audit/audit-report.ts";
import { KEYS_FILE } from "#evidence-service/site/site-folder.ts";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { rowsOf } from "#evidence-service/testing/rows.ts";
import { giveRole } from "#evidence-service/testing/test-site.ts";
import { ObjectStore } from "../conformance/object-store.ts";
import { Consoles } from "./consoles.ts";
import { SeveralServices } from "./several-services.ts";

const isLong = process.env["EVIDENCE_DESK_LONG_TESTS"] === "1";
// Nobody ends what a file of skipped tests alone has started.
const cluster = isLong ? await PostgresCluster.start() : null;
const store = isLong ? await ObjectStore.forTests() : { missing: "" };
const isMissing = cluster === null || "missing" in store;
const missing = isMissing ? " (skipped: PostgreSQL or the object store is not installed)" : "";
const why = isLong ? missing : " (skipped: npm run proofs -- keys)";
afterAll(async () => {
  await cluster?.stop();
  if (!("missing" in store)) await store.close();
});

const LOOKS_EVERY_MS = 5_000;
const SENDS_FOR_MS = 12_000;

test.skipIf(isMissing || !isLong)(
  `keys of two services are replaced while consoles send, with a service killed at each step: nothing is lost${why}`,
  { timeout: 600_000 },
  async () => {
    if (cluster === null || "missing" in store) return;
    const folder = await mkdtemp(join(tmpdir(), "replaced-keys-"));
    const metadata = { url: cluster.url, schema: "keys" };
    const s3 = await store.makeBucket("keys");
    const all = await SeveralServices.start(2, folder, { metadata, s3 });
    onTestFinished(async () => {
      await all.stop();
      await rm(folder, { recursive: true, force: true });
    });
    const [one, two] = all.services;
    if (one === undefined || two === undefined) throw new Error("There are two.");
    await giveRole(one.dir, "integration");
    const consoles = await Consoles.start(2, { url: all.front.url, connectionFile: one.connectionFile });
    const killed = async (service: typeof one): Promise<void> => {
      await service.kill();
      await service.restart();
      await all.passToAll();
    };
    const used = async () =>
      (await rowsOf<{ keyId: string }>(one.dir, "SELECT keyId FROM contentKey")).map(({ keyId }) => keyId);
    const sending = consoles.sendUntil(performance.now() + SENDS_FOR_MS);
    await expect.poll(() => consoles.sent.length, { timeout: 60_000 }).toBeGreaterThan(0);
    const [before = ""] = await used();

    await rotateKeys(one.dir, null);
    await killed(one);
    await wait(LOOKS_EVERY_MS);
    expect(new Set(await used())).toEqual(new Set([before]));
    await copyFile(join(one.dir, KEYS_FILE), join(two.dir, KEYS_FILE));
    await killed(two);
    await expect
      .poll(async () => (await used()).some((keyId) => keyId !== before), { timeout: 60_000 })
      .toBe(true);
    // In the midst of what wraps the others anew, which the other one goes on with.
    await killed(one);
    await sending;

    expect(consoles.failures).toEqual([]);
    expect(await consoles.notAvailable({ standsStillMs: 120_000 })).toEqual([]);
    await expect.poll(async () => (await used()).includes(before), { timeout: 120_000 }).toBe(false);
    for (const { dir } of all.services) {
      const told = await retireOldKeys(dir, { atOnce: true });
      expect(
        told.every((line) => line.startsWith("Retired")),
        told.join("\n"),
      ).toBe(true);
    }
    for (const service of all.services) await killed(service);
    const after = consoles.sent.length;
    await consoles.sendUntil(performance.now() + 2_000);
    expect(consoles.sent.length).toBeGreaterThan(after);
    expect(await consoles.notAvailable({ standsStillMs: 120_000 })).toEqual([]);
    expect(consoles.failures).toEqual([]);
    for (const { dir } of all.services) {
      const { lines, isWhole } = await auditReport(dir);
      expect(isWhole, lines.join("\n")).toBe(true);
    }
    await consoles.stop();
  },
);
