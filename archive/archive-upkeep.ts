import { footageIndex, type FootageIndex } from "./index/footage-index.ts";
import { openIndex } from "./index/open-index.ts";
import { reconcile, type Reconciliation } from "./index/reconcile.ts";

/**
 * Builds the index anew from the files. Cameras and locks stay.
 * @throws ArchiveFailure ARCHIVE_IN_USE while an archive runs on the folder
 */
export function reindexArchive(dir: string): Promise<Reconciliation> {
  return withIndex(dir, (index) => {
    index.forgetFootage();
    return reconcile(dir, index);
  });
}

/**
 * Reports where files and index differ and changes nothing.
 * @throws ArchiveFailure ARCHIVE_IN_USE while an archive runs on the folder
 */
export function checkArchive(dir: string): Promise<Reconciliation> {
  return withIndex(dir, (index) => reconcile(dir, index, false));
}

async function withIndex<T>(dir: string, work: (index: FootageIndex) => Promise<T>): Promise<T> {
  const database = openIndex(dir);
  try {
    return await work(footageIndex(database));
  } finally {
    database.close();
  }
}
