import { randomBytes } from "node:crypto";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { encryptGcm } from "../test-console/encrypt.ts";
import { TestSite } from "../test-console/test-site.ts";

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
    const listed = z.array(z.object({ ResourceId: z.string(), State: z.string() }));
    return listed.parse((await site.call("GET", path)).body).filter(({ State }) => State !== "Derived");
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
