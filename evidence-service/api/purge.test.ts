import { BlockBlobClient } from "@azure/storage-blob";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSiteFolder } from "../site/site-folder.ts";
import { TestSite } from "../testing/test-site.ts";

const HOUR_MS = 3_600_000;
let nowUtcMs: number;
let passedMs: number;
let site: TestSite;
beforeEach(async () => {
  nowUtcMs = Date.now();
  passedMs = 5_000;
  // The blob client signs nothing with the clock; tokens and addresses live as long as the test needs.
  const settings = { accessTokenS: 72 * 3_600, uploadAddressMs: 72 * HOUR_MS };
  site = await TestSite.start({ now: () => nowUtcMs, passedMs: () => passedMs, settings });
});
afterEach(async () => {
  await site.stop();
});

/** As the service watches them pass: a look every ten minutes. */
async function pass(ms: number): Promise<string[]> {
  const purged: string[] = [];
  for (let left = ms; left > 0; left -= 600_000) {
    passedMs += Math.min(left, 600_000);
    nowUtcMs += Math.min(left, 600_000);
    purged.push(...(await site.service.purge()));
  }
  return purged;
}

async function trail(action: string): Promise<string[]> {
  const { db } = await openSiteFolder(site.dir);
  const entries = await db.selectFrom("audit").select("entryJson").execute();
  await db.destroy();
  return entries.map(({ entryJson }) => entryJson).filter((entry) => entry.includes(action));
}

test("what nobody completes is purged after 24 hours in which nothing came, with its bytes, and the trail says so", async () => {
  const { EvidenceId } = await site.createEvidence({ ExternalId: "once" });
  const { Uri, ResourceId } = await site.uploadAddress(EvidenceId);
  await new BlockBlobClient(Uri).stageBlock(btoa("0"), Buffer.alloc(1_000), 1_000);
  expect(await site.service.purge()).toEqual([]);
  expect(await pass(24 * HOUR_MS - 1)).toEqual([]);
  expect(await pass(1)).toEqual([EvidenceId]);
  const gone = await site.call("GET", `/documents/api/v1/tenant/TENANT/evidence/${EvidenceId}`);
  expect(gone.status).toBe(404);
  await expect.poll(() => readdir(join(site.dir, "blobs"))).not.toContain(ResourceId);
  const again = await site.createEvidence({ ExternalId: "once" });
  expect(again.EvidenceId).not.toBe(EvidenceId);

  const purged = await trail("EVIDENCE_PURGED");
  expect(purged).toHaveLength(1);
  expect(purged[0]).toContain(EvidenceId);
});

test("what comes to a purged file at an address that is still good is refused, and leaves nothing", async () => {
  const { EvidenceId } = await site.createEvidence();
  const { Uri, ResourceId } = await site.uploadAddress(EvidenceId);
  const client = new BlockBlobClient(Uri);
  await client.stageBlock(btoa("0"), "x", 1);
  await site.service.purge();
  expect(await pass(24 * HOUR_MS)).toEqual([EvidenceId]);
  await expect.poll(() => readdir(join(site.dir, "blobs"))).not.toContain(ResourceId);
  const late = [
    () => client.stageBlock(btoa("1"), "late", 4),
    () => client.upload("late", 4),
    () => client.commitBlockList([]),
  ];
  for (const write of late) {
    await expect(write()).rejects.toMatchObject({ statusCode: 404, code: "ResourceNotFound" });
  }
  expect(await readdir(join(site.dir, "blobs"))).not.toContain(ResourceId);
  // As long as an address of it may be good, and a body that began with it may be under way.
  expect(await purgedFiles()).toEqual([ResourceId]);
  await pass(72 * HOUR_MS);
  expect(await purgedFiles()).toEqual([ResourceId]);
  await pass(6 * HOUR_MS);
  expect(await purgedFiles()).toEqual([]);
});

async function purgedFiles(): Promise<string[]> {
  const { db } = await openSiteFolder(site.dir);
  const rows = await db.selectFrom("purgedBlob").select("blobName").execute();
  await db.destroy();
  return rows.map(({ blobName }) => blobName);
}

test("a clock that leaps purges nothing, forth or back, and the trail says once what is kept", async () => {
  const { EvidenceId } = await site.createEvidence();
  await site.service.purge();
  nowUtcMs += 40 * 24 * HOUR_MS;
  expect(await pass(HOUR_MS)).toEqual([]);
  nowUtcMs -= 80 * 24 * HOUR_MS;
  expect(await pass(HOUR_MS)).toEqual([]);
  const kept = await trail("EVIDENCE_KEPT");
  expect(kept).toHaveLength(1);
  expect(kept[0]).toContain(EvidenceId);
});

test("a machine that slept for a week purges nothing when it wakes", async () => {
  await site.createEvidence();
  await site.service.purge();
  passedMs += 7 * 24 * HOUR_MS;
  expect(await site.service.purge()).toEqual([]);
});

test("an upload that makes progress is never purged, however long it takes", async () => {
  const { EvidenceId } = await site.createEvidence();
  const { Uri } = await site.uploadAddress(EvidenceId);
  const blob = new BlockBlobClient(Uri);
  for (const [day, lengthBytes] of [2_000_000, 100, 100].entries()) {
    // A slow line brings little beside what is there already.
    await blob.stageBlock(btoa(`block ${day}`), Buffer.alloc(lengthBytes), lengthBytes);
    expect(await pass(20 * HOUR_MS)).toEqual([]);
  }
  // Said once, though it is older than a day again and again.
  const kept = await trail("EVIDENCE_KEPT");
  expect(kept).toHaveLength(1);
  expect(kept[0]).toContain(EvidenceId);
  await site.restart();
  // How long nothing came is kept over a restart.
  passedMs = 0;
  expect(await pass(5 * HOUR_MS)).toEqual([EvidenceId]);
});
