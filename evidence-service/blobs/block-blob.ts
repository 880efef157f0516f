/**
 * Block blobs on files: stage, commit, put, describe. Words and refusals are those of the Azure Blob
 * Storage REST reference ("Put Block", "Put Block List", "Put Blob", "Get Block List").
 */
import { createHash, randomBytes } from "node:crypto";
import { notePassedBytes } from "#runtime/streams/passed-bytes.ts";
import { recordEncryption } from "../audit/encryption-trail.ts";
import type { BlobTurn } from "./blob-turns.ts";
import type { BlockBlobStore } from "./block-blob-store.ts";
import {
  blocksIn,
  clearUnused,
  commitList,
  listOf,
  makeList,
  PIECE_ROWS,
  putStaged,
  type StoredBlock,
  writeShort,
  writeUnused,
} from "./block-lists.ts";
import { BlobsUnreachable } from "../storage/blob-store.ts";
import { saysNoRoom } from "../storage/disk-reserve.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import type { PlacedBlock } from "./block-place.ts";
import { BlobError } from "./blob-error.ts";
import type { BlobAttributes, BlockListEntry, CheckWrite, IncomingBytes } from "./blob-write.ts";
import type { BlobRow, BlockListRow } from "../storage/metadata-rows.ts";

interface ArrivedBlock extends PlacedBlock {
  /** Base64; null where nobody asked for it. */
  readonly md5: string | null;
}

/** @throws BlobError InvalidBlockId unless it is base64 of 1 to 64 bytes */
export function checkBlockId(blockId: string): void {
  const bytes = Buffer.from(blockId, "base64");
  if (bytes.length >= 1 && bytes.length <= 64 && bytes.toString("base64") === blockId) return;
  throw new BlobError("InvalidBlockId", "A block id is base64 of 1 to 64 bytes.");
}

/**
 * @returns what is committed
 * @throws BlobError BlobImmutableDueToPolicy once the file belongs to an evidence for good, ResourceNotFound once its
 *   evidence was purged
 */
async function changeableBlob(
  db: MetadataTransaction | Metadata,
  blobName: string,
): Promise<BlobRow | undefined> {
  const purged = await db
    .selectFrom("purgedBlob")
    .select("blobName")
    .where("blobName", "=", blobName)
    .executeTakeFirst();
  if (purged !== undefined) {
    throw new BlobError("ResourceNotFound", "The evidence of this file was purged.");
  }
  const row = await db.selectFrom("blob").selectAll().where("blobName", "=", blobName).executeTakeFirst();
  if (row?.sealed !== 1) return row;
  throw new BlobError("BlobImmutableDueToPolicy", "This file is part of an evidence and cannot be changed.");
}

/** A blob, and the store in which it is or will be. */
export interface BlobInStore {
  readonly store: BlockBlobStore;
  readonly blobName: string;
}

/**
 * As `changeableBlob`, and before anything is taken in.
 * @throws BlobError ResourceNotFound for a file that the service knew before it was restored from a backup
 */
async function changeableNow({ store, blobName }: BlobInStore): Promise<BlobRow | undefined> {
  const { db, isAnnounced } = store.parts;
  if (isAnnounced !== undefined && !(await isAnnounced(blobName))) {
    throw new BlobError("ResourceNotFound", "There is no such file any more: the service was restored.");
  }
  return changeableBlob(db, blobName);
}

/** What is said of a blob's content, and when. */
export interface DescribedContent {
  readonly attributes: BlobAttributes;
  readonly nowUtcMs: number;
}

function checkArrived(bytes: IncomingBytes, arrivedBytes: number, md5: string | null): void {
  if (arrivedBytes !== bytes.lengthBytes) {
    throw new BlobError("IncompleteBody", "The body is not as long as Content-Length says.");
  }
  if (bytes.contentMd5 !== null && bytes.contentMd5 !== md5) {
    throw new BlobError("Md5Mismatch", "The Content-MD5 does not match the body that arrived.");
  }
}

/** Stores what comes and makes the change that it is for; if that is not made, nothing of it is left. */
async function withBlock<T>(
  { store, blobName }: BlobInStore,
  { bytes, needsMd5, isWhole }: { bytes: IncomingBytes; needsMd5: boolean; isWhole: boolean },
  change: (block: ArrivedBlock) => Promise<T>,
): Promise<T> {
  const hash = needsMd5 ? createHash("md5") : null;
  let [arrivedBytes, md5]: [number, string | null] = [0, null];
  async function* counted(): AsyncIterable<Buffer> {
    for await (const chunk of bytes.body) {
      arrivedBytes += chunk.length;
      notePassedBytes(chunk.length);
      hash?.update(chunk);
      yield chunk;
    }
    md5 = hash?.digest("base64") ?? null;
    checkArrived(bytes, arrivedBytes, md5);
  }
  const { lengthBytes, client } = bytes;
  const arriving = { body: counted(), lengthBytes, client, isWhole };
  return store.place.place(blobName, arriving, (placed) => change({ ...placed, md5 }));
}

