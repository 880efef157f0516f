import Database from "better-sqlite3";
import { existsSync, renameSync } from "node:fs";
import { z } from "zod";
import { indexFile } from "../ground/archive-folder.ts";
import { footageLocks } from "./footage-locks.ts";
import { openIndex, type IndexDatabase } from "./open-index.ts";

const storedLockSchema = z.object({
  id: z.string(),
  cameraId: z.string(),
  startUtcMs: z.number().int(),
  endUtcMs: z.number().int(),
});
type StoredLock = z.infer<typeof storedLockSchema>;

/** What became of a damaged index. */
export interface ReplacedIndex {
  /** Where the damaged file lies now. */
  readonly keptAs: string;
  /** Locks that could still be read from it; null when none could, so that exports under way must lock anew. */
  readonly savedLocks: number | null;
}

/**
 * Moves a damaged index away, keeps it beside, and saves its locks into a new, empty one.
 * @returns null when the index is whole, or there is none
 * @throws ArchiveFailure ARCHIVE_IN_USE, INDEX_VERSION
 */
export function replaceDamagedIndex(dir: string, nowUtcMs: number): ReplacedIndex | null {
  const path = indexFile(dir);
  if (!existsSync(path) || isWhole(dir)) return null;
  const locks = readLocks(path);
  const keptAs = `${path}.damaged-${nowUtcMs}`;
  for (const suffix of ["", "-wal", "-shm"]) {
    if (existsSync(path + suffix)) renameSync(path + suffix, keptAs + suffix);
  }
  const database = openIndex(dir);
  for (const { id, ...lock } of locks ?? []) footageLocks(database).put(id, lock);
  database.close();
  return { keptAs, savedLocks: locks?.length ?? null };
}

function isWhole(dir: string): boolean {
  let database: IndexDatabase | undefined;
  try {
    database = openIndex(dir);
    return database.pragma("quick_check", { simple: true }) === "ok";
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  } finally {
    database?.close();
  }
}

/** Whether SQLite says that the file is no database, or a broken one; other failures are not for a new index. */
function isDamage(error: unknown): boolean {
  if (error instanceof Database.SqliteError) return /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
  return error instanceof Error && "code" in error && error.code === "INDEX_DAMAGED";
}

function readLocks(path: string): StoredLock[] | null {
  try {
    const database = new Database(path, { readonly: true });
    try {
      const rows = database
        .prepare("SELECT id, camera_id AS cameraId, start_ms AS startUtcMs, end_ms AS endUtcMs FROM locks")
        .all();
      return rows.map((row) => storedLockSchema.parse(row));
    } finally {
      database.close();
    }
  } catch {
    // What cannot be read is lost; the answer says so.
    return null;
  }
}
