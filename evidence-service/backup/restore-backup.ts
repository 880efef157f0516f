/**
 * `restore`: a service from its backup, in a folder where nothing is but its keys and what says where its database and
 * its store are. `restored`: what is told after one that other programs did (a copy of a whole machine, a database that
 * was set back to an earlier instant).
 */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isThere } from "#runtime/files/missing-file.ts";
import { formatCount } from "#shared/words/amounts.ts";
import { formatUtc } from "#shared/words/instants.ts";
import { forgetPlace, openBlobs, type OpenedBlobs } from "../blobs/place/blob-place.ts";
import { refuseOwnedStore } from "../blobs/place/owned-store.ts";
import type { TakenStore } from "../blobs/store-owner.ts";
import { DATABASE_FILE, type MetadataPlace, metadataPlaceOf, POSTGRES_FILE } from "../site/metadata-place.ts";
import { KEY_LOCK_FILES } from "../site/keys-file.ts";
import { findMarks, removeMarks, type RestoreMark, unfinished, writeMarks } from "../site/restore-mark.ts";
import { lockAlone, LOCK_FILES } from "../site/service-locks.ts";
import { forgetKnownEntry } from "../site/known-entry.ts";
import { type KeyIds, readKeyIds } from "../site/service-keys.ts";
import {
  AZURE_FILE,
  BLOB_FOLDER,
  KEYS_FILE,
  MAIL_FILE,
  openSiteFolder,
  S3_FILE,
  SETTINGS_FILE,
  type SiteFolder,
} from "../site/site-folder.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import { DiskReserve } from "../storage/disk-reserve.ts";
import { isWholeCopy } from "../storage/sqlite-copy.ts";
import { type Backup, DUMP_FILE, readBackup } from "./backup-folder.ts";
import { compareLengths, linesOfLengths } from "./compare-lengths.ts";
import { copyIfThere, copyStoredFiles } from "./copy-files.ts";
import { lockBackupToRead } from "./backup-lock.ts";
import { holdsTables, refuseTables, restoreMetadata } from "./postgres-dump.ts";
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
  /** Also a bucket or a container that says that somebody uses it: an administrator knows that nobody does. */
  readonly takesStore?: boolean;
}

/** What an administrator is told. */
export interface Told {
  readonly lines: readonly string[];
  /** Whether every stored file is there, in its length. */
  readonly isWhole: boolean;
}

/**
 * Where it was broken off, the same command goes on; until it has ended no service starts, on any machine.
 * @param from a backup's folder
 * @throws StartRefusal BACKUP_UNUSABLE, BACKUP_UNDER_WAY, FOLDER_IN_USE, POSTGRES_IN_USE, RESTORE_UNFINISHED of another
 *   backup, FOLDER_NOT_EMPTY, KEYS_OF_ANOTHER, RESTORE_ELSEWHERE, METADATA_NOT_EMPTY, BLOBS_OF_ANOTHER, BACKUP_FAILED; all of these leave
 *   everything as it was. POSTGRES_UNREACHABLE, POSTGRES_REFUSED, after which the same command goes on
 */
export async function restoreBackup(from: string, restoring: Restoring): Promise<Told> {
  const { dir } = restoring;
  await finishedBackup(from);
  const reading = await lockBackupToRead(from);
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    return await whileNobodyServes(dir, "restore", () => restoreFrom(from, restoring));
  } finally {
    reading.release();
  }
}

async function finishedBackup(from: string): Promise<Backup> {
  const backup = await readBackup(from);
  if (backup !== null) return backup;
  throw new StartRefusal("BACKUP_UNUSABLE", `${from} holds no backup that was finished.`);
}

async function restoreFrom(from: string, restoring: Restoring): Promise<Told> {
  const { dir } = restoring;
  const backup = await finishedBackup(from);
  const place = await metadataPlaceOf(dir);
  const { begun, claim } = await begunBefore(backup, dir, place);
  if (begun === "not begun") await refuseOtherFiles(dir);
  refuseOtherKeys(backup, await readKeyIds(join(dir, KEYS_FILE)), dir);
  await refuseOtherPlaces(backup, dir, place.kind === "postgres" ? place.schema : null);
  const metadata = join(from, backup.folder);
  if (place.kind === "postgres") {
    if (begun !== "in the rows") await refuseTables(place);
  } else if (!isWholeCopy(join(metadata, DATABASE_FILE)))
    throw new StartRefusal("BACKUP_UNUSABLE", `The metadata in ${metadata} are damaged.`);
  const taken = { isForced: restoring.takesStore === true, claim };
  await refuseOwnedStore(dir, taken, restoring.authorityFile);
  const { takenUtcMs: backupUtcMs } = backup;
  await writeMarks(dir, place, { command: "restore", backupUtcMs, sinceUtcMs: Date.now(), claim });
  if (place.kind === "postgres") await restoreDump(dir, place, join(metadata, DUMP_FILE));
  else await putDatabase(join(metadata, DATABASE_FILE), place.file);
  for (const name of SMALL_FILES) {
    if (!(await isThere(join(dir, name)))) await copyIfThere(join(metadata, name), join(dir, name));
  }
  const copied =
    backup.files === "folder" ? await copyStoredFiles(join(from, BLOB_FOLDER), join(dir, BLOB_FOLDER)) : null;
  const told = await tell(restoring, { taken, opened: async (site) => forgetPlace(site.db) });
  await removeMarks(dir, place);
  const files = copied === null ? [] : [`Copied: ${formatCount(copied.copied, "stored file")}.`];
  return { ...told, lines: [...files, ...(await linesOfMail(backup, dir)), ...told.lines] };
}

