import { randomBytes, randomUUID } from "node:crypto";
import { BlockBlobClient } from "@azure/storage-blob";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeBlobStore } from "#evidence-service/blobs/blob-store-suite.ts";
import { registerBlockBlobRoutes } from "#evidence-service/blobs/block-blob-routes.ts";
import { type OpenedBucket, openBucket } from "#evidence-service/blobs/s3/open-bucket.ts";
import type { S3Settings } from "#evidence-service/blobs/s3/s3-settings.ts";
import { Bucket, s3Client } from "#evidence-service/blobs/s3/bucket.ts";
import { createHttpApplication } from "#evidence-service/http/http-application.ts";
import { SenderPriority } from "#evidence-service/http/sender-priority.ts";
import { BlobLocked, BlobsUnreachable, readWhole } from "#evidence-service/storage/blob-store.ts";
import type { Metadata } from "#evidence-service/storage/metadata-tables.ts";
import { openSqliteMetadata } from "#evidence-service/storage/sqlite-metadata.ts";
import { ObjectStore } from "./object-store.ts";

const objectStore = await ObjectStore.forTests();
const why = "missing" in objectStore ? ` (skipped: ${objectStore.missing})` : "";
const MIB = 1 << 20;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NO_RETRIES = { retryOptions: { maxTries: 1 } };
async function* once(bytes: Buffer): AsyncIterable<Buffer> {
  yield bytes;
}
const idOf = (index: number): string => btoa(`block-${String(index).padStart(5, "0")}`);

interface Opened extends OpenedBucket {
  readonly db: Metadata;
  readonly failures: unknown[];
  readonly app: FastifyInstance;
  readonly clientOf: (blobName: string) => BlockBlobClient;
  readonly end: () => Promise<void>;
}

