/**
 * `restore`: a service from its backup, in a folder where nothing is but its keys and what says where its database and
 * its store are. `restored`: what is told after one that other programs did (a copy of a whole machine, a database that
 * was set back to an earlier instant).
 */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isThere } from "#runtime/files/missing-file.ts";
import { formatCount } from "#shared/words/amounts.ts";
import { formatUtc } from "#shared/words/instants.ts";
import { writeDurably } from "#runtime/files/durable-file.ts";
import { syncFolder } from "#runtime/files/sync-folder.ts";
import { withStoppedService } from "../administration/stopped-service.ts";
import { forgetPlace, openBlobs } from "../blobs/place/blob-place.ts";
import { DATABASE_FILE, metadataPlaceOf, POSTGRES_FILE } from "../site/metadata-place.ts";
import { KEY_LOCK_FILES } from "../site/keys-file.ts";
import { lockAlone, LOCK_FILES } from "../site/service-locks.ts";
import { type KeyIds, readKeyIds } from "../site/service-keys.ts";
import {
  AZURE_FILE,
  BLOB_FOLDER,
  KEYS_FILE,
  MAIL_FILE,
  RESTORING_FILE,
  S3_FILE,
  SETTINGS_FILE,
  type SiteFolder,
} from "../site/site-folder.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import type { PostgresPlace } from "../storage/postgres/postgres-place.ts";
import { DiskReserve } from "../storage/disk-reserve.ts";
import { isWholeCopy } from "../storage/sqlite-copy.ts";
import { type Backup, DUMP_FILE, readBackup } from "./backup-folder.ts";
import { compareLengths, linesOfLengths } from "./compare-lengths.ts";
import { copyIfThere, copyStoredFiles } from "./copy-files.ts";
import { restoreMetadata } from "./postgres-dump.ts";
import { SMALL_FILES } from "./take-backup.ts";
import { tellRestored } from "./tell-restored.ts";

/** What an administrator puts into the folder before, and what a start leaves there that was refused. */
const GIVEN: ReadonlySet<string> = new Set([
  ...[KEYS_FILE, SETTINGS_FILE, MAIL_FILE, POSTGRES_FILE, S3_FILE, AZURE_FILE],
  ...LOCK_FILES,
  ...KEY_LOCK_FILES,
]);

export interface Restoring {
  readonly dir: string;
  /** Of authorities that are trusted beside the system's, where the files lie in a store. */
  readonly authorityFile: string | undefined;
}

/** What an administrator is told. */
export interface Told {
  readonly lines: readonly string[];
  /** Whether every stored file is there, in its length. */
  readonly isWhole: boolean;
}

/**
 * @param from a backup's folder
 * @throws StartRefusal BACKUP_UNUSABLE, FOLDER_NOT_EMPTY, KEYS_OF_ANOTHER, RESTORE_ELSEWHERE, METADATA_NOT_EMPTY,
 *   BACKUP_FAILED; of these only the last may leave something in the folder
 */
export async function restoreBackup(from: string, restoring: Restoring): Promise<Told> {
  const { dir } = restoring;
  const backup = await readBackup(from);
  if (backup === null)
    throw new StartRefusal("BACKUP_UNUSABLE", `${from} holds no backup that was finished.`);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await refuseOtherFiles(dir);
  refuseOtherKeys(backup, await readKeyIds(join(dir, KEYS_FILE)), dir);
  const place = await metadataPlaceOf(dir);
  await refuseOtherPlaces(backup, dir, place.kind === "postgres" ? place.schema : null);
  const metadata = join(from, backup.folder);
  if (place.kind === "sqlite" && !isWholeCopy(join(metadata, DATABASE_FILE)))
    throw new StartRefusal("BACKUP_UNUSABLE", `The metadata in ${metadata} are damaged.`);
  await writeDurably(join(dir, RESTORING_FILE), []);
  if (place.kind === "postgres") await restoreDump(dir, place, join(metadata, DUMP_FILE));
  else await copyIfThere(join(metadata, DATABASE_FILE), join(dir, DATABASE_FILE));
  for (const name of SMALL_FILES) {
    if (!(await isThere(join(dir, name)))) await copyIfThere(join(metadata, name), join(dir, name));
  }
  const copied =
    backup.files === "folder" ? await copyStoredFiles(join(from, BLOB_FOLDER), join(dir, BLOB_FOLDER)) : null;
  const told = await tell(restoring, async (site) => forgetPlace(site.db));
  await rm(join(dir, RESTORING_FILE));
  await syncFolder(dir);
  const files = copied === null ? [] : [`Copied: ${formatCount(copied.copied, "stored file")}.`];
  return { ...told, lines: [...files, ...told.lines] };
}

