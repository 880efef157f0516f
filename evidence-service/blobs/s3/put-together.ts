import { BlobError } from "../blob-error.ts";
import type { StoredBlock } from "../block-lists.ts";
import type { Metadata } from "../../storage/metadata-tables.ts";
import type { Bucket } from "./bucket.ts";
import { isOwnObject, keyOf, locationOf, nameInObject, newObjectName } from "./object-names.ts";
import type { GivenPart } from "./open-uploads.ts";
import {
  type AcknowledgedPart,
  closeUploads,
  forgetUploads,
  type ObjectUpload,
  partsOf,
} from "./part-rows.ts";

/** What is still short is put together in objects of at most so many bytes, Amazon's limit of one part being 5 GiB. */
const TOGETHER_MOST_BYTES = 1 << 30;

/** A blob whose blocks are put together, and what that takes. */
export interface BlobAssembly {
  readonly db: Metadata;
  readonly bucket: Bucket;
  readonly blobName: string;
  /** A number for a last part, in the upload of this process; null where it has none. */
  readonly last: GivenPart | null;
  /** The bytes of blocks that are objects, one after the other. */
  readonly whole: (blocks: readonly StoredBlock[]) => AsyncIterable<Buffer>;
}

/**
 * Makes objects of the parts that a list names, and one of what is still short:
 * 1. what is short becomes the last part of this process's upload, or an object of its own;
 * 2. the uploads are closed, in one transaction with that part: from here on their parts are what is acknowledged;
 * 3. each becomes an object, with all of these parts in the order of their numbers;
 * 4. blocks are named by where they lie in it.
 * Cut off anywhere it is done again from the rows, and finds what is done.
 * @returns the blocks, as they are called for good
 * @throws BlobError InvalidBlockList where the store has given up parts
 */
export async function putTogether(
  assembly: BlobAssembly,
  blocks: readonly StoredBlock[],
): Promise<readonly StoredBlock[]> {
  const objects = new Set<string>();
  for (const { fileName } of blocks) {
    const { object, partNumber } = locationOf(fileName);
    if (partNumber !== null) objects.add(object);
  }
  const short = shortOf(blocks);
  const ofShort = new Map<string, string>();
  const isLast = assembly.last !== null && objects.has(assembly.last.object) && short.length > 0;
  if (!isLast && short.length > 1) await makeObjects(assembly, short, ofShort);
  const appended = isLast ? await appendLast(assembly, short) : null;
  const uploads = await closeUploads(assembly.db, [...objects], appended);
  const starts = new Map<string, ReadonlyMap<number, number>>();
  for (const upload of uploads) starts.set(upload.object, await makeObject(assembly, upload));
  if (appended !== null) {
    const startByte = starts.get(appended.object)?.get(appended.partNumber) ?? 0;
    nameFrom({ object: appended.object, startByte }, short, ofShort);
  }
  return blocks.map((block) => {
    const { object, partNumber, offsetBytes } = locationOf(block.fileName);
    if (partNumber === null) return { ...block, fileName: ofShort.get(block.fileName) ?? block.fileName };
    const startByte = starts.get(object)?.get(partNumber);
    if (startByte === undefined) throw partsGone();
    return { ...block, fileName: nameInObject(object, startByte + offsetBytes) };
  });
}

const partsGone = (): BlobError =>
  new BlobError("InvalidBlockList", "The block list names a block that is not there any more.");

/** Each once, in the order of the list: a block may be named again and again. */
function shortOf(blocks: readonly StoredBlock[]): StoredBlock[] {
  const short = new Map<string, StoredBlock>();
  for (const block of blocks) if (isOwnObject(block.fileName)) short.set(block.fileName, block);
  return [...short.values()];
}

function nameFrom(
  { object, startByte }: { readonly object: string; readonly startByte: number },
  blocks: readonly StoredBlock[],
  names: Map<string, string>,
): void {
  let atByte = startByte;
  for (const { fileName, lengthBytes } of blocks) {
    names.set(fileName, nameInObject(object, atByte));
    atByte += lengthBytes;
  }
}

const lengthOf = (blocks: readonly { readonly lengthBytes: number }[]): number =>
  blocks.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);

/** Blocks in their order, in groups of which each becomes an object. */
export function asObjects<Block extends { readonly lengthBytes: number }>(
  blocks: readonly Block[],
): Block[][] {
  const groups: Block[][] = [];
  let roomBytes = 0;
  for (const block of blocks) {
    if (groups.length === 0 || roomBytes < block.lengthBytes) {
      groups.push([]);
      roomBytes = TOGETHER_MOST_BYTES;
    }
    groups.at(-1)?.push(block);
    roomBytes -= block.lengthBytes;
  }
  return groups;
}

async function makeObjects(
  { bucket, blobName, whole }: BlobAssembly,
  short: readonly StoredBlock[],
  names: Map<string, string>,
): Promise<void> {
  for (const group of asObjects(short).filter(({ length }) => length > 1)) {
    const object = newObjectName();
    await bucket.put(keyOf(blobName, object), { body: whole(group), lengthBytes: lengthOf(group) });
    nameFrom({ object, startByte: 0 }, group, names);
  }
}

async function appendLast(
  { bucket, last, whole }: BlobAssembly,
  short: readonly StoredBlock[],
): Promise<AcknowledgedPart | null> {
  if (last === null) return null;
  const lengthBytes = lengthOf(short);
  const etag = await bucket.putPart(last, last.partNumber, { body: whole(short), lengthBytes });
  return { object: last.object, partNumber: last.partNumber, etag, lengthBytes };
}

/** @returns where each part begins in the object */
async function makeObject(
  { db, bucket, blobName }: BlobAssembly,
  { object, uploadId }: ObjectUpload,
): Promise<ReadonlyMap<number, number>> {
  const parts = await partsOf(db, object);
  if (!(await bucket.complete({ key: keyOf(blobName, object), uploadId }, parts, lengthOf(parts)))) {
    await forgetUploads(db, [object]);
    throw partsGone();
  }
  const starts = new Map<number, number>();
  let atByte = 0;
  for (const { partNumber, lengthBytes } of parts) {
    starts.set(partNumber, atByte);
    atByte += lengthBytes;
  }
  return starts;
}