/**
 * Put Block. When it returns, the block is on stable storage and known. What is in it is checked at the evidence's
 * completion, by a stronger hash than MD5.
 * @returns base64 MD5 of what arrived, where the client sent one; else null, as Azure answers with one only then
 *   (Put Block, versions from 2019-02-02)
 */
export async function stageBlock(
  target: BlobInStore,
  blockId: string,
  bytes: IncomingBytes,
): Promise<string | null> {
  const { store, blobName } = target;
  checkBlockId(blockId);
  // Nobody sends gigabytes to be refused afterwards; what holds is asked again with the change.
  await changeableNow(target);
  const arriving = { bytes, needsMd5: bytes.contentMd5 !== null, isWhole: false };
  return withBlock(target, arriving, async (arrived) => {
    const { fileName, lengthBytes, md5 } = arrived;
    const block = { blockId, fileName, lengthBytes };
    const stage = async (transaction: MetadataTransaction) => {
      await store.turns.check(transaction, blobName);
      await store.place.noted(transaction, arrived);
      return stageWithin(transaction, blobName, block);
    };
    const replaced = await store.locks.shared(blobName, () => store.commits.run(stage));
    if (replaced !== null) await store.place.discard(blobName, replaced);
    await store.locks.shared(blobName, () => store.place.staged(blobName, block));
    return md5;
  });
}

/** Azure's limit of blocks that wait. */
const STAGED_MAX = 100_000;

/**
 * Changes nothing where it refuses.
 * @returns the file of the block that it replaces
 * @throws BlobError as `changeableBlob` and `checkJoins`
 */
async function stageWithin(
  transaction: MetadataTransaction,
  blobName: string,
  block: StoredBlock,
): Promise<string | null> {
  await changeableBlob(transaction, blobName);
  const known = await listOf(transaction, blobName, "Staged");
  if (known !== undefined) await checkJoins(transaction, known, block);
  return putStaged(transaction, known ?? (await makeList(transaction, blobName, "Staged")), block);
}

/** @throws BlobError InvalidBlobOrBlock, BlockCountExceedsLimit */
async function checkJoins(
  transaction: MetadataTransaction,
  list: BlockListRow,
  block: StoredBlock,
): Promise<void> {
  const other = await transaction
    .selectFrom("stagedBlock")
    .select("blockId")
    .where("list", "=", list.list)
    .limit(1)
    .executeTakeFirst();
  if (other !== undefined && other.blockId.length !== block.blockId.length) {
    throw new BlobError("InvalidBlobOrBlock", "All ids of a blob's blocks are of one length.");
  }
  if (list.blocks >= STAGED_MAX) {
    throw new BlobError("BlockCountExceedsLimit", `At most ${STAGED_MAX} blocks of a blob wait.`);
  }
}

/** Put Blob: one body is the whole blob. */
export async function putBlob(
  target: BlobInStore,
  bytes: IncomingBytes,
  { attributes, nowUtcMs }: DescribedContent,
): Promise<BlobRow> {
  attributes.check(await changeableNow(target));
  return withBlock(target, { bytes, needsMd5: true, isWhole: true }, ({ fileName, lengthBytes, md5 }) => {
    const choose = (): StoredBlock[] => [{ blockId: "", fileName, lengthBytes }];
    return replaceContent(target, choose, { attributes: { ...attributes, contentMd5: md5 }, nowUtcMs });
  });
}

/**
 * Put Block List: the named blocks, in this order, become the blob; every other block of it goes.
 * @throws BlobError InvalidBlockList when a block is not there
 */
export async function commitBlockList(
  target: BlobInStore,
  entries: readonly BlockListEntry[],
  described: DescribedContent,
): Promise<BlobRow> {
  const choose = (known: KnownBlocks): StoredBlock[] => chosenBlocks(entries, known);
  // Nobody's blocks are read and written to be refused afterwards; what holds is asked again with the change.
  described.attributes.check(await changeableNow(target));
  return replaceContent(target, choose, described);
}

interface KnownBlocks {
  readonly staged: readonly StoredBlock[];
  readonly committed: readonly StoredBlock[];
}

function chosenBlocks(entries: readonly BlockListEntry[], known: KnownBlocks): StoredBlock[] {
  const staged = new Map(known.staged.map((block) => [block.blockId, block]));
  const committed = new Map(known.committed.map((block) => [block.blockId, block]));
  return entries.map(({ list, blockId }) => {
    const uncommitted = list === "Committed" ? undefined : staged.get(blockId);
    const block = uncommitted ?? (list === "Uncommitted" ? undefined : committed.get(blockId));
    if (block !== undefined) return block;
    throw new BlobError("InvalidBlockList", "The block list names a block that is not there.");
  });
}

async function knownBlocks({ parts: { db } }: BlockBlobStore, blobName: string): Promise<KnownBlocks> {
  return {
    staged: await blocksIn(db, await listOf(db, blobName, "Staged")),
    committed: await blocksIn(db, await listOf(db, blobName, "Committed")),
  };
}

/**
 * Alone with the blob, since a long list takes its time: what it was chosen from stays what it is. Whether the write may
 * be is asked in the one transaction that others see; what fails before it, or after a kill, has changed nothing.
 */
