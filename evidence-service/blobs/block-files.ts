import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rm, rmdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { writeNamedLater } from "#runtime/files/durable-file.ts";
import { syncFolder } from "#runtime/files/sync-folder.ts";
import { notePassedBytes } from "#runtime/streams/passed-bytes.ts";
import { saysMissing } from "#runtime/files/missing-file.ts";
import type { ArrivingBlock, BlockPlace, BlockRange, BroughtBlock, PlacedBlock } from "./block-place.ts";
import type { StoredBlock } from "./block-lists.ts";
import { BlobDamaged, BlobsUnreachable, READ_CHUNK_BYTES } from "../storage/blob-store.ts";
import { isOfTheDisk } from "./disk-errors.ts";
import { type FolderOwner, insistOnOwner } from "./file-owner.ts";
import { CommitInDoubt } from "../storage/commit-in-doubt.ts";
import type { DiskReserve } from "../storage/disk-reserve.ts";
import { SharedFlush } from "../storage/shared-flush.ts";

export interface BlockFilesParts {
  /** One folder a blob lies below this one, one file a block in it. */
  readonly folder: string;
  /** Whose files they are; nobody is asked for where whoever opens the folder knows. */
  readonly owner?: FolderOwner;
  /** Who says whether there is room for what comes. */
  readonly room: Pick<DiskReserve, "taking">;
}

/** Blocks as files: a block is one file, so a commit copies nothing. */
export class BlockFiles implements BlockPlace {
  readonly #parts: BlockFilesParts;
  /** Folders of blobs that are written to, and are there; those written to last at the end. */
  readonly #folders = new Map<string, SharedFlush>();
  /** Writes under way into a blob's folder. */
  readonly #underWay = new Set<Promise<void>>();
  readonly #writers = new Map<string, number>();
  /** Folders that are being taken away. */
  readonly #forgotten = new Map<string, Promise<void>>();

  constructor(parts: BlockFilesParts) {
    this.#parts = parts;
  }

  blockPath(blobName: string, fileName: string): string {
    return join(this.#parts.folder, blobName, fileName);
  }

  async place<T>(
    blobName: string,
    { body, lengthBytes, client }: ArrivingBlock,
    change: (placed: PlacedBlock) => Promise<T>,
  ): Promise<T> {
    await this.#insistOnOwner();
    const write = async (): Promise<T> => {
      const fileName = randomBytes(12).toString("hex");
      await writeNamedLater(this.blockPath(blobName, fileName), body, () => this.#syncNames(blobName));
      try {
        return await change({ fileName, lengthBytes, receipt: null });
      } catch (error) {
        // A row may name it; if none does after the next start, it goes then.
        if (!(error instanceof CommitInDoubt)) await this.discard(blobName, fileName);
        throw error;
      }
    };
    return this.#parts.room.taking(lengthBytes, () => this.#writingTo(blobName, write), client);
  }

  async bring(blobName: string, blocks: readonly BroughtBlock[]): Promise<readonly string[]> {
    const names: string[] = [];
    for (const { lengthBytes, bytes } of blocks) {
      const arriving = { body: bytes(), lengthBytes, client: "", isWhole: false };
      names.push(await this.place(blobName, arriving, async ({ fileName }) => fileName));
    }
    return names;
  }

  async noted(): Promise<void> {}

  async staged(): Promise<void> {}

  async settle(_blobName: string, blocks: readonly StoredBlock[]): Promise<readonly StoredBlock[]> {
    return blocks;
  }

  async discard(blobName: string, fileName: string): Promise<void> {
    await unlink(this.blockPath(blobName, fileName)).catch((error: unknown) => {
      if (!saysMissing(error)) throw error;
    });
  }

  async left(blobName: string, before: ReadonlySet<string>, used: ReadonlySet<string>): Promise<void> {
    for (const fileName of before) if (!used.has(fileName)) await this.discard(blobName, fileName);
  }

  async *read(blobName: string, ranges: readonly BlockRange[], into?: Buffer): AsyncIterable<Buffer> {
    for (const { fileName, from, to } of ranges) {
      // Nothing but blocks is ever given out, whatever somebody wrote into the tables.
      if (!OWN_FILE.test(fileName)) {
        throw new BlobDamaged(`A part of the blob ${blobName} is said to lie where no part does.`);
      }
      const handle = await this.#opened(blobName, fileName);
      yield* readFileRange(handle, { blobName, from, to }, into);
    }
  }

  async #opened(blobName: string, fileName: string): Promise<FileHandle> {
    try {
      return await open(this.blockPath(blobName, fileName), WITHOUT_WAITING);
    } catch (error) {
      await this.insistOnAnswer(true);
      throw damagedOr(blobName, error);
    }
  }

  async #insistOnOwner(): Promise<void> {
    const { folder, owner } = this.#parts;
    if (owner !== undefined) await insistOnOwner(folder, owner);
  }

