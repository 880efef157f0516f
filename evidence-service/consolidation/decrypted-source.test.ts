import { randomBytes } from "node:crypto";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encryptCbc, encryptGcm, type EncryptedFile } from "../test-console/encrypt.ts";
import { TestSite } from "../test-console/test-site.ts";

describe("reading decrypted files", () => {
  let site: TestSite;
  beforeAll(async () => {
    site = await TestSite.start();
  });
  afterAll(async () => {
    await site.stop();
  });

  async function stored(
    file: EncryptedFile,
  ): Promise<(headers?: Record<string, string>) => Promise<Response>> {
    const { EvidenceId } = await site.createEvidence();
    const { Uri, ResourceId } = await site.uploadAddress(EvidenceId, {
      MimeType: "application/octet-stream",
    });
    await new BlockBlobClient(Uri).uploadData(file.bytes, { metadata: file.metadata });
    expect((await site.completeResource(EvidenceId, ResourceId)).status).toBe(200);
    return (headers) => site.download(EvidenceId, `resource/${ResourceId}/content`, headers);
  }

  for (const lengthBytes of [1, 15, 16, 17, 4_095, 4_096, 4_097, 12_288]) {
    test(`${lengthBytes} bytes come back whole and in any part, with both protocols`, async () => {
      const plain = randomBytes(lengthBytes);
      const key = await site.publicKey();
      for (const file of [encryptCbc(plain, key), encryptGcm(plain, key, 4_096)]) {
        const download = await stored(file);
        expect(Buffer.from(await (await download()).arrayBuffer()).equals(plain)).toBe(true);
        for (const [from, to] of [
          [0, 1],
          [lengthBytes - 1, lengthBytes],
          [lengthBytes >> 1, lengthBytes],
        ] as const) {
          const part = await download({ range: `bytes=${from}-${to - 1}` });
          expect(Buffer.from(await part.arrayBuffer()).equals(plain.subarray(from, to))).toBe(true);
        }
        const past = await download({ range: `bytes=${lengthBytes}-` });
        expect(past.status).toBe(416);
      }
    });
  }

  test("no byte of an altered region is given out", async () => {
    const file = encryptGcm(randomBytes(10_000), await site.publicKey(), 4_096);
    const altered = Buffer.from(file.bytes);
    altered.writeUInt8(altered.readUInt8(5_000) ^ 1, 5_000);
    const download = await stored({ ...file, bytes: altered });
    const intact = await download({ range: "bytes=0-4095" });
    expect((await intact.arrayBuffer()).byteLength).toBe(4_096);
    const damaged = await download({ range: "bytes=4096-8191" });
    expect(damaged.status).toBe(409);
    expect(await damaged.json()).toMatchObject({ code: "TAG_MISMATCH" });
    expect((await download()).status).toBe(409);
  });
});
