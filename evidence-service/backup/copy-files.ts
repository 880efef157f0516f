/** Copies of files that are durable, and whole or absent. */
import { mkdir, open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { saysMissing } from "#runtime/files/missing-file.ts";
import { writeDurably } from "#runtime/files/durable-file.ts";
import { syncFolder } from "#runtime/files/sync-folder.ts";

/** Blobs, and blocks in them that are whole: both have names that are given once. */
const BLOB_FOLDER = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const BLOCK_FILE = /^[0-9a-f]{24}$/;

export interface CopiedFiles {
  readonly copied: number;
  /** Copied before. */
  readonly known: number;
}

/** @returns whether it was there */
export async function copyIfThere(from: string, to: string): Promise<boolean> {
  const source = await open(from).catch((error: unknown) => {
    if (saysMissing(error)) return null;
    throw error;
  });
  if (source === null) return false;
  try {
    await writeDurably(to, source.createReadStream({ autoClose: false }));
  } finally {
    await source.close();
  }
  return true;
}

/**
 * Copies stored files, also while they are written: a block's name is never given to other bytes, so one that is there
 * with the same length is not copied again. What goes meanwhile was of no complete evidence.
 */
export async function copyStoredFiles(from: string, to: string): Promise<CopiedFiles> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  let [copied, known] = [0, 0];
  for (const blobName of await namesIn(from, BLOB_FOLDER)) {
    for (const fileName of await namesIn(join(from, blobName), BLOCK_FILE)) {
      const [source, target] = [join(from, blobName, fileName), join(to, blobName, fileName)];
      if (await areOneLength(source, target)) known += 1;
      else {
        await mkdir(join(to, blobName), { recursive: true, mode: 0o700 });
        if (await copyIfThere(source, target)) copied += 1;
      }
    }
  }
  await syncFolder(to);
  return { copied, known };
}

async function namesIn(folder: string, form: RegExp): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (saysMissing(error)) return [];
    throw error;
  });
  return names.filter((name) => form.test(name));
}

async function areOneLength(one: string, other: string): Promise<boolean> {
  const [length, otherLength] = [await lengthOf(one), await lengthOf(other)];
  return length !== null && length === otherLength;
}

async function lengthOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    (error: unknown) => {
      if (saysMissing(error)) return null;
      throw error;
    },
  );
}
