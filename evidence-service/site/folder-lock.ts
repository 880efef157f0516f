/** One service a folder: two that write the same blobs would sweep what the other has just received. */
import { readFileSync } from "node:fs";
import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import SqliteDatabase from "better-sqlite3";
import { z } from "zod";
import { DATABASE_FILE } from "./site-folder.ts";
import { StartRefusal } from "./start-refusal.ts";

const LOCK_FILE = "service.lock";
const HOLDER_FILE = "service-process.json";
const TRY_EVERY_MS = 200;
/** A service whose console was killed notices it within a second and then ends what it has begun. */
const PATIENCE_MS = 5_000;

const holderSchema = z.object({ processId: z.int(), startedUtc: z.string() });

export interface FolderLock {
  readonly release: () => void;
}

/**
 * Takes a folder for this process; the lock is the system's own and goes with the process, however that ends.
 * @param dir the folder, which is there
 * @param patienceMs how long a service that is just ending is waited for
 * @throws StartRefusal FOLDER_IN_USE, naming the process that has it
 */
export async function lockFolder(dir: string, patienceMs: number = PATIENCE_MS): Promise<FolderLock> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const database = tryLocking(join(dir, LOCK_FILE));
    if (database !== null && !(await isUsedAllTheSame(dir))) {
      await nameHolder(dir);
      return { release: () => database.close() };
    }
    database?.close();
    if (performance.now() >= until) throw new StartRefusal("FOLDER_IN_USE", inUse(dir));
    await wait(TRY_EVERY_MS);
  }
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
async function isUsedAllTheSame(dir: string): Promise<boolean> {
  const holder = readHolder(join(dir, HOLDER_FILE));
  if (process.platform !== "linux" || holder === null || holder.processId === process.pid) return false;
  const database = await identityOf(join(dir, DATABASE_FILE));
  if (database === null) return false;
  const opened = `/proc/${holder.processId}/fd`;
  for (const descriptor of await readdir(opened).catch(() => [])) {
    if ((await identityOf(join(opened, descriptor))) === database) return true;
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

async function nameHolder(dir: string): Promise<void> {
  const holder = { processId: process.pid, startedUtc: new Date().toISOString() };
  await writeFile(join(dir, HOLDER_FILE), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
}

function inUse(dir: string): string {
  const holder = readHolder(join(dir, HOLDER_FILE));
  const who = holder === null ? "" : ` (process ${holder.processId}, since ${holder.startedUtc})`;
  return `Another evidence service is using the folder ${dir}${who}. Stop it, or give this one another folder.`;
}

function readHolder(file: string): z.infer<typeof holderSchema> | null {
  try {
    return holderSchema.safeParse(JSON.parse(readFileSync(file, "utf8"))).data ?? null;
  } catch {
    return null; // It names the other process and decides nothing: unread, the sentence is shorter.
  }
}
