import type { ArrivingBlock, BlockPlace, BlockRange, BroughtBlock, PlacedBlock } from "../block-place.ts";
import type { StoredBlock } from "../block-lists.ts";
import { BlobError } from "../blob-error.ts";
import { notePassedBytes } from "#runtime/streams/passed-bytes.ts";
import { BlobDamaged, BlobsUnreachable, READ_CHUNK_BYTES } from "../../storage/blob-store.ts";
import { CommitInDoubt } from "../../storage/commit-in-doubt.ts";
import type { Metadata, MetadataTransaction } from "../../storage/metadata-tables.ts";
import type { Bucket, LockMode, SentBytes } from "./bucket.ts";
import { HeldBlocks, PART_LEAST_BYTES } from "./held-blocks.ts";
import {
  isOwnObject,
  keyOf,
  locationOf,
  nameInObject,
  nameInPart,
  newObjectName,
  objectsOf,
} from "./object-names.ts";
import { type GivenPart, OpenUploads } from "./open-uploads.ts";
import { acknowledgePart, forgetUploads, type ObjectUpload, uploadsOf } from "./part-rows.ts";
import { asObjects, putTogether } from "./put-together.ts";

export interface BlockObjectsParts {
  readonly db: Metadata;
  readonly bucket: Bucket;
  readonly now: () => number;
  /** What belongs to an evidence is locked so long; null for not at all. */
  readonly lock: { readonly mode: LockMode; readonly lengthMs: number } | null;
  readonly report: (error: unknown, message: string) => void;
}

/** Who looks whether the store is there waits no longer. */
const ANSWER_WITHIN_MS = 5_000;

/**
 * Blocks in a bucket. A block that is long enough is a part of an object; shorter ones are objects of their own, until
 * they fill a part together. So a commit copies nothing but what is still short. See
 * docs/decisions/0145-blobs-in-an-object-store.md.
 */
export class BlockObjects implements BlockPlace {
  readonly #parts: BlockObjectsParts;
  readonly #open: OpenUploads;
  readonly #held = new HeldBlocks();
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(parts: BlockObjectsParts) {
    this.#parts = parts;
    this.#open = new OpenUploads(parts.db, parts.bucket);
  }

  async place<T>(
    blobName: string,
    arriving: ArrivingBlock,
    change: (placed: PlacedBlock) => Promise<T>,
  ): Promise<T> {
    const isPart = !arriving.isWhole && arriving.lengthBytes >= PART_LEAST_BYTES;
    const placing = isPart
      ? this.#placePart(blobName, arriving, change)
      : this.#placeObject(blobName, arriving, change);
    const ended = placing.then(
      () => undefined,
      () => undefined, // Whoever sends it is told.
    );
    this.#underWay.add(ended);
    void ended.then(() => this.#underWay.delete(ended));
    return placing;
  }

  async #placePart<T>(
    blobName: string,
    arriving: ArrivingBlock,
    change: (placed: PlacedBlock) => Promise<T>,
  ): Promise<T> {
    const { lengthBytes } = arriving;
    const part = await this.#open.nextPart(blobName);
    const etag = await this.#putPart(blobName, part, arriving);
    try {
      const fileName = nameInPart(part.object, part.partNumber, 0);
      return await change({ fileName, lengthBytes, receipt: etag });
    } catch (error) {
      // A part that nobody acknowledged becomes none of the object.
      if (error instanceof BlobError && error.code === "ServerBusy") this.#open.forget(blobName, part.object);
      throw error;
    }
  }

