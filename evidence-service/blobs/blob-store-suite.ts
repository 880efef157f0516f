/** What every adapter of the blob port is held to, with Azure's official client at its addresses. */
import { randomBytes, randomUUID } from "node:crypto";
import { BlockBlobClient } from "@azure/storage-blob";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BlobStore, readWhole, READ_CHUNK_BYTES } from "../storage/blob-store.ts";

export interface StoreUnderTest {
  readonly store: BlobStore;
  readonly close: () => Promise<void>;
}

const MIB = 1 << 20;
const HOUR_MS = 3_600_000;
const METADATA = { encryptiondata: '{"EncryptionMode":"FullBlob","KeyId":"urn:keystore:x"}' };
const NO_RETRIES = { retryOptions: { maxTries: 1 } };

/** Blocks of lengths that no reader's chunks fit. */
const BLOCKS = [MIB + 1, 2 * MIB - 7, 3].map((lengthBytes) => randomBytes(lengthBytes));
const CONTENT = Buffer.concat(BLOCKS);
const BLOCK_IDS = BLOCKS.map((_, index) => btoa(`block-${index}`));

export function describeBlobStore(name: string, start: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let tested: StoreUnderTest;
    let store: BlobStore;
    beforeAll(async () => {
      tested = await start();
      ({ store } = tested);
    });
    afterAll(async () => {
      await tested.close();
    });

    const addressOf = (blobName: string) => store.uploadUri(blobName, Date.now() + HOUR_MS, "console");
    const clientOf = (uri: string) => new BlockBlobClient(uri, undefined, NO_RETRIES);

    async function stage(blobName: string): Promise<BlockBlobClient> {
      const client = clientOf(addressOf(blobName));
      for (const [index, block] of BLOCKS.entries()) {
        await client.stageBlock(BLOCK_IDS[index] ?? "", block, block.length);
      }
      return client;
    }

    async function commit(): Promise<{ blobName: string; client: BlockBlobClient }> {
      const blobName = randomUUID();
      const client = await stage(blobName);
      await client.commitBlockList(BLOCK_IDS, { metadata: METADATA });
      return { blobName, client };
    }

    async function expectContent(blobName: string): Promise<void> {
      expect(await store.properties(blobName)).toEqual({ lengthBytes: CONTENT.length, metadata: METADATA });
      expect((await readWhole(store, blobName, 0, CONTENT.length)).equals(CONTENT)).toBe(true);
    }

    test("knows nothing of a blob of which nothing arrived", async () => {
      const blobName = randomUUID();
      expect(await store.properties(blobName)).toBeNull();
      expect(await store.receivedBytes(blobName)).toBe(0);
      await expect(readWhole(store, blobName, 0, 1)).rejects.toThrow(blobName);
    });

    test("counts staged bytes, and has a blob only when they are committed", async () => {
      const blobName = randomUUID();
      const client = await stage(blobName);
      expect(await store.receivedBytes(blobName)).toBe(CONTENT.length);
      expect(await store.properties(blobName)).toBeNull();
      await client.commitBlockList(BLOCK_IDS, { metadata: METADATA });
      expect(await store.receivedBytes(blobName)).toBe(CONTENT.length);
      await expectContent(blobName);
    });

    test("has a blob that was put in one piece", async () => {
      const blobName = randomUUID();
      await clientOf(addressOf(blobName)).upload(CONTENT, CONTENT.length, { metadata: METADATA });
      expect(await store.receivedBytes(blobName)).toBe(CONTENT.length);
      await expectContent(blobName);
    });

    test("reads any range, in chunks of at most 1 MiB", async () => {
      const { blobName } = await commit();
      for await (const chunk of store.read(blobName, 0, CONTENT.length)) {
        expect(chunk.length).toBeLessThanOrEqual(MIB);
      }
      const offset = fc.nat({ max: CONTENT.length });
      await fc.assert(
        fc.asyncProperty(offset, offset, async (one, other) => {
          const [startByte, endByte] = [Math.min(one, other), Math.max(one, other)];
          const bytes = await readWhole(store, blobName, startByte, endByte);
          expect(bytes.equals(CONTENT.subarray(startByte, endByte))).toBe(true);
        }),
        { numRuns: 25 },
      );
    });

    test("reads nothing beyond the end", async () => {
      const { blobName } = await commit();
      const end = CONTENT.length;
      await expect(readWhole(store, blobName, end - 1, end + 1)).rejects.toThrow(blobName);
      await expect(readWhole(store, blobName, end, end + 1)).rejects.toThrow(blobName);
      await expect(readWhole(store, blobName, end + 5, end + 9)).rejects.toThrow(blobName);
    });

    test("reads the same into a buffer that is filled again and again", async () => {
      const { blobName } = await commit();
      const into = Buffer.alloc(READ_CHUNK_BYTES);
      let atByte = 0;
      for await (const chunk of store.read(blobName, 0, CONTENT.length, into)) {
        expect(chunk.equals(CONTENT.subarray(atByte, atByte + chunk.length))).toBe(true);
        atByte += chunk.length;
      }
      expect(atByte).toBe(CONTENT.length);
    });

    test("lets a reader stop early and read on later", async () => {
      const { blobName } = await commit();
      for await (const chunk of store.read(blobName, 0, CONTENT.length)) {
        expect(chunk.equals(CONTENT.subarray(0, chunk.length))).toBe(true);
        break;
      }
      await expectContent(blobName);
    });

    test("gives an address of one blob alone, which deletes nothing", async () => {
      const { blobName, client } = await commit();
      const other = addressOf(blobName).replace(blobName, randomUUID());
      await expect(clientOf(other).upload("x", 1)).rejects.toMatchObject({ statusCode: 403 });
      await expect(client.delete()).rejects.toMatchObject({ statusCode: 403 });
      await expectContent(blobName);
    });

    test("gives an address that reads one blob as it was sealed, and changes nothing", async () => {
      const { blobName } = await commit();
      await store.seal(blobName);
      const reader = clientOf(await store.readUri(blobName, Date.now() + HOUR_MS, "service:one"));
      expect((await reader.downloadToBuffer()).equals(CONTENT)).toBe(true);
      expect((await reader.getProperties()).metadata).toEqual(METADATA);
      const [id = ""] = BLOCK_IDS;
      for (const attempt of [
        () => reader.stageBlock(id, "x", 1),
        () => reader.upload("x", 1),
        () => reader.setMetadata({}),
        () => reader.delete(),
      ]) {
        await expect(attempt()).rejects.toHaveProperty("statusCode");
      }
    });

    test("gives an address that expires", async () => {
      const { blobName } = await commit();
      const expired = clientOf(store.uploadUri(blobName, Date.now() - HOUR_MS, "console"));
      const refusal = { statusCode: 403 };
      await expect(expired.stageBlock(BLOCK_IDS[0] ?? "", "x", 1)).rejects.toMatchObject(refusal);
      await expect(expired.getBlockList("uncommitted")).rejects.toMatchObject(refusal);
    });

    test("takes nothing for a sealed blob any more, and tells so", async () => {
      const { blobName, client } = await commit();
      await store.seal(blobName);
      const [id = ""] = BLOCK_IDS;
      const attempts = [
        () => client.stageBlock(id, "x", 1),
        () => client.commitBlockList([id]),
        () => client.commitBlockList([]),
        () => client.upload("x", 1),
        () => client.setMetadata({}),
        () => client.setHTTPHeaders({ blobContentType: "text/plain" }),
        () => client.delete(),
      ];
      for (const attempt of attempts) await expect(attempt()).rejects.toHaveProperty("statusCode");
      await expectContent(blobName);
      expect((await client.getProperties()).metadata).toEqual(METADATA);
    });

    test("keeps a sealed blob as it is from whoever holds its address and means harm", async () => {
      const { blobName, client } = await commit();
      await store.seal(blobName);
      const anything = [
        () => client.getBlobLeaseClient().breakLease(0),
        () => client.createSnapshot(),
        () => client.upload("forged", 6, { metadata: { encryptiondata: "forged" } }),
        () => client.setMetadata({ encryptiondata: "forged" }),
        () => client.delete({ deleteSnapshots: "include" }),
        () => client.delete({ deleteSnapshots: "only" }),
      ];
      // Some of it may succeed: what counts is what is read afterwards.
      for (const attempt of anything) await attempt().catch(() => undefined);
      await expectContent(blobName);
      await store.seal(blobName);
      await expectContent(blobName);
    });

    test("seals nothing that is not committed", async () => {
      const blobName = randomUUID();
      await store.seal(blobName);
      const client = await stage(blobName);
      await store.seal(blobName);
      await client.commitBlockList(BLOCK_IDS, { metadata: METADATA });
      await expectContent(blobName);
    });

    test("removes what is staged, committed or sealed, and its name can be used again", async () => {
      const staged = randomUUID();
      await stage(staged);
      const committed = (await commit()).blobName;
      const sealed = (await commit()).blobName;
      await store.seal(sealed);
      for (const blobName of [staged, committed, sealed, randomUUID()]) {
        await store.remove(blobName);
        await store.remove(blobName);
        expect(await store.properties(blobName)).toBeNull();
        expect(await store.receivedBytes(blobName)).toBe(0);
        await clientOf(addressOf(blobName)).upload("anew", 4);
        await store.seal(blobName);
        expect((await readWhole(store, blobName, 0, 4)).toString()).toBe("anew");
      }
    });
  });
}
