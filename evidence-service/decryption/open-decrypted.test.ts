import { randomBytes } from "node:crypto";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encryptCbc, encryptGcm, type EncryptedFile, encryptWithWebCrypto } from "../testing/encrypt.ts";
import { TestSite } from "../testing/test-site.ts";

const littleEndian = (index: number) => {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32LE(index + 1, 4);
  return nonce;
};

/** How the Azure libraries of these languages make a region's nonce of its number. */
const WRITERS = {
  Python: (index: number) => Buffer.from(index.toString(16).padStart(24, "0"), "hex"),
  Java: (index: number) => Buffer.from(index.toString(16).padStart(16, "0").padEnd(24, "0"), "hex"),
  ".NET": littleEndian,
};

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

  for (const [writer, nonceOf] of Object.entries(WRITERS)) {
    test(`regions are read that are numbered as ${writer} numbers them, with the mode FullBlob`, async () => {
      const plain = randomBytes(10_000);
      const file = encryptGcm(plain, await site.publicKey(), 4_096, { nonceOf, mode: "FullBlob" });
      const download = await (await stored(file))();
      expect(Buffer.from(await download.arrayBuffer()).equals(plain)).toBe(true);
      expect(download.headers.get("x-evidence-checked")).toBe("each-region");
    });
  }

  test("what WebCrypto encrypts in JavaScript, and Azure's client for JavaScript uploads, is read", async () => {
    const plain = randomBytes(5_000_000);
    const download = await stored(await encryptWithWebCrypto(plain, await site.publicKey()));
    expect(Buffer.from(await (await download()).arrayBuffer()).equals(plain)).toBe(true);
  });

  test("a region where another belongs is not given out: swapped, repeated, or numbered anyhow", async () => {
    const key = await site.publicKey();
    const regionBytes = 12 + 4_096 + 16;
    const { bytes, ...rest } = encryptGcm(randomBytes(3 * 4_096), key, 4_096);
    const regions = [0, 1, 2].map((index) => bytes.subarray(index * regionBytes, (index + 1) * regionBytes));
    const of = (...order: number[]) => ({
      ...rest,
      bytes: Buffer.concat(order.flatMap((index) => regions[index] ?? [])),
    });
    const anyhow = encryptGcm(randomBytes(9_000), key, 4_096, { nonceOf: () => randomBytes(12) });
    for (const file of [of(0, 2, 1), of(0, 1, 1), of(1, 0, 2), of(1, 2), anyhow]) {
      const answer = await (await stored(file))();
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({ code: "REGION_OUT_OF_PLACE" });
    }
  });

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
