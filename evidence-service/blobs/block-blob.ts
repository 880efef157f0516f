/**
 * Block blobs on files: stage, commit, put, describe. Words and refusals are those of the Azure Blob
 * Storage REST reference ("Put Block", "Put Block List", "Put Blob", "Get Block List").
 */
import { createHash, randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { notePassedBytes } from "#streams/young-garbage.ts";
import type { FileBlobStore } from "../storage/file-blob-store.ts";
import { writeDurably } from "../storage/durable-file.ts";
import type { BlobTable, MetadataTransaction } from "../storage/metadata-tables.ts";
import type { Selectable } from "kysely";
import { BlobError } from "./blob-error.ts";

export type BlobRow = Selectable<BlobTable>;

export interface BlobAttributes {
  readonly contentType: string;
  readonly contentMd5: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface IncomingBytes {
  readonly body: AsyncIterable<Buffer>;
  /** From Content-Length; what arrives has to be exactly this long. */
  readonly lengthBytes: number;
  /** Base64, or null when the client sent none. */
  readonly contentMd5: string | null;
}

export interface BlockListEntry {
  readonly list: "Latest" | "Committed" | "Uncommitted";
  readonly blockId: string;
}

interface StoredFile {
  readonly fileName: string;
  readonly lengthBytes: number;
  /** Base64; null where nobody asked for it. */
  readonly md5: string | null;
}

interface BlockPlace {
  readonly blockId: string;
  readonly fileName: string;
  readonly lengthBytes: number;
}

/** @throws BlobError InvalidBlockId unless it is base64 of 1 to 64 bytes */
export function checkBlockId(blockId: string): void {
  const bytes = Buffer.from(blockId, "base64");
  if (bytes.length >= 1 && bytes.length <= 64 && bytes.toString("base64") === blockId) return;
  throw new BlobError(400, "InvalidBlockId", "A block id is base64 of 1 to 64 bytes.");
}

/** @throws BlobError BlobImmutableDueToPolicy once the file belongs to an evidence for good */
async function refuseSealed(transaction: MetadataTransaction, blobName: string): Promise<void> {
  const row = await transaction
    .selectFrom("blob")
    .select("sealed")
    .where("blobName", "=", blobName)
    .executeTakeFirst();
  if (row?.sealed !== 1) return;
  throw new BlobError(
    409,
    "BlobImmutableDueToPolicy",
    "This file is part of an evidence and cannot be changed.",
  );
}

async function storeFile(
  store: FileBlobStore,
  blobName: string,
  bytes: IncomingBytes,
  needsMd5: boolean,
): Promise<StoredFile> {
  const fileName = randomBytes(12).toString("hex");
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
  await store.prepareFolder(blobName);
  await writeDurably(store.blockPath(blobName, fileName), counted());
  return { fileName, lengthBytes: arrivedBytes, md5 };
}

function checkArrived(bytes: IncomingBytes, arrivedBytes: number, md5: string | null): void {
  if (arrivedBytes !== bytes.lengthBytes) {
    throw new BlobError(400, "IncompleteBody", "The body is not as long as Content-Length says.");
  }
  if (bytes.contentMd5 !== null && bytes.contentMd5 !== md5) {
    throw new BlobError(400, "Md5Mismatch", "The Content-MD5 does not match the body that arrived.");
  }
}

async function removeFiles(
  store: FileBlobStore,
  blobName: string,
  fileNames: Iterable<string>,
): Promise<void> {
  for (const fileName of fileNames) await rm(store.blockPath(blobName, fileName), { force: true });
}

/** Runs a change; if it fails, the file just written is taken away again. */
async function withFile<T>(
  store: FileBlobStore,
  blobName: string,
  file: StoredFile,
  change: () => Promise<T>,
): Promise<T> {
  try {
    return await change();
  } catch (error) {
    await removeFiles(store, blobName, [file.fileName]);
    throw error;
  }
}

/**
 * Put Block. When it returns, the block is on stable storage and known. What is in it is checked at the evidence's
 * completion, by a stronger hash than MD5.
 * @returns base64 MD5 of what arrived, where the client sent one; else null, as Azure answers with one only then
 *   (Put Block, versions from 2019-02-02)
 */
export async function stageBlock(
  store: FileBlobStore,
  blobName: string,
  blockId: string,
  bytes: IncomingBytes,
): Promise<string | null> {
  checkBlockId(blockId);
  const file = await storeFile(store, blobName, bytes, bytes.contentMd5 !== null);
  const replaced = await withFile(store, blobName, file, () =>
    store.parts.db.transaction().execute(async (transaction) => {
      await refuseSealed(transaction, blobName);
      const old = await transaction
        .deleteFrom("block")
        .where("blobName", "=", blobName)
        .where("blockId", "=", blockId)
        .where("position", "is", null)
        .returning("fileName")
        .execute();
      const { fileName, lengthBytes } = file;
      const row = { blobName, blockId, fileName, lengthBytes, position: null, startByte: null };
      await transaction.insertInto("block").values(row).execute();
      return old.map((block) => block.fileName);
    }),
  );
  await removeFiles(store, blobName, replaced);
  return file.md5;
}

/** Put Blob: one body is the whole blob. */
export async function putBlob(
  store: FileBlobStore,
  blobName: string,
  bytes: IncomingBytes,
  attributes: BlobAttributes,
  nowUtcMs: number,
): Promise<BlobRow> {
  const file = await storeFile(store, blobName, bytes, true);
  const block = { blockId: "", fileName: file.fileName, lengthBytes: file.lengthBytes };
  const described = { ...attributes, contentMd5: file.md5 };
  return withFile(store, blobName, file, () =>
    replaceContent(store, blobName, () => [block], described, nowUtcMs),
  );
}

/**
 * Put Block List: the named blocks, in this order, become the blob; every other block of it goes.
 * @throws BlobError InvalidBlockList when a block is not there
 */
export async function commitBlockList(
  store: FileBlobStore,
  blobName: string,
  entries: readonly BlockListEntry[],
  attributes: BlobAttributes,
  nowUtcMs: number,
): Promise<BlobRow> {
  const choose = (known: Awaited<ReturnType<typeof blocksOf>>): BlockPlace[] => {
    const staged = new Map(known.filter((b) => b.position === null).map((b) => [b.blockId, b]));
    const committed = new Map(known.filter((b) => b.position !== null).map((b) => [b.blockId, b]));
    return entries.map(({ list, blockId }) => {
      const uncommitted = list === "Committed" ? undefined : staged.get(blockId);
      const block = uncommitted ?? (list === "Uncommitted" ? undefined : committed.get(blockId));
      if (block !== undefined) return block;
      throw new BlobError(400, "InvalidBlockList", "The block list names a block that is not there.");
    });
  };
  return replaceContent(store, blobName, choose, attributes, nowUtcMs);
}

async function blocksOf(transaction: MetadataTransaction, blobName: string) {
  return transaction
    .selectFrom("block")
    .select(["blockId", "fileName", "lengthBytes", "position"])
    .where("blobName", "=", blobName)
    .execute();
}

async function replaceContent(
  store: FileBlobStore,
  blobName: string,
  choose: (known: Awaited<ReturnType<typeof blocksOf>>) => BlockPlace[],
  attributes: BlobAttributes,
  nowUtcMs: number,
): Promise<BlobRow> {
  const { row, unused } = await store.parts.db.transaction().execute(async (transaction) => {
    await refuseSealed(transaction, blobName);
    const known = await blocksOf(transaction, blobName);
    const blocks = choose(known);
    await transaction.deleteFrom("block").where("blobName", "=", blobName).execute();
    const lengthBytes = await insertCommitted(transaction, blobName, blocks);
    const row = blobRow(blobName, lengthBytes, attributes, nowUtcMs);
    await transaction.deleteFrom("blob").where("blobName", "=", blobName).execute();
    await transaction.insertInto("blob").values(row).execute();
    const used = new Set(blocks.map((block) => block.fileName));
    return { row, unused: known.map((b) => b.fileName).filter((fileName) => !used.has(fileName)) };
  });
  await removeFiles(store, blobName, unused);
  return row;
}

/** Rows an INSERT statement carries; SQLite allows 32,766 values in one. */
const INSERT_ROWS = 1_000;

async function insertCommitted(
  transaction: MetadataTransaction,
  blobName: string,
  blocks: readonly BlockPlace[],
): Promise<number> {
  let startByte = 0;
  const rows = blocks.map(({ blockId, fileName, lengthBytes }, position) => {
    const row = { blobName, blockId, fileName, lengthBytes, position, startByte };
    startByte += lengthBytes;
    return row;
  });
  for (let at = 0; at < rows.length; at += INSERT_ROWS) {
    await transaction
      .insertInto("block")
      .values(rows.slice(at, at + INSERT_ROWS))
      .execute();
  }
  return startByte;
}

function blobRow(
  blobName: string,
  lengthBytes: number,
  attributes: BlobAttributes,
  nowUtcMs: number,
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

/** Set Blob Metadata or Set Blob Properties of a blob that is not sealed. */
export async function changeAttributes(
  store: FileBlobStore,
  blobName: string,
  change: Partial<Pick<BlobRow, "metadataJson" | "contentType" | "contentMd5">>,
  nowUtcMs: number,
): Promise<BlobRow> {
  return store.parts.db.transaction().execute(async (transaction) => {
    await refuseSealed(transaction, blobName);
    const row = await transaction
      .updateTable("blob")
      .set({ ...change, etag: newEtag(), committedUtcMs: nowUtcMs })
      .where("blobName", "=", blobName)
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) throw new BlobError(404, "BlobNotFound", "There is no such blob.");
    return row;
  });
}

/** @throws BlobError BlobNotFound */
export async function committedBlob(store: FileBlobStore, blobName: string): Promise<BlobRow> {
  const row = await store.parts.db
    .selectFrom("blob")
    .selectAll()
    .where("blobName", "=", blobName)
    .executeTakeFirst();
  if (row === undefined) throw new BlobError(404, "BlobNotFound", "There is no such blob.");
  return row;
}

/** Get Block List: what is committed in its order, and what is staged in the order of arrival. */
export async function listBlocks(store: FileBlobStore, blobName: string) {
  const rows = await store.parts.db
    .selectFrom("block")
    .select(["blockId", "lengthBytes", "position"])
    .where("blobName", "=", blobName)
    .orderBy("position")
    .orderBy("seq")
    .execute();
  return {
    committed: rows.filter((row) => row.position !== null && row.blockId !== ""),
    uncommitted: rows.filter((row) => row.position === null),
  };
}
