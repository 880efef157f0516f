import { BlockBlobClient } from "@azure/storage-blob";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSiteFolder } from "../site-folder.ts";
import { TestSite } from "../test-console/test-site.ts";

const HOUR_MS = 3_600_000;
let nowUtcMs: number;
let site: TestSite;
beforeEach(async () => {
  nowUtcMs = Date.now();
  // The blob client signs nothing with the clock; tokens and addresses live as long as the test needs.
  const settings = { accessTokenS: 72 * 3_600, uploadAddressMs: 72 * HOUR_MS };
  site = await TestSite.start({ now: () => nowUtcMs, settings });
});
afterEach(async () => {
  await site.stop();
});

test("what is not completed within 24 hours is purged with its bytes, and the trail says so", async () => {
  const { EvidenceId } = await site.createEvidence({ ExternalId: "once" });
  const { Uri, ResourceId } = await site.uploadAddress(EvidenceId);
  await new BlockBlobClient(Uri).stageBlock(btoa("0"), Buffer.alloc(1_000), 1_000);
  nowUtcMs += 24 * HOUR_MS - 1;
  expect(await site.service.purge()).toEqual([]);
  nowUtcMs += 1;
  expect(await site.service.purge()).toEqual([EvidenceId]);
  const gone = await site.call("GET", `/documents/api/v1/tenant/TENANT/evidence/${EvidenceId}`);
  expect(gone.status).toBe(404);
  await expect.poll(() => readdir(join(site.dir, "blobs"))).not.toContain(ResourceId);
  const again = await site.createEvidence({ ExternalId: "once" });
  expect(again.EvidenceId).not.toBe(EvidenceId);

  const { db } = await openSiteFolder(site.dir);
  const entries = await db.selectFrom("audit").select("entryJson").execute();
  await db.destroy();
  const purged = entries
    .map(({ entryJson }) => entryJson)
    .filter((entry) => entry.includes("EVIDENCE_PURGED"));
  expect(purged).toHaveLength(1);
  expect(purged[0]).toContain(EvidenceId);
});
