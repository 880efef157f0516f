import { BlockBlobClient } from "@azure/storage-blob";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { openSiteFolder } from "../site/site-folder.ts";
import { encryptGcm } from "../testing/encrypt.ts";
import { TestSite } from "../testing/test-site.ts";
import { auditReport } from "./audit-report.ts";

let site: TestSite;
beforeEach(async () => {
  site = await TestSite.start();
});
afterEach(() => site.stop());

const entrySchema = z.object({
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.object({
    encryption: z.string().nullish(),
    encryptionBefore: z.string().nullish(),
    encryptionProtocol: z.string().nullish(),
  }),
});

/** Entries of a file, and the whole trail as text. */
async function trail(resourceId: string): Promise<{ entries: z.infer<typeof entrySchema>[]; text: string }> {
  const { db } = await openSiteFolder(site.dir);
  const rows = await db.selectFrom("audit").select("entryJson").orderBy("seq").execute();
  await db.destroy();
  const texts = rows.map(({ entryJson }) => entryJson);
  const own = texts.filter((text) => text.includes(`"subject":"${resourceId}"`));
  return { entries: own.map((text) => entrySchema.parse(JSON.parse(text))), text: texts.join("\n") };
}

test("what a file is decrypted with is an entry each time it is set, changed or taken away, and at the completion", async () => {
  const { EvidenceId } = await site.createEvidence();
  const { Uri, ResourceId } = await site.uploadAddress(EvidenceId);
  const blob = new BlockBlobClient(Uri);
  const key = await site.publicKey();
  const [first, second] = [encryptGcm(Buffer.alloc(9), key, 4_096), encryptGcm(Buffer.alloc(9), key, 4_096)];
  await blob.stageBlock(btoa("0"), first.bytes, first.bytes.length);
  await blob.commitBlockList([btoa("0")], { metadata: first.metadata });
  // Nothing is said of what stays as it was.
  await blob.setMetadata({ ...first.metadata, more: "of anything" });
  await blob.setHTTPHeaders({ blobContentType: "text/plain" });
  await blob.setMetadata(second.metadata);
  await blob.setMetadata({});
  await blob.upload(first.bytes, first.bytes.length, { metadata: first.metadata });
  expect((await site.completeResource(EvidenceId, ResourceId)).status).toBe(200);

  const { entries, text } = await trail(ResourceId);
  const [one, two] = [entries[1]?.detail.encryption, entries[2]?.detail.encryption];
  expect(one).toMatch(/^[0-9a-f]{64}$/);
  expect(two).toMatch(/^[0-9a-f]{64}$/);
  expect(two).not.toBe(one);
  const set = (encryption: unknown, encryptionBefore: unknown) => ({
    ...{ action: "ENCRYPTION_SET", actor: entries[0]?.actor, subject: ResourceId },
    detail: { encryption, encryptionBefore },
  });
  expect(entries).toMatchObject([
    { action: "RESOURCE_CREATED" },
    set(one, null),
    set(two, one),
    set(null, two),
    set(one, null),
    { action: "RESOURCE_COMPLETED", detail: { encryption: one, encryptionProtocol: "2.0" } },
  ]);
  for (const { metadata } of [first, second]) {
    const { EncryptedKey } = z
      .object({ WrappedContentKey: z.object({ EncryptedKey: z.string() }) })
      .parse(JSON.parse(metadata.encryptiondata)).WrappedContentKey;
    expect(text).not.toContain(EncryptedKey);
  }
  expect(await auditReport(site.dir)).toMatchObject({ isWhole: true });
});