  async #putPart(blobName: string, part: GivenPart, bytes: SentBytes): Promise<string> {
    try {
      return await this.#parts.bucket.putPart(part, part.partNumber, bytes);
    } catch (error) {
      // The store may have forgotten it.
      this.#open.forget(blobName, part.object);
      throw error;
    }
  }

  async #placeObject<T>(
    blobName: string,
    arriving: ArrivingBlock,
    change: (placed: PlacedBlock) => Promise<T>,
  ): Promise<T> {
    const fileName = newObjectName();
    try {
      await this.#parts.bucket.put(keyOf(blobName, fileName), arriving);
      return await change({ fileName, lengthBytes: arriving.lengthBytes, receipt: null });
    } catch (error) {
      // A row may name it.
      if (!(error instanceof CommitInDoubt)) await this.#discardFailed(blobName, fileName);
      throw error;
    }
  }

  async bring(blobName: string, blocks: readonly BroughtBlock[]): Promise<readonly string[]> {
    const names: string[] = [];
    for (const group of asObjects(blocks)) {
      const object = newObjectName();
      const lengthBytes = group.reduce((sum, block) => sum + block.lengthBytes, 0);
      await this.#parts.bucket.put(keyOf(blobName, object), { body: oneAfterTheOther(group), lengthBytes });
      let atByte = 0;
      for (const block of group) {
        names.push(nameInObject(object, atByte));
        atByte += block.lengthBytes;
      }
    }
    return names;
  }

  /** What stays all the same goes when the blob is sealed, or removed. */
  async #discardFailed(blobName: string, fileName: string): Promise<void> {
    await this.discard(blobName, fileName).catch((error: unknown) => {
      if (!(error instanceof BlobsUnreachable)) throw error;
    });
  }

  async noted(
    transaction: MetadataTransaction,
    { fileName, lengthBytes, receipt }: PlacedBlock,
  ): Promise<void> {
    const { object, partNumber } = locationOf(fileName);
    if (receipt === null || partNumber === null) return;
    await acknowledgePart(transaction, { object, partNumber, etag: receipt, lengthBytes });
  }

  async staged(blobName: string, block: StoredBlock): Promise<void> {
    if (!isOwnObject(block.fileName)) return;
    const full = this.#held.add(blobName, block);
    if (full === null) return;
    // They are safe where they are: what fails is made up for when their list is committed.
    await this.#fillPart(blobName, full).catch((error: unknown) => {
      this.#parts.report(error, "short blocks cannot be put together");
    });
  }

  async #fillPart(blobName: string, held: readonly StoredBlock[]): Promise<void> {
    const { db } = this.#parts;
    const blocks = held.toSorted((a, b) => (a.blockId < b.blockId ? -1 : 1));
    const lengthBytes = blocks.reduce((sum, block) => sum + block.lengthBytes, 0);
    const part = await this.#open.nextPart(blobName);
    const { object, partNumber } = part;
    const body = this.#whole(blobName, blocks);
    const etag = await this.#putPart(blobName, part, { body, lengthBytes });
    await db.transaction().execute(async (transaction) => {
      await acknowledgePart(transaction, { object, partNumber, etag, lengthBytes });
      let offsetBytes = 0;
      for (const block of blocks) {
        await transaction
          .updateTable("stagedBlock")
          .set({ fileName: nameInPart(object, partNumber, offsetBytes) })
          .where("blockId", "=", block.blockId)
          .where("fileName", "=", block.fileName)
          .where("list", "in", (e) =>
            e
              .selectFrom("blockList")
              .select("list")
              .where("blobName", "=", blobName)
              .where("state", "=", "Staged"),
          )
          .execute();
        offsetBytes += block.lengthBytes;
      }
    });
    await this.#remove(blobName, new Set(blocks.map(({ fileName }) => fileName)));
  }

  async *#whole(blobName: string, blocks: readonly StoredBlock[]): AsyncIterable<Buffer> {
    yield* this.read(
      blobName,
      blocks.map(({ fileName, lengthBytes }) => ({ fileName, from: 0, to: lengthBytes })),
    );
  }

  async settle(blobName: string, blocks: readonly StoredBlock[]): Promise<readonly StoredBlock[]> {
    this.#held.forget(blobName);
    const { db, bucket } = this.#parts;
    const last = await this.#open.lastPart(blobName);
    this.#open.forget(blobName);
    const whole = (some: readonly StoredBlock[]) => this.#whole(blobName, some);
    return putTogether({ db, bucket, blobName, last, whole }, blocks);
  }

  async discard(blobName: string, fileName: string): Promise<void> {
    // Of a part, others may be in the same.
    if (isOwnObject(fileName)) await this.#remove(blobName, new Set([fileName]));
  }

  async #remove(blobName: string, objects: ReadonlySet<string>): Promise<void> {
    await this.#parts.bucket.remove([...objects].map((object) => keyOf(blobName, object)));
  }

  /**
   * Ends uploads that were begun long ago and that no row knows: what a crash left between an upload and its row, or a
   * removal that was cut off.
   * @returns how many
   */
  async endForgottenUploads(): Promise<number> {
    const { db, bucket, now } = this.#parts;
    let ended = 0;
    for await (const { begunUtcMs, ...upload } of bucket.uploads("")) {
      const [blobName, object] = upload.key.split("/");
      if (object === undefined || !BLOB_NAME.test(blobName ?? "") || now() - begunUtcMs < DAY_MS) continue;
      const known = await db
        .selectFrom("objectUpload")
        .select("object")
        .where("object", "=", object)
        .where("uploadId", "=", upload.uploadId)
        .executeTakeFirst();
      if (known !== undefined) continue;
      await bucket.abort(upload);
      ended += 1;
    }
    return ended;
  }

  async left(blobName: string, before: ReadonlySet<string>, used: ReadonlySet<string>): Promise<void> {
    const { db, bucket } = this.#parts;
    const usedObjects = objectsOf(used);
    const known = objectsOf(before);
    // Into those that are not known another process may be putting parts.
    const uploads = (await uploadsOf(db, blobName)).filter(({ object }) => known.has(object));
    for (const { object, uploadId, state } of uploads) {
      if (state === "Open") await bucket.abort({ key: keyOf(blobName, object), uploadId });
    }
    await this.#remove(blobName, new Set([...known].filter((object) => !usedObjects.has(object))));
    await forgetUploads(db, namesOf(uploads));
  }

  async *read(blobName: string, ranges: readonly BlockRange[]): AsyncIterable<Buffer> {
    for (const { object, from, to } of joined(ranges)) {
      const key = keyOf(blobName, object);
      for (let atByte = from; atByte < to;) {
        const askedFrom = atByte;
        try {
          for await (const chunk of this.#parts.bucket.get(key, atByte, to)) {
            for (let at = 0; at < chunk.length; at += READ_CHUNK_BYTES) {
              const piece = chunk.subarray(at, at + READ_CHUNK_BYTES);
              notePassedBytes(piece.length);
              yield piece;
              atByte += piece.length;
            }
          }
        } catch (error) {
          // An hour need not come over one connection, as long as each brings something.
          if (!(error instanceof BlobsUnreachable) || atByte === askedFrom) throw error;
        }
      }
    }
  }

  async storedBytes(blobName: string, blocks: readonly BlockRange[]): Promise<number | null> {
    const lengths = new Map<string, number | null>();
    let total = 0;
    for (const { object, from, to } of joined(blocks)) {
      const length = lengths.get(object) ?? (await this.#parts.bucket.lengthOf(keyOf(blobName, object)));
      lengths.set(object, length);
      if (length === null) return null;
      total += Math.max(0, Math.min(to, length) - from);
    }
    return total;
  }

  async sealed(blobName: string, fileNames: ReadonlySet<string>): Promise<void> {
    const kept = [...objectsOf(fileNames)].map((object) => keyOf(blobName, object));
    // Nothing is written to it any more: what else lies there is left of a crash.
    await this.#endUploads(blobName);
    await this.#parts.bucket.removeUnder(`${blobName}/`, new Set(kept));
  }

  async protect(blobName: string, fileNames: ReadonlySet<string>): Promise<void> {
    const { bucket, lock, now } = this.#parts;
    if (lock === null) return;
    for (const object of objectsOf(fileNames)) {
      await bucket.lock(keyOf(blobName, object), lock.mode, now() + lock.lengthMs);
    }
  }

  async removeAll(blobName: string): Promise<void> {
    this.#held.forget(blobName);
    this.#open.forget(blobName);
    await this.#endUploads(blobName);
    await this.#parts.bucket.removeUnder(`${blobName}/`);
  }

  async #endUploads(blobName: string): Promise<void> {
    const { db, bucket } = this.#parts;
    for await (const upload of bucket.uploads(`${blobName}/`)) await bucket.abort(upload);
    await forgetUploads(db, namesOf(await uploadsOf(db, blobName)));
  }

  async insistOnAnswer(): Promise<void> {
    await this.#parts.bucket.insistOnAnswer(AbortSignal.timeout(ANSWER_WITHIN_MS));
  }

  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }
}

async function* oneAfterTheOther(blocks: readonly BroughtBlock[]): AsyncIterable<Buffer> {
  for (const { bytes } of blocks) yield* bytes();
}

/** Blobs are named by random UUIDs; what is named otherwise is somebody else's. */
const BLOB_NAME = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DAY_MS = 86_400_000;

const namesOf = (uploads: readonly ObjectUpload[]): string[] => uploads.map(({ object }) => object);

/** @returns ranges of objects; those that follow each other in one object are one */
function joined(ranges: readonly BlockRange[]): { object: string; from: number; to: number }[] {
  const all: { object: string; from: number; to: number }[] = [];
  for (const { fileName, from, to } of ranges) {
    const { object, partNumber, offsetBytes } = locationOf(fileName);
    if (partNumber !== null) throw new BlobDamaged("A part of a blob is said to lie where no part does.");
    const last = all.at(-1);
    if (last?.object === object && last.to === offsetBytes + from) last.to = offsetBytes + to;
    else all.push({ object, from: offsetBytes + from, to: offsetBytes + to });
  }
  return all;
}
