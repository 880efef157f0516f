import { randomBytes } from "node:crypto";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { encryptGcm } from "../testing/encrypt.ts";
import { TestSite } from "../testing/test-site.ts";

const MIB = 1 << 20;

describe("what an evidence consists of is decided at its completion", () => {
  let site: TestSite;
  beforeEach(async () => {
    site = await TestSite.start();
  });
  afterEach(() => site.stop());

  /** An evidence with one file that has arrived. */
  async function received(lengthBytes: number) {
    const { EvidenceId: evidenceId } = await site.createEvidence();
    const file = encryptGcm(randomBytes(lengthBytes), await site.publicKey(), MIB);
    const about = { ExternalId: "first", Name: "notes.txt", MimeType: "text/plain" };
    const { Uri, ResourceId } = await site.uploadAddress(evidenceId, about);
    await new BlockBlobClient(Uri).uploadData(file.bytes, { metadata: file.metadata });
    await site.completeResource(evidenceId, ResourceId);
    return { evidenceId, checksums: { [ResourceId]: file.sha512 } };
  }

  async function filesOf(evidenceId: string) {
    const path = `/documents/api/v1/tenant/TENANT/evidence/${evidenceId}/resource`;
    const listedSchema = z.array(z.object({ ResourceId: z.string(), State: z.string() }));
    return listedSchema.parse((await site.call("GET", path)).body).filter(({ State }) => State !== "Derived");
  }

  test("a file announced while what is stored is being hashed keeps it from completing", async () => {
    const { evidenceId, checksums } = await received(96 * MIB);
    const completing = site.completeEvidence(evidenceId, checksums);
    const announced = await site.createResource(evidenceId, { ExternalId: "second" });
    expect([200, 409]).toContain(announced.status);
    const files = (await completing).status === 200 ? Object.keys(checksums) : null;
    expect((await filesOf(evidenceId)).map(({ ResourceId }) => ResourceId)).toEqual(
      files ?? [...Object.keys(checksums), expect.any(String)],
    );
    if (announced.status === 200) {
      expect(await completing).toMatchObject({ status: 409, body: { code: "RESOURCE_NOT_COMPLETED" } });
    }
  });

  test("a completed evidence takes no file any more, announced before or not", async () => {
    const { evidenceId, checksums } = await received(1_000);
    expect((await site.completeEvidence(evidenceId, checksums)).status).toBe(200);
    const late = await site.createResource(evidenceId, { ExternalId: "late" });
    expect(late).toMatchObject({ status: 409, body: { code: "EVIDENCE_COMPLETED" } });
    const known = await site.createResource(evidenceId, { ExternalId: "first" });
    expect(known).toMatchObject({ status: 200, body: { State: "UserCompleted" } });
    expect(await filesOf(evidenceId)).toHaveLength(1);
  });

  test("a closed case takes in nothing that was announced before, and all of it once it is open again", async () => {
    const [closed, file] = ["/cases/api/v1/case/TENANT/demo-case-1", randomBytes(1_000)];
    await site.call("POST", `${closed}/reopen`);
    const { EvidenceId } = await site.createEvidence({ CaseId: "demo-case-1" });
    const encrypted = encryptGcm(file, await site.publicKey(), MIB);
    const about = { ExternalId: "first", Name: "notes.txt", MimeType: "text/plain" };
    const { Uri, ResourceId } = await site.uploadAddress(EvidenceId, about);
    await new BlockBlobClient(Uri).uploadData(encrypted.bytes, { metadata: encrypted.metadata });
    const refused = { status: 409, body: { code: "CASE_CLOSED" } };
    await site.call("POST", `${closed}/close`);
    expect(await site.createResource(EvidenceId, about)).toMatchObject(refused);
    const complete = () => site.call("POST", site.resourcePath(EvidenceId, ResourceId, "complete"));
    expect(await complete()).toMatchObject(refused);
    // Nothing was sealed: the file could still be sent anew.
    await new BlockBlobClient(Uri).uploadData(encrypted.bytes, { metadata: encrypted.metadata });
    await site.call("POST", `${closed}/reopen`);
    expect((await complete()).status).toBe(200);
    await site.call("POST", `${closed}/close`);
    const checksums = { [ResourceId]: encrypted.sha512 };
    expect(await site.completeEvidence(EvidenceId, checksums)).toMatchObject(refused);
    expect((await site.readEvidence(EvidenceId)).LifecycleState).toBe("Receiving");
    await site.call("POST", `${closed}/reopen`);
    expect((await site.completeEvidence(EvidenceId, checksums)).status).toBe(200);
    // What is complete is told again, closed or not.
    await site.call("POST", `${closed}/close`);
    expect((await site.completeEvidence(EvidenceId, checksums)).status).toBe(200);
    expect((await complete()).status).toBe(200);
  });

  test("a closed case lets nothing out", async () => {
    const closed = "/cases/api/v1/case/TENANT/demo-case-1";
    const other = "/cases/api/v1/case/TENANT/demo-case-2";
    await site.call("POST", `${closed}/reopen`);
    const { EvidenceId } = await site.createEvidence({ CaseId: "demo-case-1" });
    await site.call("POST", `${closed}/close`);
    const refused = await site.call("PUT", `${other}/evidence/${EvidenceId}`);
    expect(refused).toMatchObject({ status: 409, body: { code: "CASE_CLOSED" } });
    expect((await site.readEvidence(EvidenceId)).CaseId).toBe("demo-case-1");
    await site.call("POST", `${closed}/reopen`);
    expect((await site.call("PUT", `${other}/evidence/${EvidenceId}`)).status).toBe(200);
  });
});