  /** Where the disk of the files is not there, they are not missing one by one. */
  async insistOnAnswer(isKnown: boolean): Promise<void> {
    const { folder, owner } = this.#parts;
    if (owner !== undefined) return this.#insistOnOwner();
    if (!isKnown) return;
    const entries = await readdir(folder).catch((error: unknown) => {
      if (isOfTheDisk(error)) return [];
      throw error;
    });
    if (entries.length > 0) return;
    throw new BlobsUnreachable(`The folder of the stored files, ${folder}, is empty or cannot be read.`);
  }

  async storedBytes(blobName: string, blocks: readonly BlockRange[]): Promise<number | null> {
    let total = 0;
    for (const { fileName } of blocks) {
      const size = OWN_FILE.test(fileName) ? await sizeOf(this.blockPath(blobName, fileName)) : null;
      if (size === null) {
        await this.insistOnAnswer(true);
        return null;
      }
      total += size;
    }
    return total;
  }

  async sealed(): Promise<void> {}

  async protect(): Promise<void> {}

  async removeAll(blobName: string): Promise<void> {
    // Where they are not now, they would stay.
    await this.#insistOnOwner();
    this.#folders.delete(blobName);
    await rm(join(this.#parts.folder, blobName), { recursive: true, force: true });
  }

  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  /**
   * Writes into the blob's folder, which is there and found after a power cut; what fails leaves no empty one.
   */
  async #writingTo<T>(blobName: string, write: () => Promise<T>): Promise<T> {
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

  /** When the names of the files that were in the blob's folder before are on stable storage. */
  async #syncNames(blobName: string): Promise<void> {
    await (this.#folders.get(blobName)?.flushed() ?? syncFolder(join(this.#parts.folder, blobName)));
  }

  /** Once for all that is written to a blob, and not for each block. */
  async #prepareFolder(blobName: string): Promise<void> {
    const known = this.#folders.get(blobName);
    const path = join(this.#parts.folder, blobName);
    if (known === undefined) {
      const created = await mkdir(path, { recursive: true, mode: 0o700 });
      if (created !== undefined) await syncFolder(this.#parts.folder);
    }
    this.#folders.delete(blobName);
    this.#folders.set(blobName, known ?? new SharedFlush(() => syncFolder(path)));
    const [oldest] = this.#folders.keys();
    if (this.#folders.size > FOLDERS_MOST && oldest !== undefined) this.#folders.delete(oldest);
  }

  /** Whoever begins to write meanwhile waits for it. */
  async #forget(blobName: string): Promise<void> {
    const forgotten = rmdir(join(this.#parts.folder, blobName)).catch((error: unknown) => {
      if (!(error instanceof Error && "code" in error && STAYS.has(error.code))) throw error;
    });
    this.#forgotten.set(blobName, forgotten);
    try {
      await forgotten;
    } finally {
      this.#forgotten.delete(blobName);
    }
  }

  /**
   * Deletes files that no row knows: what a crash left between a file and its row. Only at start.
   * @param knownFiles of a blob
   */
  async sweepOrphans(knownFiles: (blobName: string) => Promise<ReadonlySet<string>>): Promise<void> {
    const { folder } = this.#parts;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const entries = await readdir(folder, { withFileTypes: true });
    // What is named otherwise is none of ours: a file browser's, a backup's, or the disk's own `lost+found`.
    const own = entries.filter((entry) => entry.isDirectory() && BLOB_FOLDER.test(entry.name));
    for (const { name } of own) {
      await this.#sweep(name, await knownFiles(name)).catch((error: unknown) => {
        // What cannot be read stays as it is: whoever reads or verifies it is told, and all others have their files.
        if (!isOfTheDisk(error)) throw error;
      });
    }
  }

  async #sweep(blobName: string, known: ReadonlySet<string>): Promise<void> {
    const { folder } = this.#parts;
    const files = await readdir(join(folder, blobName), { withFileTypes: true });
    const orphans = files.filter(
      (file) => file.isFile() && OWN_FILE.test(file.name) && !known.has(file.name),
    );
    for (const { name } of orphans) await rm(join(folder, blobName, name), { force: true });
    if (known.size === 0) await rm(join(folder, blobName), { recursive: true, force: true });
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

function damagedOr(blobName: string, error: unknown): unknown {
  if (!isOfTheDisk(error)) return error;
  return new BlobDamaged(`A part of the blob ${blobName} cannot be read.`, { cause: error });
}

/** A named pipe in a block's place would keep one of the few threads that open files until somebody writes to it. */
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

interface FileRange {
  readonly blobName: string;
  /** First byte, and the one after the last. */
  readonly from: number;
  readonly to: number;
}

async function* readFileRange(
  handle: FileHandle,
  { blobName, from, to }: FileRange,
  into: Buffer | undefined,
): AsyncIterable<Buffer> {
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
