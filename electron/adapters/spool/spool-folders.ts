import { randomUUID } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { PART_SUFFIX, partOf } from "#runtime/files/part-file.ts";
import { isThere } from "#runtime/files/missing-file.ts";
import { realPathOf } from "./occupied-folder.ts";
import { markFolder, ownerOf, unmarkFolder } from "./spool-mark.ts";

export const SPOOL_FILE_SUFFIX = ".enc";

/** Where the list of folders outlives the program. A write has reached the disk when it returns. */
export interface FolderList {
  /** Id of this console, in marks of the folders that it chose. */
  readonly owner: string;
  read(): readonly string[];
  write(folders: readonly string[]): void;
}

export function listInMemory(): FolderList {
  let folders: readonly string[] = [];
  return { owner: randomUUID(), read: () => folders, write: (changed) => void (folders = changed) };
}

/**
 * Every folder that holds or may hold spool files: the one of the settings, into which is written, and former
 * ones until nothing of ours is in them any more. A folder is in the list before its first file is begun.
 */
export class SpoolFolders {
  readonly #current: () => string;
  readonly #list: FolderList;
  readonly #writing = new Map<string, number>();

  constructor(current: () => string, list: FolderList) {
    this.#current = current;
    this.#list = list;
  }

  /** The one of the settings first. */
  all(): string[] {
    const current = this.#current();
    return [current, ...this.#list.read().filter((folder) => folder !== current)];
  }

  /** Runs a write into a folder, which is not forgotten meanwhile. */
  async whileWriting<T>(folder: string, write: () => Promise<T>): Promise<T> {
    this.#remember(folder);
    this.#writing.set(folder, (this.#writing.get(folder) ?? 0) + 1);
    try {
      return await write();
    } finally {
      this.#writing.set(folder, (this.#writing.get(folder) ?? 1) - 1);
    }
  }

  /**
   * The path of a file that was spooled: in the folder that its record names; where it is not there, as in a
   * site that was moved or a record from before folders were kept, in any other; else where it should be.
   */
  async pathOf(fileId: string, recordedFolder: string | null): Promise<string> {
    const folders = recordedFolder === null ? this.all() : [recordedFolder, ...this.all()];
    for (const folder of folders) {
      const path = pathIn(folder, fileId);
      if (await isThere(path)) return path;
    }
    return pathIn(folders[0] ?? this.#current(), fileId);
  }

  /** Removes a file, finished or not, wherever it lies. What cannot be removed now goes at a later start. */
  async remove(fileId: string): Promise<void> {
    for (const folder of this.all()) {
      const path = pathIn(folder, fileId);
      await removeIfPossible(path);
      await removeIfPossible(partOf(path));
      await this.#forgetIfEmptied(folder);
    }
  }

  /**
   * Takes a folder that was chosen.
   * @returns whether it is this console's; false where another one chose it
   * @throws what the file system throws
   */
  async take(folder: string): Promise<boolean> {
    if (!(await markFolder(folder, this.#list.owner))) return false;
    this.#remember(folder);
    return true;
  }

  /**
   * Removes everything of ours but these. A folder that is away keeps what it has, and stays in the list; in one that
   * another console chose nobody knows what is ours.
   */
  async sweep(keep: ReadonlySet<string>): Promise<void> {
    this.#remember(this.#current());
    for (const folder of this.all()) {
      const owner = await ownerOf(folder);
      if (owner !== null && owner !== this.#list.owner) continue;
      const names = (await oursIn(folder)) ?? [];
      for (const name of names) {
        if (!keep.has(name.slice(0, -SPOOL_FILE_SUFFIX.length))) await removeIfPossible(join(folder, name));
      }
      await this.#forgetIfEmptied(folder);
    }
  }

  /** Bytes of ours in each folder; other programs' files do not count. */
  async usage(): Promise<{ readonly folder: string; readonly bytes: number }[]> {
    const byRealPath = new Map<string, string>();
    for (const folder of this.all()) {
      const real = await realPathOf(folder);
      // One folder under two names, one of them a link, holds its files once.
      if (!byRealPath.has(real)) byRealPath.set(real, folder);
    }
    const folders = [...byRealPath.values()];
    return await Promise.all(folders.map(async (folder) => ({ folder, bytes: await bytesIn(folder) })));
  }

  /** Bytes of each finished file by its id. */
  async files(): Promise<Map<string, number>> {
    const files = new Map<string, number>();
    for (const folder of this.all()) {
      const names = ((await oursIn(folder)) ?? []).filter((name) => name.endsWith(SPOOL_FILE_SUFFIX));
      for (const [name, bytes] of await sizesOf(folder, names)) {
        files.set(name.slice(0, -SPOOL_FILE_SUFFIX.length), bytes);
      }
    }
    return files;
  }

  #isInUse(folder: string): boolean {
    return folder === this.#current() || (this.#writing.get(folder) ?? 0) > 0;
  }

  #remember(folder: string): void {
    const known = this.#list.read();
    if (!known.includes(folder)) this.#list.write([...known, folder]);
  }

  async #forgetIfEmptied(folder: string): Promise<void> {
    if (this.#isInUse(folder)) return;
    const left = await oursIn(folder);
    if (left?.length !== 0 || this.#isInUse(folder)) return;
    await unmarkFolder(folder, this.#list.owner);
    // It was chosen again meanwhile.
    if (this.#isInUse(folder)) await markFolder(folder, this.#list.owner);
    else this.#list.write(this.#list.read().filter((known) => known !== folder));
  }
}

export function pathIn(folder: string, fileId: string): string {
  return join(folder, `${fileId}${SPOOL_FILE_SUFFIX}`);
}

/** Names of spool files, finished or not; null where the folder cannot be looked into. */
export async function oursIn(folder: string): Promise<string[] | null> {
  const names = await readdir(folder).catch(() => null);
  return names?.filter(isOurs) ?? null;
}

function isOurs(name: string): boolean {
  return name.endsWith(SPOOL_FILE_SUFFIX) || name.endsWith(`${SPOOL_FILE_SUFFIX}${PART_SUFFIX}`);
}

async function bytesIn(folder: string): Promise<number> {
  const sizes = await sizesOf(folder, (await oursIn(folder)) ?? []);
  return sizes.reduce((sum, [, size]) => sum + size, 0);
}

async function sizesOf(folder: string, names: readonly string[]): Promise<[string, number][]> {
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }): [string, number][] => [[name, size]],
        () => [], // It was sent in between.
      ),
    ),
  );
  return sizes.flat();
}

async function removeIfPossible(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error: unknown) =>
    console.error(`${path} cannot be removed now; it goes at a later start.`, error),
  );
}