describe.skipIf(why !== "")(`blobs in a bucket${why}`, () => {
  let store: ObjectStore;
  beforeAll(() => {
    if (!("missing" in objectStore)) store = objectStore;
  });
  afterAll(async () => {
    if (!("missing" in objectStore)) await store.close();
  });

  /** A store as one process has it, with the routes that its addresses point at. */
  async function open(
    settings: S3Settings,
    db = openSqliteMetadata(":memory:"),
    now = Date.now,
  ): Promise<Opened> {
    const app = await createHttpApplication("silent");
    let url = "";
    const failures: unknown[] = [];
    const address = { db, container: "container", sasSecrets: () => [Buffer.alloc(32, 1)], url: () => url };
    const opened = await openBucket(settings, address, {
      ...{ now, report: (error) => void failures.push(error) },
      owned: async () => ({ insist: async () => undefined, renew: async () => undefined }),
    });
    registerBlockBlobRoutes(app, {
      store: opened.store,
      mayUse: async () => true,
      senders: new SenderPriority(),
      now,
      onAway: () => undefined,
    });
    url = await app.listen({ host: "127.0.0.1", port: 0 });
    const clientOf = (blobName: string) =>
      new BlockBlobClient(
        opened.store.uploadUri(blobName, now() + HOUR_MS, "console"),
        undefined,
        NO_RETRIES,
      );
    const end = async () => {
      await app.close();
      await opened.store.settled();
      opened.close();
    };
    return { ...opened, db, failures, app, clientOf, end };
  }

  async function fresh(isLockable = false): Promise<S3Settings> {
    return store.makeBucket(`test-${randomUUID()}`, isLockable);
  }

  for (const isLockable of [false, true]) {
    describeBlobStore(isLockable ? "with versions" : "without versions", async () => {
      const opened = await open(await fresh(isLockable));
      expect(opened.hasVersions).toBe(isLockable);
      const close = async () => {
        await opened.end();
        await opened.db.destroy();
        expect(opened.failures).toEqual([]);
      };
      return { store: opened.store, close };
    });
  }

  /** Stages blocks, some beside each other, and commits the ones that are named. */
  async function upload(
    { store: blobs, clientOf }: Opened,
    blocks: readonly Buffer[],
    order = blocks.map((_, index) => index),
  ): Promise<string> {
    const blobName = randomUUID();
    const client = clientOf(blobName);
    for (let at = 0; at < blocks.length; at += 4) {
      const some = blocks.slice(at, at + 4);
      await Promise.all(some.map((block, index) => client.stageBlock(idOf(at + index), block, block.length)));
    }
    expect(await blobs.receivedBytes(blobName)).toBe(lengthOf(blocks));
    await client.commitBlockList(order.map(idOf));
    await expectContent(
      blobs,
      blobName,
      order.map((index) => blocks[index] ?? Buffer.alloc(0)),
    );
    return blobName;
  }

  const lengthOf = (blocks: readonly Buffer[]): number => blocks.reduce((sum, { length }) => sum + length, 0);

  async function expectContent(blobs: OpenedBucket["store"], blobName: string, blocks: readonly Buffer[]) {
    const content = Buffer.concat(blocks);
    expect(await blobs.storedBytes(blobName)).toBe(content.length);
    expect((await readWhole(blobs, blobName, 0, content.length)).equals(content)).toBe(true);
    for (let each = 0; each < 5; each += 1) {
      const [from = 0, to = 0] = [Math.random(), Math.random()]
        .map((part) => Math.floor(part * content.length))
        .toSorted((a, b) => a - b);
      expect((await readWhole(blobs, blobName, from, to)).equals(content.subarray(from, to))).toBe(true);
    }
  }

  const blocksOf = (...lengths: number[]): Buffer[] => lengths.map((length) => randomBytes(length));

  test.each([
    ["long blocks", [6 * MIB, 5 * MIB, 8 * MIB, 100], undefined],
    ["short blocks", Array.from({ length: 30 }, () => 700_000), undefined],
    ["short blocks among long ones", [3, 6 * MIB, MIB, MIB, 7 * MIB, 5 * MIB - 1, 5 * MIB, 2, 1], undefined],
    ["a list in another order than they came", [6 * MIB, 5 * MIB, 100, MIB, 5 * MIB], [3, 4, 0, 2, 1]],
    ["a list that repeats and leaves out", [6 * MIB, 5 * MIB, 100, MIB, 5 * MIB], [1, 1, 3, 3, 0, 1]],
    ["one short block", [17], undefined],
  ])("keep what is uploaded: %s", async (_what, lengths, order) => {
    const settings = await fresh();
    const opened = await open(settings);
    const blobName = await upload(opened, blocksOf(...lengths), order);
    await opened.store.seal(blobName);
    // Nothing but what is committed is left of it, and few objects.
    const keys = await store.keys(settings.bucket);
    expect(keys.length).toBeLessThanOrEqual(2);
    await opened.store.remove(blobName);
    expect(await store.keys(settings.bucket)).toEqual([]);
    expect(opened.failures).toEqual([]);
    await opened.end();
  });

  test("keep what is committed again from its own blocks and new ones", async () => {
    const settings = await fresh();
    const opened = await open(settings);
    const first = blocksOf(6 * MIB, 1_000, 5 * MIB);
    const blobName = await upload(opened, first);
    const client = opened.clientOf(blobName);
    const [fourth = Buffer.alloc(0), fifth = Buffer.alloc(0)] = blocksOf(5 * MIB + 1, 77);
    await client.stageBlock(idOf(3), fourth, fourth.length);
    await client.stageBlock(idOf(1), fifth, fifth.length);
    await client.commitBlockList([3, 2, 1, 0].map(idOf));
    const [one = Buffer.alloc(0), , three = Buffer.alloc(0)] = first;
    await expectContent(opened.store, blobName, [fourth, three, fifth, one]);
    await opened.end();
  });

  test("lose nothing that was acknowledged when a process ends, and go on in another one", async () => {
    const settings = await fresh();
    const db = openSqliteMetadata(":memory:");
    const blobName = randomUUID();
    const blocks = blocksOf(6 * MIB, 300_000, 7 * MIB, 200_000, 5 * MIB, 9);
    for (const [index, block] of blocks.entries()) {
      // Each by a process of its own, which leaves nothing but the bucket and the rows.
      const opened = await open(settings, db);
      await opened.clientOf(blobName).stageBlock(idOf(index), block, block.length);
      await opened.end();
    }
    const last = await open(settings, db);
    const waiting = await last.clientOf(blobName).getBlockList("uncommitted");
    expect(waiting.uncommittedBlocks?.map(({ size }) => size)).toEqual(blocks.map(({ length }) => length));
    await last.clientOf(blobName).commitBlockList(blocks.map((_, index) => idOf(index)));
    await expectContent(last.store, blobName, blocks);
    await last.store.seal(blobName);
    await last.store.remove(blobName);
    expect(await store.keys(settings.bucket)).toEqual([]);
    await last.end();
  });

  test("are committed after a commit that ended between the bucket and the rows", async () => {
    const settings = await fresh();
    const opened = await open(settings);
    const blobName = randomUUID();
    const blocks = blocksOf(6 * MIB, 5 * MIB, 1_000);
    const client = opened.clientOf(blobName);
    for (const [index, block] of blocks.entries()) await client.stageBlock(idOf(index), block, block.length);
    const staged = await opened.db.selectFrom("stagedBlock").selectAll().orderBy("blockId").execute();
    await opened.store.place.settle(blobName, staged);
    // Now with another list than the one that did not come about.
    await client.commitBlockList([2, 1, 0].map(idOf));
    await expectContent(opened.store, blobName, blocks.toReversed());
    await opened.end();
  });

  test("are refused to a list whose blocks the store has given up, and can be sent again", async () => {
    const settings = await fresh();
    const opened = await open(settings);
    const blobName = randomUUID();
    const client = opened.clientOf(blobName);
    const [block = Buffer.alloc(0)] = blocksOf(6 * MIB);
    await client.stageBlock(idOf(0), block, block.length);
    // As a rule of the bucket does, after a week.
    await opened.store.place.removeAll(blobName);
    await expect(client.commitBlockList([idOf(0)])).rejects.toMatchObject({ code: "InvalidBlockList" });
    await client.stageBlock(idOf(0), block, block.length);
    await client.commitBlockList([idOf(0)]);
    await expectContent(opened.store, blobName, [block]);
    await opened.end();
  });

  test("have one content when two create them at the same time", async () => {
    const settings = await fresh();
    const opened = await open(settings);
    const blobName = randomUUID();
    const once = { conditions: { ifNoneMatch: "*" } };
    const creating = [1, 2, 3, 4].map((each) =>
      opened.clientOf(blobName).upload(String(each).repeat(1_000), 1_000, once),
    );
    const made = (await Promise.allSettled(creating)).filter(({ status }) => status === "fulfilled");
    expect(made).toHaveLength(1);
    await opened.store.seal(blobName);
    expect(await store.keys(settings.bucket)).toHaveLength(1);
    await opened.end();
  });

  test("keep nothing of a body that is not as it was announced", async () => {
    const settings = await fresh();
    const opened = await open(settings);
    const client = opened.clientOf(randomUUID());
    for (const length of [1_000, 6 * MIB]) {
      const [block = Buffer.alloc(0)] = blocksOf(length);
      const transactionalContentMD5 = Buffer.alloc(16, 1);
      await expect(
        client.stageBlock(idOf(0), block, block.length, { transactionalContentMD5 }),
      ).rejects.toMatchObject({ code: "Md5Mismatch" });
    }
    expect(await store.keys(settings.bucket)).toEqual([]);
    await opened.end();
  });

  test("lock what belongs to an evidence, and are removed when the lock is over", async () => {
    const settings = await fresh(true);
    const lock = { mode: "compliance" as const, days: 1 };
    const db = openSqliteMetadata(":memory:");
    // The lock that it sets is over in three seconds.
    const opened = await open({ ...settings, lock }, db, () => Date.now() - DAY_MS + 3_000);
    const blobName = await upload(opened, blocksOf(6 * MIB, 10, 5 * MIB));
    await opened.store.seal(blobName);
    await opened.store.protect(blobName);
    await opened.store.protect(blobName);
    await expect(opened.store.remove(blobName)).rejects.toThrow(BlobLocked);
    expect(await store.keys(settings.bucket)).not.toEqual([]);
    await expect
      .poll(() => opened.store.remove(blobName).then(() => store.keys(settings.bucket), String), {
        timeout: 15_000,
      })
      .toEqual([]);
    await opened.end();
  });

  test("end uploads that no row knows, once they are a day old", async () => {
    const settings = await fresh();
    const opened = await open(settings);
    const blobName = randomUUID();
    const [block = Buffer.alloc(0)] = blocksOf(6 * MIB);
    await opened.clientOf(blobName).stageBlock(idOf(0), block, block.length);
    expect(await opened.endForgottenUploads()).toBe(0);
    const later = await open(settings, opened.db, () => Date.now() + 2 * DAY_MS);
    expect(await later.endForgottenUploads()).toBe(0);
    await opened.db.deleteFrom("objectUpload").execute();
    expect(await opened.endForgottenUploads()).toBe(0);
    expect(await later.endForgottenUploads()).toBe(1);
    expect(await later.endForgottenUploads()).toBe(0);
    await opened.end();
    await later.end();
  });

  test("leave nothing of a list that is committed after the file was sealed or purged elsewhere", async () => {
    const settings = await fresh();
    const opened = await open(settings);
    const { db, store: blobs } = opened;
    const elsewhere = await open(settings, db);
    for (const end of ["sealed", "purged"] as const) {
      const blobName = await upload(opened, blocksOf(6 * MIB));
      const content = await store.keys(settings.bucket);
      const client = opened.clientOf(blobName);
      const blocks = blocksOf(5 * MIB, 9, 9);
      for (const [index, block] of blocks.entries())
        await client.stageBlock(idOf(index), block, block.length);
      const settle = blobs.place.settle.bind(blobs.place);
      blobs.place.settle = async (...given) => {
        blobs.place.settle = settle;
        const settled = await settle(...given);
        if (end === "sealed") await db.updateTable("blob").set({ sealed: 1 }).execute();
        else await db.insertInto("purgedBlob").values({ blobName, leftMs: HOUR_MS }).execute();
        return settled;
      };
      const code = end === "sealed" ? "BlobImmutableDueToPolicy" : "ResourceNotFound";
      await expect(client.commitBlockList([0, 1, 2].map(idOf))).rejects.toMatchObject({ code });
      expect(await store.keys(settings.bucket)).toEqual(end === "sealed" ? content : []);
      if (end === "sealed") await elsewhere.store.remove(blobName);
    }
    await opened.end();
    await elsewhere.end();
  });

  test("lose objects that no row knows once they are a day old, where nobody writes any more", async () => {
    const settings = await fresh();
    const opened = await open(settings);
    const later = await open(settings, opened.db, () => Date.now() + 2 * DAY_MS);
    const { signal } = new AbortController();
    const blocks = blocksOf(6 * MIB, 100, 5 * MIB);
    const [sealed, writable] = [await upload(opened, blocks), await upload(opened, blocks)];
    const waiting = randomUUID();
    await opened.clientOf(waiting).stageBlock(idOf(0), "short", 5);
    await opened.store.seal(sealed);
    const known = await store.keys(settings.bucket);
    // As a service leaves them that is killed between an object and its row; the last one is somebody else's.
    const bucket = new Bucket(s3Client(settings), settings.bucket, false);
    const strays = [sealed, writable, randomUUID()].map((name) => `${name}/${"0".repeat(24)}`);
    for (const key of strays) await bucket.put(key, { body: once(Buffer.from("stray")), lengthBytes: 5 });
    bucket.close();
    expect(await opened.removeForgottenObjects(signal)).toBe(0);
    expect(await later.removeForgottenObjects(AbortSignal.abort())).toBe(0);
    expect(await later.removeForgottenObjects(signal)).toBe(1);
    expect(await later.removeForgottenObjects(signal)).toBe(0);
    expect(await store.keys(settings.bucket)).toEqual([...known, ...strays.slice(1)].toSorted());
    for (const blobName of [sealed, writable]) await expectContent(opened.store, blobName, blocks);
    await opened.clientOf(waiting).commitBlockList([idOf(0)]);
    await opened.end();
    await later.end();
  });

  test("say that the store is gone, and are there again when it is", async () => {
    const settings = await fresh();
    const opened = await open(settings);
    const blocks = blocksOf(6 * MIB, 1_000);
    const blobName = await upload(opened, blocks);
    const waiting = opened.clientOf(randomUUID());
    const [block = Buffer.alloc(0)] = blocks;
    await waiting.stageBlock(idOf(0), block, block.length);
    await store.stopProgram();
    await expect(readWhole(opened.store, blobName, 0, 4)).rejects.toThrow(BlobsUnreachable);
    await expect(opened.store.remove(blobName)).rejects.toThrow(BlobsUnreachable);
    const busy = { statusCode: 503, code: "ServerBusy" };
    await expect(waiting.stageBlock(idOf(1), block, block.length)).rejects.toMatchObject(busy);
    await expect(waiting.stageBlock(idOf(1), "short", 5)).rejects.toMatchObject(busy);
    await expect(waiting.commitBlockList([idOf(0)])).rejects.toMatchObject(busy);
    await store.startProgram();
    await waiting.stageBlock(idOf(1), block, block.length);
    await waiting.commitBlockList([idOf(1), idOf(0)]);
    await opened.end();
  });

  test("are not said to be missing where it is the bucket that is gone", async () => {
    const settings = await fresh();
    const opened = await open(settings);
    const blobName = await upload(opened, blocksOf(6 * MIB));
    await store.removeBucket(settings.bucket);
    await expect(opened.store.storedBytes(blobName)).rejects.toThrow(BlobsUnreachable);
    await expect(readWhole(opened.store, blobName, 0, 4)).rejects.toThrow(BlobsUnreachable);
    await store.makeBucket(settings.bucket);
    expect(await opened.store.storedBytes(blobName)).toBeNull();
    await opened.end();
  });
});
