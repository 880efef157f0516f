/** One program a folder: two that write the same files would take away what the other has just made. */
import { readFileSync } from "node:fs";
import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import SqliteDatabase from "better-sqlite3";
import { z } from "zod";

const TRY_EVERY_MS = 200;

const holderSchema = z.object({
  processId: z.int(),
  startedUtc: z.string(),
  /** Which command it is, where it is none that serves. */
  command: z.string().optional(),
});
export type LockHolder = z.infer<typeof holderSchema>;

/** Names of files in the folder. */
export interface LockFiles {
  readonly lock: string;
  /** Says which process has the folder. */
  readonly holder: string;
  /** One that whoever has the folder keeps open. */
  readonly keptOpen: string;
  /** Which command takes the folder; none of a program that serves. */
  readonly command?: string | undefined;
}

export interface FolderLock {
  readonly release: () => void;
}

/** A connection that nobody refers to is closed with the rest of the rubbish, and its lock with it. */
const held = new Set<SqliteDatabase.Database>();

/** Another process has the folder; which one, where it has named itself. */
export class FolderInUse extends Error {
  readonly holder: LockHolder | null;

  constructor(folder: string, holder: LockHolder | null) {
    super(`Another process has ${folder}.`);
    this.holder = holder;
  }
}

/**
 * Takes a folder for this process; the lock is the system's own and goes with the process, however that ends.
 * @param folder the folder, which is there
 * @param patienceMs how long a process that is just ending is waited for
 * @throws FolderInUse
 */
export async function lockFolder(folder: string, files: LockFiles, patienceMs: number): Promise<FolderLock> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const database = tryLocking(join(folder, files.lock));
    if (database !== null && !(await isUsedAllTheSame(folder, files))) {
      held.add(database);
      await nameHolder(join(folder, files.holder), files.command);
      return { release: () => releaseLock(database) };
    }
    database?.close();
    if (performance.now() >= until) throw new FolderInUse(folder, readHolder(join(folder, files.holder)));
    await wait(TRY_EVERY_MS);
  }
}

function releaseLock(database: SqliteDatabase.Database): void {
  held.delete(database);
  database.close();
}

/** @returns null while another connection has it, in this process or another */
function tryLocking(file: string): SqliteDatabase.Database | null {
  const database = new SqliteDatabase(file, { timeout: 0 });
  try {
    // An open transaction holds the lock; nothing is ever written to this file.
    database.exec("BEGIN EXCLUSIVE");
    return database;
  } catch (error) {
    database.close();
    if (error instanceof SqliteDatabase.SqliteError && error.code.startsWith("SQLITE_BUSY")) return null;
    throw error;
  }
}

/**
 * The lock goes with its file, and somebody may have deleted that, taking it for a leftover. Where the system tells which
 * files a process has open, the one that named itself is asked; a number that another process has by now says nothing.
 */
async function isUsedAllTheSame(folder: string, files: LockFiles): Promise<boolean> {
  const holder = readHolder(join(folder, files.holder));
  if (process.platform !== "linux" || holder === null || holder.processId === process.pid) return false;
  const keptOpen = await identityOf(join(folder, files.keptOpen));
  if (keptOpen === null) return false;
  const opened = `/proc/${holder.processId}/fd`;
  for (const descriptor of await readdir(opened).catch(() => [])) {
    if ((await identityOf(join(opened, descriptor))) === keptOpen) return true;
  }
  return false;
}

/** Which file it is, by whatever path; null where there is none. */
async function identityOf(path: string): Promise<string | null> {
  return stat(path, { bigint: true }).then(
    ({ dev, ino }) => `${dev} ${ino}`,
    () => null,
  );
}

async function nameHolder(file: string, command: string | undefined): Promise<void> {
  const startedUtc = new Date().toISOString();
  const holder: LockHolder = { processId: process.pid, startedUtc, command };
  await writeFile(file, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
}

function readHolder(file: string): LockHolder | null {
  try {
    return holderSchema.safeParse(JSON.parse(readFileSync(file, "utf8"))).data ?? null;
  } catch {
    return null; // It names the other process and decides nothing: unread, the sentence is shorter.
  }
}
