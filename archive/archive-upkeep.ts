import { checkArchiveFolder } from "./check/check-archive-folder.ts";
import type { ArchiveCheck } from "./check/invariants.ts";
import { replaceDamagedIndex, type ReplacedIndex } from "./index/damaged-index.ts";
import { footageIndex } from "./index/footage-index.ts";
import { openIndex, type IndexDatabase } from "./index/open-index.ts";
import { reconcile, type Reconciliation } from "./index/reconcile.ts";
import { keptAges } from "./retention/age-clock.ts";

/** What a rebuilt index consists of. */
export interface Reindexed extends Reconciliation {
  /** Null when the index was whole before. */
  readonly damaged: ReplacedIndex | null;
}

/**
 * Builds the index anew from the files. Cameras and locks stay; a damaged index is kept beside the new one.
 * @throws ArchiveFailure ARCHIVE_IN_USE while an archive runs on the folder
 */
export async function reindexArchive(dir: string): Promise<Reindexed> {
  const damaged = replaceDamagedIndex(dir, Date.now());
  const found = await withIndex(dir, (database) => {
    const index = footageIndex(database);
    index.forgetFootage();
    index.forgetStrays();
    return reconcile({ dir, index }, { ages: keptAges(dir) });
  });
  return { ...found, damaged };
}

/**
 * Reports where files and index differ and changes nothing.
 * @throws ArchiveFailure ARCHIVE_IN_USE while an archive runs on the folder
 */
export function checkArchive(dir: string): Promise<Reconciliation> {
  return withIndex(dir, (database) => reconcile({ dir, index: footageIndex(database) }, { apply: false }));
}

/**
 * Checks every invariant of docs/design/footage-files.md and changes nothing.
 * @throws ArchiveFailure ARCHIVE_IN_USE while an archive runs on the folder, INDEX_DAMAGED
 */
export function verifyArchive(dir: string): Promise<ArchiveCheck> {
  return withIndex(dir, (database) => checkArchiveFolder(dir, database));
}

async function withIndex<T>(dir: string, work: (database: IndexDatabase) => Promise<T>): Promise<T> {
  const database = openIndex(dir);
  try {
    return await work(database);
  } finally {
    database.close();
  }
}
