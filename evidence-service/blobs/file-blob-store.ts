import { constants } from "node:fs";
import { mkdir, open, readdir, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { BLOB_ACCOUNT, type BlobPermissions, blobSas } from "./sas.ts";
import { BlobError } from "./blob-error.ts";
import { BlobLocks } from "./blob-locks.ts";
import { z } from "zod";
import { notePassedBytes } from "#runtime/streams/passed-bytes.ts";
import { BlobDamaged, type BlobProperties, type BlobStore, READ_CHUNK_BYTES } from "../storage/blob-store.ts";
import { clearUnused, leaveLists } from "./block-lists.ts";
import type { DiskReserve } from "../storage/disk-reserve.ts";
import { syncFolder } from "#runtime/files/sync-folder.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { readJson } from "../storage/read-json.ts";
import { SharedCommits } from "../storage/shared-commits.ts";
import { SharedFlush } from "../storage/shared-flush.ts";

const metadataSchema = z.record(z.string(), z.string());

export interface FileBlobStoreParts {
  readonly db: Metadata;
  /** One folder a blob lies below this one, one file a block in it. */
  readonly folder: string;
  readonly container: string;
  readonly sasSecret: Uint8Array;
  /** Where the service is reached, without a slash at the end. */
  readonly url: () => string;
  /** Who says whether there is room for what comes. */
  readonly room: Pick<DiskReserve, "taking">;
}

/**
 * Blobs as files: a block is one file, a committed blob is the list of its blocks in the database.
 * So a commit copies nothing, and lengths come from the database, never from the file system.
 */
export class FileBlobStore implements BlobStore {
  readonly parts: FileBlobStoreParts;
  /** Whose turn it is to change a blob's rows. */
  readonly locks = new BlobLocks();
  /** For what is told of each block that arrives. */
  readonly commits: SharedCommits;
  /** Folders of blobs that are written to, and are there; those written to last at the end. */
  readonly #folders = new Map<string, SharedFlush>();
  /** Writes under way into a blob's folder. */
  readonly #underWay = new Set<Promise<void>>();
  readonly #writers = new Map<string, number>();
  /** Folders that are being taken away. */
  readonly #forgotten = new Map<string, Promise<void>>();

  constructor(parts: FileBlobStoreParts) {
    this.parts = parts;
    this.commits = new SharedCommits(parts.db, (error) => error instanceof BlobError);
  }

  uploadUri(blobName: string, expiresUtcMs: number, client: string): string {
    return this.#addressFor(blobName, "cw", { expiresUtcMs, client });
  }

  async readUri(blobName: string, expiresUtcMs: number, client: string): Promise<string> {
    return this.#addressFor(blobName, "r", { expiresUtcMs, client });
  }

  #addressFor(
    blobName: string,
    permissions: BlobPermissions,
    { expiresUtcMs, client }: { readonly expiresUtcMs: number; readonly client: string },
  ): string {
    const { container, sasSecret, url } = this.parts;
    const sas = blobSas({ container, blobName }, { permissions, expiresUtcMs, client }, sasSecret);
    return `${url()}/${BLOB_ACCOUNT}/${container}/${blobName}?${sas}`;
  }

  blockPath(blobName: string, fileName: string): string {
    return join(this.parts.folder, blobName, fileName);
  }

  /**
   * Writes into the blob's folder, which is there and found after a power cut; what fails leaves no empty one.
   */
  async writingTo<T>(blobName: string, write: () => Promise<T>): Promise<T> {
    while (this.#forgotten.has(blobName)) await this.#forgotten.get(blobName);
    const settled = Promise.withResolvers<void>();
    this.#underWay.add(settled.promise);
    this.#writers.set(blobName, (this.#writers.get(blobName) ?? 0) + 1);
    try {
      await this.#prepareFolder(blobName);
      return await write();
    } catch (error) {
      // It may be gone, whoever took it away.
      this.#folders.delete(blobName);
      if (this.#writers.get(blobName) === 1) await this.#forget(blobName);
      throw error;
    } finally {
      const others = (this.#writers.get(blobName) ?? 1) - 1;
      if (others === 0) this.#writers.delete(blobName);
      else this.#writers.set(blobName, others);
      this.#underWay.delete(settled.promise);
      settled.resolve();
    }
  }

  /** When no write is under way any more. */
  async settled(): Promise<void> {
    await Promise.all([...this.#underWay, this.locks.settled()]);
  }

  /** When the names of the files that were in the blob's folder before are on stable storage. */
  async syncNames(blobName: string): Promise<void> {
    await (this.#folders.get(blobName)?.flushed() ?? syncFolder(join(this.parts.folder, blobName)));
  }

  /** Once for all that is written to a blob, and not for each block. */
  async #prepareFolder(blobName: string): Promise<void> {
    const known = this.#folders.get(blobName);
    const path = join(this.parts.folder, blobName);
    if (known === undefined) {
      const created = await mkdir(path, { recursive: true, mode: 0o700 });
      if (created !== undefined) await syncFolder(this.parts.folder);
    }
    this.#folders.delete(blobName);
    this.#folders.set(blobName, known ?? new SharedFlush(() => syncFolder(path)));
    const [oldest] = this.#folders.keys();
    if (this.#folders.size > FOLDERS_MOST && oldest !== undefined) this.#folders.delete(oldest);
  }

  /** Whoever begins to write meanwhile waits for it. */
  async #forget(blobName: string): Promise<void> {
    const forgotten = rmdir(join(this.parts.folder, blobName)).catch((error: unknown) => {
      if (!(error instanceof Error && "code" in error && STAYS.has(error.code))) throw error;
    });
    this.#forgotten.set(blobName, forgotten);
    try {
      await forgotten;
    } finally {
      this.#forgotten.delete(blobName);
    }
  }

  async properties(blobName: string): Promise<BlobProperties | null> {
    const row = await this.parts.db
      .selectFrom("blob")
      .select(["lengthBytes", "metadataJson"])
      .where("blobName", "=", blobName)
      .executeTakeFirst();
    if (row === undefined) return null;
    return { lengthBytes: row.lengthBytes, metadata: readJson(metadataSchema, row.metadataJson) ?? {} };
  }

  async receivedBytes(blobName: string): Promise<number> {
    const row = await this.parts.db
      .selectFrom("blockList")
      .select((e) => e.fn.sum<number | null>("lengthBytes").as("total"))
      .where("blobName", "=", blobName)
      .where("state", "!=", "Unused")
      .executeTakeFirst();
    return Number(row?.total ?? 0);
  }

  #committedBlocks(blobName: string) {
    return this.parts.db
      .selectFrom("committedBlock")
      .innerJoin("blockList", "blockList.list", "committedBlock.list")
      .where("blobName", "=", blobName)
      .where("state", "=", "Committed");
  }

  async *read(blobName: string, startByte: number, endByte: number, into?: Buffer): AsyncIterable<Buffer> {
    const first = this.#committedBlocks(blobName)
      .select((e) => e.fn.max("startByte").as("startByte"))
      .where("startByte", "<=", startByte);
    const blocks = await this.#committedBlocks(blobName)
      .select(["fileName", "committedBlock.lengthBytes", "startByte"])
      .where("startByte", ">=", first)
      .where("startByte", "<", endByte)
      .orderBy("startByte")
      .execute();
    let atByte = startByte;
    for (const block of blocks) {
      const from = atByte - block.startByte;
      const to = Math.min(endByte - block.startByte, block.lengthBytes);
      // Nothing but blocks is ever given out, whatever somebody wrote into the tables.
      if (!OWN_FILE.test(block.fileName)) {
        throw new BlobDamaged(`A part of the blob ${blobName} is said to lie where no part does.`);
      }
      const path = this.blockPath(blobName, block.fileName);
      yield* readFileRange({ blobName, path, from, to }, into);
      atByte += to - from;
    }
    if (atByte !== endByte) throw new BlobDamaged(`Blob ${blobName} has no bytes ${atByte} to ${endByte}.`);
  }

  async storedBytes(blobName: string): Promise<number | null> {
    const blocks = await this.#committedBlocks(blobName).select("fileName").execute();
    let total = blocks.length === 0 ? null : 0;
    for (const { fileName } of blocks) {
      const size = OWN_FILE.test(fileName) ? await sizeOf(this.blockPath(blobName, fileName)) : null;
      total = total === null || size === null ? null : total + size;
    }
    return total;
  }

  async seal(blobName: string): Promise<void> {
    await this.parts.db.updateTable("blob").set({ sealed: 1 }).where("blobName", "=", blobName).execute();
  }

  async remove(blobName: string): Promise<void> {
    const { db } = this.parts;
    await this.locks.exclusive(blobName, async () => {
      await db.transaction().execute(async (transaction) => {
        await leaveLists(transaction, blobName);
        await transaction.deleteFrom("blob").where("blobName", "=", blobName).execute();
      });
      await clearUnused(db, blobName);
    });
    this.#folders.delete(blobName);
    await rm(join(this.parts.folder, blobName), { recursive: true, force: true });
  }

  async #filesOf(blobName: string): Promise<{ readonly fileName: string }[]> {
    const staged = this.parts.db
      .selectFrom("stagedBlock")
      .innerJoin("blockList", "blockList.list", "stagedBlock.list")
      .select("fileName")
      .where("blobName", "=", blobName);
    return this.#committedBlocks(blobName).select("fileName").unionAll(staged).execute();
  }

  /**
   * Deletes lists that were not committed and files that no row knows: what a crash left between a file and its row.
   * Only at start.
   */
  async sweepOrphans(): Promise<void> {
    await clearUnused(this.parts.db);
    await mkdir(this.parts.folder, { recursive: true, mode: 0o700 });
    const entries = await readdir(this.parts.folder, { withFileTypes: true });
    // What is named otherwise is none of ours: a file browser's, a backup's, or the disk's own `lost+found`.
    const own = entries.filter((entry) => entry.isDirectory() && BLOB_FOLDER.test(entry.name));
    for (const { name } of own) {
      await this.#sweep(name).catch((error: unknown) => {
        // What cannot be read stays as it is: whoever reads or verifies it is told, and all others have their files.
        if (!isOfTheDisk(error)) throw error;
      });
    }
  }

  async #sweep(blobName: string): Promise<void> {
    const rows = await this.#filesOf(blobName);
    const known = new Set(rows.map((row) => row.fileName));
    const files = await readdir(join(this.parts.folder, blobName), { withFileTypes: true });
    const orphans = files.filter(
      (file) => file.isFile() && OWN_FILE.test(file.name) && !known.has(file.name),
    );
    for (const { name } of orphans) await rm(join(this.parts.folder, blobName, name), { force: true });
    if (known.size === 0) await rm(join(this.parts.folder, blobName), { recursive: true, force: true });
  }
}

