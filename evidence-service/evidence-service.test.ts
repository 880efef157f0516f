import { createHash, randomBytes } from "node:crypto";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { encryptGcm } from "./testing/encrypt.ts";
import { TestSite } from "./testing/test-site.ts";

const MIB = 1 << 20;
const blockId = (index: number): string => Buffer.from(String(index).padStart(6, "0")).toString("base64");

describe("receiving evidence", () => {
  let site: TestSite;
  beforeEach(async () => {
    site = await TestSite.start();
  });
  afterEach(async () => {
    await site.stop();
  });

  async function encryptedFile(lengthBytes = 3 * MIB + 17) {
    return encryptGcm(randomBytes(lengthBytes), await site.publicKey(), MIB);
  }

  test("a file staged in parallel with the official client survives a restart in between and reads back", async () => {
    const evidence = await site.createEvidence();
    const file = await encryptedFile();
    const created = await site.uploadAddress(evidence.EvidenceId, { ExternalId: "a" });
    const blob = new BlockBlobClient(created.Uri);
    const blocks = [0, 1, 2, 3].map((index) => file.bytes.subarray(index * MIB, (index + 1) * MIB));
    const stage = (client: BlockBlobClient, index: number) => {
      const block = blocks[index] ?? Buffer.alloc(0);
      const transactionalContentMD5 = createHash("md5").update(block).digest();
      return client.stageBlock(blockId(index), block, block.length, { transactionalContentMD5 });
    };
    await Promise.all([stage(blob, 0), stage(blob, 2), stage(blob, 1)]);

    await site.restart();
    const again = await site.uploadAddress(evidence.EvidenceId, { ExternalId: "a" });
    expect(again.ResourceId).toBe(created.ResourceId);
    const resumed = new BlockBlobClient(again.Uri);
    const staged = await resumed.getBlockList("uncommitted");
    const sizes = new Map(staged.uncommittedBlocks?.map(({ name, size }) => [name, size]));
    expect(sizes).toEqual(new Map([0, 1, 2].map((index) => [blockId(index), MIB])));
    await stage(resumed, 3);
    await resumed.commitBlockList([0, 1, 2, 3].map(blockId), { metadata: file.metadata });

    const completed = await site.completeResource(evidence.EvidenceId, created.ResourceId);
    expect(completed).toMatchObject({
      status: 200,
      body: { State: "UserCompleted", LengthBytes: file.bytes.length },
    });
    const reader = await site.reader(evidence.EvidenceId, created.ResourceId);
    expect((await reader.downloadToBuffer()).equals(file.bytes)).toBe(true);
    const range = await reader.downloadToBuffer(MIB - 5, 2 * MIB);
    expect(range.equals(file.bytes.subarray(MIB - 5, 3 * MIB - 5))).toBe(true);
    expect((await resumed.getProperties()).metadata).toEqual(file.metadata);
    expect((await resumed.getBlockList("all")).committedBlocks).toHaveLength(4);
  });

  test("a damaged block is refused, and a completed file can neither be changed nor deleted", async () => {
    const evidence = await site.createEvidence();
    const file = await encryptedFile(1_000);
    const { Uri, ResourceId } = await site.uploadAddress(evidence.EvidenceId);
    const blob = new BlockBlobClient(Uri);
    const wrong = { transactionalContentMD5: createHash("md5").update("other").digest() };
    await expect(blob.stageBlock(blockId(0), file.bytes, file.bytes.length, wrong)).rejects.toMatchObject({
      statusCode: 400,
      code: "Md5Mismatch",
    });
    await blob.uploadData(file.bytes, { metadata: file.metadata });
    await site.completeResource(evidence.EvidenceId, ResourceId);
    await expect(blob.uploadData(Buffer.from("forged"))).rejects.toMatchObject({
      code: "BlobImmutableDueToPolicy",
    });
    await expect(blob.setMetadata({})).rejects.toMatchObject({ code: "BlobImmutableDueToPolicy" });
    await expect(blob.delete()).rejects.toMatchObject({ statusCode: 403 });
    const forgedAddress = new BlockBlobClient(Uri.replace("sp=cw", "sp=rcw"));
    await expect(forgedAddress.getProperties()).rejects.toMatchObject({ statusCode: 403 });
    await expect(blob.downloadToBuffer()).rejects.toMatchObject({
      statusCode: 403,
      code: "AuthorizationPermissionMismatch",
    });
    const reader = await site.reader(evidence.EvidenceId, ResourceId);
    expect((await reader.downloadToBuffer()).equals(file.bytes)).toBe(true);
    await expect(reader.upload("x", 1)).rejects.toMatchObject({ statusCode: 403 });
  });

  test("a file that has not arrived or is not encrypted is not accepted", async () => {
    const evidence = await site.createEvidence();
    const { Uri, ResourceId } = await site.uploadAddress(evidence.EvidenceId);
    const nothing = await site.completeResource(evidence.EvidenceId, ResourceId);
    expect(nothing).toMatchObject({ status: 409, body: { code: "BLOB_NOT_COMMITTED" } });
    await new BlockBlobClient(Uri).uploadData(Buffer.from("plain"));
    const plain = await site.completeResource(evidence.EvidenceId, ResourceId);
    expect(plain).toMatchObject({ status: 409, body: { code: "ENCRYPTION_MISSING" } });
  });

  test("a sixth file in flight is told to wait", async () => {
    const evidence = await site.createEvidence();
    for (let index = 0; index < 5; index += 1) {
      expect((await site.createResource(evidence.EvidenceId)).status).toBe(200);
    }
    const sixth = await site.createResource(evidence.EvidenceId);
    expect(sixth).toMatchObject({ status: 429, body: { code: "TOO_MANY_UPLOADS" } });
    expect(Number(sixth.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test("a wrong checksum is refused by name and the file is kept; the right one is accepted, twice", async () => {
    const evidence = await site.createEvidence();
    const file = await encryptedFile(5_000);
    const { Uri, ResourceId } = await site.uploadAddress(evidence.EvidenceId, {
      Name: "notes.txt",
      MimeType: "text/plain",
    });
    await new BlockBlobClient(Uri).uploadData(file.bytes, { metadata: file.metadata });
    await site.completeResource(evidence.EvidenceId, ResourceId);
    const wrong = await site.completeEvidence(evidence.EvidenceId, { [ResourceId]: "0".repeat(128) });
    expect(wrong).toMatchObject({ status: 409, body: { code: "CHECKSUM_MISMATCH" } });
    expect(JSON.stringify(wrong.body)).toContain(ResourceId);
    const kept = await site.download(evidence.EvidenceId, `resource/${ResourceId}/encrypted`);
    expect(Buffer.from(await kept.arrayBuffer()).equals(file.bytes)).toBe(true);
    const right = { [ResourceId]: file.sha512 };
    expect((await site.completeEvidence(evidence.EvidenceId, right)).status).toBe(200);
    expect((await site.completeEvidence(evidence.EvidenceId, right)).status).toBe(200);
    const other = await site.completeEvidence(evidence.EvidenceId, { [ResourceId]: "1".repeat(128) });
    expect(other).toMatchObject({ status: 409, body: { code: "EVIDENCE_COMPLETED" } });
    await expect
      .poll(async () => (await site.readEvidence(evidence.EvidenceId)).LifecycleState, { timeout: 20_000 })
      .toBe("Available");
  });

  test("a closed case takes nothing until it is reopened", async () => {
    const closedCase = "demo-case-1";
    const path = `/cases/api/v1/case/TENANT/${closedCase}`;
    const { EvidenceId } = await site.createEvidence();
    const refused = await site.call("PUT", `${path}/evidence/${EvidenceId}`);
    expect(refused).toMatchObject({ status: 409, body: { code: "CASE_CLOSED" } });
    expect((await site.call("POST", `${path}/reopen`)).body).toMatchObject({ State: "Open" });
    const linked = await site.call("PUT", `${path}/evidence/${EvidenceId}`);
    expect(linked).toMatchObject({
      status: 200,
      body: { CaseId: closedCase, AssociationState: "Associated" },
    });
    expect((await site.call("GET", path)).body).toMatchObject({ EvidenceCount: 1 });
  });
});