async function replaceContent(
  { store, blobName }: BlobInStore,
  choose: (known: KnownBlocks) => StoredBlock[],
  described: DescribedContent,
): Promise<BlobRow> {
  const { db } = store.parts;
  return store.alone(blobName, async (turn) => {
    const known = await knownBlocks(store, blobName);
    const chosen = choose(known);
    try {
      const blocks = await store.place.settle(blobName, chosen);
      const row = await commitBlocks({ store, blobName, turn }, blocks, described);
      const before = [...known.staged, ...known.committed, ...chosen].map(({ fileName }) => fileName);
      const used = new Set(blocks.map(({ fileName }) => fileName));
      await store.place.left(blobName, new Set(before), used);
      return row;
    } catch (error) {
      await discardSettled(store, blobName, error);
      throw error;
    } finally {
      await clearUnlessFull(db, blobName);
    }
  });
}

/** The blob was sealed, or purged, while its blocks were put together: what became of them is nobody's. */
async function discardSettled(store: BlockBlobStore, blobName: string, error: unknown): Promise<void> {
  if (!(error instanceof BlobError)) return;
  try {
    if (error.code === "BlobImmutableDueToPolicy") await store.seal(blobName);
    if (error.code === "ResourceNotFound") await store.place.removeAll(blobName);
  } catch (failed) {
    // It is found by whoever looks for what no row knows.
    if (!(failed instanceof BlobsUnreachable)) throw failed;
  }
}

/** On a full disk the rows stay until the blob's next list, or the next start; what was committed is so all the same. */
async function clearUnlessFull(db: Metadata, blobName: string): Promise<void> {
  await clearUnused(db, blobName).catch((error: unknown) => {
    if (!saysNoRoom(error)) throw error;
  });
}

async function commitBlocks(
  { store, blobName, turn }: BlobInStore & { readonly turn: BlobTurn },
  blocks: readonly StoredBlock[],
  described: DescribedContent,
): Promise<BlobRow> {
  const { db } = store.parts;
  const written = blocks.length > PIECE_ROWS ? await writeUnused(db, blobName, blocks) : null;
  return db.transaction().execute(async (transaction) => {
    await turn.stillMine(transaction);
    const before = await changeableBlob(transaction, blobName);
    described.attributes.check(before);
    const list = written ?? (await writeShort(transaction, blobName, blocks));
    await commitList(transaction, list);
    const row = blobRow(list, described);
    await transaction.deleteFrom("blob").where("blobName", "=", blobName).execute();
    await transaction.insertInto("blob").values(row).execute();
    await recordEncryption(transaction, before, row);
    return row;
  });
}

function blobRow(
  { blobName, lengthBytes }: Pick<BlockListRow, "blobName" | "lengthBytes">,
  { attributes, nowUtcMs }: DescribedContent,
): BlobRow {
  return {
    blobName,
    lengthBytes,
    etag: newEtag(),
    contentType: attributes.contentType,
    contentMd5: attributes.contentMd5,
    metadataJson: JSON.stringify(attributes.metadata),
    committedUtcMs: nowUtcMs,
    sealed: 0,
  };
}

function newEtag(): string {
  return `"0x${randomBytes(8).toString("hex").toUpperCase()}"`;
}

/** What is set of a blob, when, and on what condition. */
export interface AttributeChange {
  readonly change: Partial<Pick<BlobRow, "metadataJson" | "contentType" | "contentMd5">>;
  readonly check: CheckWrite;
  readonly nowUtcMs: number;
}

/** Set Blob Metadata or Set Blob Properties of a blob that is not sealed. */
export async function changeAttributes(
  { store, blobName }: BlobInStore,
  { change, check, nowUtcMs }: AttributeChange,
): Promise<BlobRow> {
  return store.parts.db.transaction().execute(async (transaction) => {
    const before = await changeableBlob(transaction, blobName);
    check(before);
    const row = await transaction
      .updateTable("blob")
      .set({ ...change, etag: newEtag(), committedUtcMs: nowUtcMs })
      .where("blobName", "=", blobName)
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) throw new BlobError("BlobNotFound", "There is no such blob.");
    await recordEncryption(transaction, before, row);
    return row;
  });
}

/** @throws BlobError BlobNotFound */
export async function committedBlob(store: BlockBlobStore, blobName: string): Promise<BlobRow> {
  const row = await store.parts.db
    .selectFrom("blob")
    .selectAll()
    .where("blobName", "=", blobName)
    .executeTakeFirst();
  if (row === undefined) throw new BlobError("BlobNotFound", "There is no such blob.");
  return row;
}

/** Get Block List: what is committed in its order, and what is staged by its ids. */
export async function listBlocks(store: BlockBlobStore, blobName: string): Promise<KnownBlocks> {
  // Nobody changes the lists while they are read, piece by piece.
  const { staged, committed } = await store.locks.shared(blobName, () => knownBlocks(store, blobName));
  return { staged, committed: committed.filter(({ blockId }) => blockId !== "") };
}
