import { randomBytes } from "node:crypto";
import { createHash } from "node:crypto";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditReport } from "../audit/audit-report.ts";
import { encryptCbc, encryptGcm, type EncryptedFile } from "../testing/encrypt.ts";
import { TestSite } from "../testing/test-site.ts";

let site: TestSite;

beforeAll(async () => {
  site = await TestSite.start();
});
afterAll(() => site.stop());

async function sent(file: EncryptedFile) {
  const { EvidenceId } = await site.createEvidence();
  const about = { MimeType: "application/octet-stream" };
  const { Uri, ResourceId } = await site.uploadAddress(EvidenceId, about);
  await new BlockBlobClient(Uri).uploadData(file.bytes, { metadata: file.metadata });
  return { EvidenceId, ResourceId };
}

async function completed(file: EncryptedFile) {
  const { EvidenceId, ResourceId } = await sent(file);
  expect((await site.completeResource(EvidenceId, ResourceId)).status).toBe(200);
  const sha512 = createHash("sha512").update(file.bytes).digest("hex");
  return { EvidenceId, answer: await site.completeEvidence(EvidenceId, { [ResourceId]: sha512 }) };
}

function changed(file: EncryptedFile, at: number): EncryptedFile {
  const bytes = Buffer.from(file.bytes);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return { ...file, bytes };
}

test("a file that can never be decrypted is refused, whatever its checksum, and never becomes available", async () => {
  const key = await site.publicKey();
  const gcm = encryptGcm(randomBytes(3_000_000), key, 1_000_000);
  const { length } = gcm.bytes;
  const cbc = encryptCbc(randomBytes(1_000), key);
  const files = {
    "a changed byte in the middle": changed(gcm, 1_500_000),
    "a changed tag at the end": changed(gcm, length - 1),
    "a changed nonce": changed(gcm, 1_000_028 * 2 + 11),
    "an end cut off": { ...gcm, bytes: gcm.bytes.subarray(0, length - 5) },
    "CBC that is no whole blocks": { ...cbc, bytes: cbc.bytes.subarray(0, 1_001) },
  };
  for (const [what, file] of Object.entries(files)) {
    const { EvidenceId, answer } = await completed(file);
    expect.soft(answer, what).toMatchObject({ status: 409, body: { code: "FILE_UNREADABLE" } });
    expect.soft((await site.readEvidence(EvidenceId)).LifecycleState, what).toBe("Failed");
  }
  expect(await auditReport(site.dir)).toMatchObject({ isWhole: true });
});

test("a file of nothing has no regions, and is read", async () => {
  const { answer } = await completed(encryptGcm(Buffer.alloc(0), await site.publicKey(), 4_096));
  expect(answer).toMatchObject({ status: 200 });
});

test("regions that take longer to check than their bytes are refused before any is; a short one alone is none", async () => {
  const key = await site.publicKey();
  const { EvidenceId, ResourceId } = await sent(encryptGcm(randomBytes(4_096), key, 4_095));
  expect(await site.completeResource(EvidenceId, ResourceId)).toMatchObject({
    status: 409,
    body: { code: "REGIONS_TOO_SHORT" },
  });
  expect((await completed(encryptGcm(randomBytes(9), key, 9))).answer).toMatchObject({ status: 200 });
});
