import { mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { BLOB_ACCOUNT, uploadSas } from "../blobs/sas.ts";
import { z } from "zod";
import { notePassedBytes } from "#streams/young-garbage.ts";
import { BlobDamaged, type BlobProperties, type BlobStore, READ_CHUNK_BYTES } from "./blob-store.ts";
import { syncFolder } from "./durable-file.ts";
import type { Metadata } from "./metadata-tables.ts";

const metadataSchema = z.record(z.string(), z.string());

export interface FileBlobStoreParts {
  readonly db: Metadata;
  /** One folder a blob lies below this one, one file a block in it. */
  readonly folder: string;
  readonly container: string;
  readonly sasSecret: Uint8Array;
  /** Where the service is reached, without a slash at the end. */
  readonly url: () => string;
}

/**
 * Blobs as files: a block is one file, a committed blob is the list of its blocks in the database.
 * So a commit copies nothing, and lengths come from the database, never from the file system.
 */
export class FileBlobStore implements BlobStore {
  readonly parts: FileBlobStoreParts;

  constructor(parts: FileBlobStoreParts) {
    this.parts = parts;
  }

  uploadUri(blobName: string, expiresUtcMs: number): string {
    const { container, sasSecret, url } = this.parts;
    const sas = uploadSas({ container, blobName }, expiresUtcMs, sasSecret);
    return `${url()}/${BLOB_ACCOUNT}/${container}/${blobName}?${sas}`;
  }

  blockPath(blobName: string, fileName: string): string {
    return join(this.parts.folder, blobName, fileName);
  }

  /** Makes the blob's folder durable, so that a block's file is found in it after a power cut. */
  async prepareFolder(blobName: string): Promise<void> {
    const created = await mkdir(join(this.parts.folder, blobName), { recursive: true, mode: 0o700 });
    if (created !== undefined) await syncFolder(this.parts.folder);
  }

  async properties(blobName: string): Promise<BlobProperties | null> {
    const row = await this.parts.db
      .selectFrom("blob")
      .select(["lengthBytes", "metadataJson"])
      .where("blobName", "=", blobName)
      .executeTakeFirst();
    if (row === undefined) return null;
    return { lengthBytes: row.lengthBytes, metadata: metadataSchema.parse(JSON.parse(row.metadataJson)) };
  }

  async receivedBytes(blobName: string): Promise<number> {
    const row = await this.parts.db
      .selectFrom("block")
      .select((e) => e.fn.sum<number | null>("lengthBytes").as("total"))
      .where("blobName", "=", blobName)
      .executeTakeFirst();
    return Number(row?.total ?? 0);
  }

  async *read(blobName: string, startByte: number, endByte: number, into?: Buffer): AsyncIterable<Buffer> {
    const blocks = await this.parts.db
      .selectFrom("block")
      .select(["fileName", "lengthBytes", "startByte"])
      .where("blobName", "=", blobName)
      .where("position", "is not", null)
      .where("startByte", "<", endByte)
      .where((e) => e(e("startByte", "+", e.ref("lengthBytes")), ">", startByte))
      .orderBy("position")
      .execute();
    let atByte = startByte;
    for (const block of blocks) {
      const from = atByte - (block.startByte ?? 0);
      const to = Math.min(endByte - (block.startByte ?? 0), block.lengthBytes);
      yield* readFileRange(blobName, this.blockPath(blobName, block.fileName), from, to, into);
      atByte += to - from;
    }
    if (atByte !== endByte) throw new BlobDamaged(`Blob ${blobName} has no bytes ${atByte} to ${endByte}.`);
  }

  async storedBytes(blobName: string): Promise<number | null> {
    const blocks = await this.parts.db
      .selectFrom("block")
      .select("fileName")
      .where("blobName", "=", blobName)
      .where("position", "is not", null)
      .execute();
    let total = blocks.length === 0 ? null : 0;
    for (const { fileName } of blocks) {
      const size = await sizeOf(this.blockPath(blobName, fileName));
      total = total === null || size === null ? null : total + size;
    }
    return total;
  }

  async seal(blobName: string): Promise<void> {
    await this.parts.db.updateTable("blob").set({ sealed: 1 }).where("blobName", "=", blobName).execute();
  }

  async remove(blobName: string): Promise<void> {
    await this.parts.db.transaction().execute(async (transaction) => {
      await transaction.deleteFrom("block").where("blobName", "=", blobName).execute();
      await transaction.deleteFrom("blob").where("blobName", "=", blobName).execute();
    });
    await rm(join(this.parts.folder, blobName), { recursive: true, force: true });
  }

  /** Deletes files that no row knows: what a crash left between a file and its row. Only at start. */
  async sweepOrphans(): Promise<void> {
    await mkdir(this.parts.folder, { recursive: true, mode: 0o700 });
    for (const blobName of await readdir(this.parts.folder)) {
      const rows = await this.parts.db
        .selectFrom("block")
        .select("fileName")
        .where("blobName", "=", blobName)
        .execute();
      const known = new Set(rows.map((row) => row.fileName));
      const files = await readdir(join(this.parts.folder, blobName));
      const orphans = files.filter((file) => !known.has(file));
      for (const file of orphans) await rm(this.blockPath(blobName, file), { force: true });
      if (known.size === 0) await rm(join(this.parts.folder, blobName), { recursive: true, force: true });
    }
  }
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    (error: unknown) => (isOfTheDisk(error) ? null : Promise.reject(error)),
  );
}

/** What the system says of a file that is gone, no file, or cannot be read where it lies. */
const DISK_ERRORS: ReadonlySet<unknown> = new Set(["ENOENT", "ENOTDIR", "EISDIR", "EIO", "EACCES", "EPERM"]);

function isOfTheDisk(error: unknown): boolean {
  return error instanceof Error && "code" in error && DISK_ERRORS.has(error.code);
}

function damagedOr(blobName: string, error: unknown): unknown {
  if (!isOfTheDisk(error)) return error;
  return new BlobDamaged(`A part of the blob ${blobName} cannot be read.`, { cause: error });
}

async function* readFileRange(
  blobName: string,
  path: string,
  from: number,
  to: number,
  into: Buffer | undefined,
): AsyncIterable<Buffer> {
  const handle = await open(path, "r").catch((error: unknown) => {
    throw damagedOr(blobName, error);
  });
  try {
    for (let at = from; at < to;) {
      const wanted = Math.min(READ_CHUNK_BYTES, to - at);
      const buffer = into?.subarray(0, wanted) ?? Buffer.allocUnsafe(wanted);
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at).catch((error: unknown) => {
        throw damagedOr(blobName, error);
      });
      if (into === undefined) notePassedBytes(bytesRead);
      if (bytesRead === 0) throw new BlobDamaged(`A part of the blob ${blobName} is shorter than it was.`);
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}