/** Blobs are named by random UUIDs. */
const BLOB_FOLDER = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A block, whole or while it is written. */
const OWN_FILE = /^[0-9a-f]{24}(\.part)?$/;

/** More than are written to at a time. */
const FOLDERS_MOST = 1_000;

const STAYS: ReadonlySet<unknown> = new Set(["ENOTEMPTY", "EEXIST", "ENOENT"]);

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    (error: unknown) => (isOfTheDisk(error) ? null : Promise.reject(error)),
  );
}

/** What is no fault of a file: the process, or the machine, has no more of something. */
const OF_THE_MACHINE: ReadonlySet<unknown> = new Set(["EMFILE", "ENFILE", "ENOMEM", "EAGAIN"]);

/** Whether the system says of a file that it is gone, is no file, or cannot be read where it lies. */
function isOfTheDisk(error: unknown): boolean {
  const isOfSystem = error instanceof Error && "code" in error && "errno" in error;
  return isOfSystem && !OF_THE_MACHINE.has(error.code);
}

function damagedOr(blobName: string, error: unknown): unknown {
  if (!isOfTheDisk(error)) return error;
  return new BlobDamaged(`A part of the blob ${blobName} cannot be read.`, { cause: error });
}

/** A named pipe in a block's place would keep one of the few threads that open files until somebody writes to it. */
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

interface FileRange {
  readonly blobName: string;
  readonly path: string;
  /** First byte, and the one after the last. */
  readonly from: number;
  readonly to: number;
}

async function* readFileRange(
  { blobName, path, from, to }: FileRange,
  into: Buffer | undefined,
): AsyncIterable<Buffer> {
  const handle = await open(path, WITHOUT_WAITING).catch((error: unknown) => {
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