/** All of the dump, or nothing: then the folder is as it was, and another backup may be tried. */
async function restoreDump(dir: string, place: PostgresPlace, dump: string): Promise<void> {
  const locks = await lockAlone(dir, () => undefined);
  try {
    await restoreMetadata(place, dump);
  } catch (error) {
    await rm(join(dir, RESTORING_FILE));
    throw error;
  } finally {
    await locks.release();
  }
}

/** @throws StartRefusal FOLDER_IN_USE, POSTGRES_IN_USE, and what opening the folder and its store throws */
export async function tellRestoredByOthers(restoring: Restoring): Promise<Told> {
  if (!(await isThere(join(restoring.dir, KEYS_FILE)))) {
    throw new StartRefusal("NO_SERVICE", `${restoring.dir} has no ${KEYS_FILE}.`);
  }
  return tell(restoring, async () => undefined);
}

async function tell(
  { dir, authorityFile }: Restoring,
  before: (site: SiteFolder) => Promise<void>,
): Promise<Told> {
  return withStoppedService(dir, async (site) => {
    await before(site);
    const room = new DiskReserve({ dir, reserveBytes: 0, ballastBytes: 0, report: () => undefined });
    const report = (error: unknown): void => {
      throw error;
    };
    const surroundings = { url: () => "", authorityFile, room, now: Date.now, report, takesFiles: true };
    const blobs = await openBlobs(site, surroundings);
    try {
      const { backupUtcMs, begunAnew } = await tellRestored({ site, blobs: blobs.store, now: Date.now });
      const anew =
        begunAnew === 0
          ? []
          : [
              `Files were missing of ${formatCount(begunAnew, "incomplete evidence")}: its console begins anew.`,
            ];
      const lengths = await compareLengths(site.db, blobs.store);
      const lines = [
        `The service is as it was at ${formatUtc(backupUtcMs)}. Consoles send again what came after, as far as they have it.`,
        ...anew,
        ...linesOfLengths(lengths),
        "Verify the audit trail now, start the service, and verify everything in the web application.",
      ];
      return { lines, isWhole: lengths.differing === 0 };
    } finally {
      if (blobs.kind === "own") blobs.bucket?.close();
    }
  });
}

async function refuseOtherFiles(dir: string): Promise<void> {
  const others = (await readdir(dir)).filter((name) => !GIVEN.has(name));
  if (others.length === 0) return;
  const detail = `${dir} holds ${others.slice(0, 3).join(", ")}${others.length > 3 ? " and more" : ""}.`;
  throw new StartRefusal("FOLDER_NOT_EMPTY", detail);
}

function refuseOtherKeys({ keys }: Backup, found: KeyIds | null, dir: string): void {
  if (found === null) throw new StartRefusal("KEYS_OF_ANOTHER", `${dir} has no ${KEYS_FILE}.`);
  if (found.tenantId !== keys.tenantId)
    throw new StartRefusal("KEYS_OF_ANOTHER", `${join(dir, KEYS_FILE)} is not that of the backup.`);
  // It may have newer ones, which were made since.
  const missing = [
    ...keys.contentKeyIds.filter((keyId) => !found.contentKeyIds.includes(keyId)),
    ...keys.auditKeyIds.filter((keyId) => !found.auditKeyIds.includes(keyId)),
  ];
  const [first] = missing;
  if (first === undefined) return;
  throw new StartRefusal("KEYS_OF_ANOTHER", `${join(dir, KEYS_FILE)} does not have the key ${first}.`);
}

async function refuseOtherPlaces(
  { engine, schema, files }: Backup,
  dir: string,
  given: string | null,
): Promise<void> {
  if (engine === "postgres" && given !== schema) {
    const detail = `The backup's metadata go back into a schema “${schema}” of PostgreSQL, and ${POSTGRES_FILE} `;
    throw new StartRefusal(
      "RESTORE_ELSEWHERE",
      detail + (given === null ? "is missing." : `names “${given}”.`),
    );
  }
  if (engine === "sqlite" && given !== null) {
    throw new StartRefusal(
      "RESTORE_ELSEWHERE",
      `The backup's metadata are SQLite's, and there is a ${POSTGRES_FILE}.`,
    );
  }
  const isElsewhere = (await isThere(join(dir, S3_FILE))) || (await isThere(join(dir, AZURE_FILE)));
  if ((files === "elsewhere") === isElsewhere) return;
  const detail = isElsewhere
    ? "The backup has the stored files in it, and the folder names a store for them."
    : `The stored files are in a store of their own, and neither ${S3_FILE} nor ${AZURE_FILE} names it.`;
  throw new StartRefusal("RESTORE_ELSEWHERE", detail);
}