/** Nothing else stands in for it, and its service would run as if all were there. */
async function linesOfMail({ without }: Backup, dir: string): Promise<readonly string[]> {
  if (!without.includes(MAIL_FILE) || (await isThere(join(dir, MAIL_FILE)))) return [];
  return [`The service sent links by mail. Without ${MAIL_FILE} in ${dir} it shows them instead.`];
}

interface BegunBefore {
  readonly begun: "not begun" | "in the folder" | "in the rows";
  /** With which the store is taken: the same each time that it goes on. */
  readonly claim: string;
}

/** Whether this backup is being restored there already. @throws StartRefusal RESTORE_UNFINISHED of another one */
async function begunBefore({ takenUtcMs }: Backup, dir: string, place: MetadataPlace): Promise<BegunBefore> {
  const { inFolder, inRows } = await findMarks(dir, place);
  const known = [
    { begun: "in the rows", mark: inRows, where: "the schema" },
    { begun: "in the folder", mark: inFolder, where: dir },
  ] as const;
  let before: BegunBefore = { begun: "not begun", claim: randomUUID() };
  for (const { begun, mark, where } of known) {
    if (mark === null) continue;
    if (mark === "unreadable" || mark.backupUtcMs !== takenUtcMs) throw unfinished(mark, where);
    if (before.begun === "not begun") before = { begun, claim: mark.claim };
  }
  return before;
}

type Found = RestoreMark | "unreadable" | null;

/** All of the dump, or nothing: then everything is as it was, and another backup may be tried. */
async function restoreDump(
  dir: string,
  place: Extract<MetadataPlace, { kind: "postgres" }>,
  dump: string,
): Promise<void> {
  if (await holdsTables(place)) return;
  try {
    await restoreMetadata(place, dump);
  } catch (error) {
    // It may have been committed, and the answer lost. Where nobody answers, the next try finds out.
    const isAsItWas = await holdsTables(place).then(
      (holds) => !holds,
      () => false,
    );
    if (isAsItWas) await removeMarks(dir, place);
    throw error;
  }
}

/** What a process that was killed wrote beside its database is none of this one. */
async function putDatabase(copy: string, file: string): Promise<void> {
  for (const ending of ["-wal", "-shm"]) await rm(file + ending, { force: true });
  await copyIfThere(copy, file);
}

/** @throws StartRefusal FOLDER_IN_USE, POSTGRES_IN_USE while any service runs */
async function whileNobodyServes<T>(
  dir: string,
  command: "restore" | "restored",
  work: () => Promise<T>,
): Promise<T> {
  const displaced = (): void => {
    process.stderr.write("RESTORE_UNFINISHED: The database went away, and another command has taken it.\n");
    process.exit(1);
  };
  const locks = await lockAlone(dir, { command, displaced });
  try {
    return await work();
  } finally {
    await locks.release();
  }
}

/** @throws StartRefusal FOLDER_IN_USE, POSTGRES_IN_USE, RESTORE_UNFINISHED, and what opening folder and store throws */
export async function tellRestoredByOthers(restoring: Restoring): Promise<Told> {
  const { dir } = restoring;
  if (!(await isThere(join(dir, KEYS_FILE)))) {
    throw new StartRefusal("NO_SERVICE", `${dir} has no ${KEYS_FILE}.`);
  }
  return whileNobodyServes(dir, "restored", async () => {
    const place = await metadataPlaceOf(dir);
    const { inFolder, inRows } = await findMarks(dir, place);
    for (const mark of [inRows, inFolder]) if (!isOfRestored(mark)) throw unfinished(mark, dir);
    const claim = randomUUID();
    const mark = { command: "restored", backupUtcMs: null, sinceUtcMs: Date.now(), claim } as const;
    const told = await tell(restoring, {
      taken: { isForced: restoring.takesStore === true, claim },
      beginning: () => writeMarks(dir, place, mark),
    });
    await removeMarks(dir, place);
    return told;
  });
}

const isOfRestored = (mark: Found): mark is RestoreMark | null =>
  mark === null || (mark !== "unreadable" && mark.command === "restored");

interface Telling {
  readonly taken: TakenStore;
  /** Before the store is opened. */
  readonly opened?: (site: SiteFolder) => Promise<void>;
  /** Right before what cannot be taken back. */
  readonly beginning?: () => Promise<void>;
}

async function tell({ dir, authorityFile }: Restoring, { taken, opened, beginning }: Telling): Promise<Told> {
  const site = await openSiteFolder(dir, { isRestoring: true });
  try {
    await opened?.(site);
    const room = new DiskReserve({ dir, reserveBytes: 0, ballastBytes: 0, report: () => undefined });
    const report = (error: unknown): void => {
      throw error;
    };
    const surroundings = { url: () => "", authorityFile, room, now: Date.now, report, takes: taken };
    const blobs = await openBlobs(site, surroundings);
    try {
      await beginning?.();
      const told = await toldOf(site, blobs.store);
      await forgetKnownEntry(dir);
      return told;
    } finally {
      if (blobs.kind === "own") blobs.bucket?.close();
    }
  } finally {
    await site.db.destroy();
  }
}

async function toldOf(site: SiteFolder, blobs: OpenedBlobs["store"]): Promise<Told> {
  const { backupUtcMs, begunAnew } = await tellRestored({ site, blobs, now: Date.now });
  const anew =
    begunAnew === 0
      ? []
      : [`Files were missing of ${formatCount(begunAnew, "incomplete evidence")}: its console begins anew.`];
  const lengths = await compareLengths(site.db, blobs);
  const lines = [
    `The service is as it was at ${formatUtc(backupUtcMs)}. Consoles send again what came after, as far as they have it.`,
    ...anew,
    ...linesOfLengths(lengths),
    "Verify the audit trail now, start the service, and verify everything in the web application.",
  ];
  return { lines, isWhole: lengths.differing === 0 };
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
