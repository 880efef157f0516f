/**
 * `backup`: a copy of a service, also while it runs. The order is what makes it one:
 * 1. the small files; heads of the audit trail are so never younger than the trail;
 * 2. the metadata, as they are at one instant;
 * 3. the stored files: whatever the metadata say of a complete evidence is there, for nothing of it is ever removed;
 * 4. `backup.json`, from which moment on it is a backup.
 * The service's keys are not in it, nor what opens its database and its store.
 */
import { mkdir, readdir, rm } from "node:fs/promises";
import { isAbsolute, join, relative } from "node:path";
import { isThere } from "#runtime/files/missing-file.ts";
import { formatCount, formatNumber } from "#shared/words/amounts.ts";
import { formatUtc } from "#shared/words/instants.ts";
import { refuseAway } from "../blobs/place/folder-owner.ts";
import { METADATA_ID_FILE } from "../site/metadata-of-folder.ts";
import {
  DATABASE_FILE,
  type MetadataPlace,
  metadataPlaceOf,
  openMetadataForReading,
  POSTGRES_FILE,
} from "../site/metadata-place.ts";
import { readFolderMark, refuseMoved } from "../site/move-mark.ts";
import { refuseUnfinishedRestore } from "../site/restore-mark.ts";
import { type KeyIds, readKeyIds } from "../site/service-keys.ts";
import {
  AUDIT_HEADS_FILE,
  AZURE_FILE,
  BLOB_FOLDER,
  KEYS_FILE,
  MAIL_FILE,
  S3_FILE,
  SETTINGS_FILE,
} from "../site/site-folder.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import { copySqliteMetadata } from "../storage/sqlite-copy.ts";
import { asBackupRefusal } from "./backup-failures.ts";
import { DUMP_FILE, METADATA_FOLDER, readBackup, writeBackup } from "./backup-folder.ts";
import { copyIfThere, copyStoredFiles } from "./copy-files.ts";
import { noteBackup } from "./note-backup.ts";
import { lockBackupFolder } from "./backup-lock.ts";
import { dumpMetadata } from "./postgres-dump.ts";

/** They hold passwords, and are written again at a restore. */
const PASSWORD_FILES = [POSTGRES_FILE, S3_FILE, AZURE_FILE, MAIL_FILE] as const;

/** Without secrets. The port keeps addresses of evidence as they are. */
export const SMALL_FILES = [METADATA_ID_FILE, AUDIT_HEADS_FILE, SETTINGS_FILE, "port"] as const;

/**
 * @param dir of the service @param to the backup's folder; what an earlier backup of the same service left there is used
 * @returns sentences for the administrator
 * @throws StartRefusal MOVED_AWAY, MOVE_UNDER_WAY, RESTORE_UNFINISHED, NO_SERVICE, ARGUMENT_WRONG, BACKUP_UNDER_WAY,
 *   BACKUP_OF_ANOTHER, FILES_AWAY, POSTGRES_UNREACHABLE, POSTGRES_REFUSED, BACKUP_FAILED
 */
export async function takeBackup(dir: string, to: string): Promise<readonly string[]> {
  try {
    // A backup that goes on by itself would keep what nobody uses any more, and nobody would notice.
    refuseMoved(await readFolderMark(dir));
    await refuseUnfinishedRestore(dir);
    const keys = await readKeyIds(join(dir, KEYS_FILE));
    if (keys === null) throw new StartRefusal("NO_SERVICE", `${dir} has no ${KEYS_FILE}.`);
    if (isWithin(to, dir))
      throw new StartRefusal("ARGUMENT_WRONG", "A backup does not lie in the service's folder.");
    return await copyAlone(to, dir, keys);
  } catch (error) {
    throw asBackupRefusal(error);
  }
}

async function copyAlone(to: string, dir: string, keys: KeyIds): Promise<readonly string[]> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  const lock = await lockBackupFolder(to);
  try {
    return await copyInto(to, dir, keys);
  } finally {
    lock.release();
  }
}

/** Alone with the backup's folder: the end of another one would take away what this one has copied. */
async function copyInto(to: string, dir: string, keys: KeyIds): Promise<readonly string[]> {
  const before = await readBackup(to);
  if (before !== null && before.keys.tenantId !== keys.tenantId) {
    throw new StartRefusal("BACKUP_OF_ANOTHER", `${to} holds a backup of another service.`);
  }
  const place = await metadataPlaceOf(dir);
  const isElsewhere = (await isThere(join(dir, S3_FILE))) || (await isThere(join(dir, AZURE_FILE)));
  if (!isElsewhere) await refuseAwayFiles(place, dir);
  // One that was killed left its metadata, and perhaps no room for these.
  await removeOthers(to, before?.folder ?? null);
  const takenUtcMs = Date.now();
  const folder = `metadata-${takenUtcMs}`;
  const copied = await leavingNothing(join(to, folder), async (made) => {
    for (const name of SMALL_FILES) await copyIfThere(join(dir, name), join(made, name));
    await copyMetadata(place, dir, made);
    return isElsewhere ? null : copyStoredFiles(join(dir, BLOB_FOLDER), join(to, BLOB_FOLDER));
  });
  const without = await passwordFilesOf(dir);
  await writeBackup(to, {
    ...{ version: 1, takenUtcMs, engine: place.kind, folder, without, keys },
    schema: place.kind === "postgres" ? place.schema : null,
    files: isElsewhere ? "elsewhere" : "folder",
  });
  await removeOthers(to, folder);
  const untold = await noteBackup(place, takenUtcMs);
  return [
    `The metadata are those of ${formatUtc(takenUtcMs)}.`,
    copied === null
      ? "The stored files are in a store of their own: copy it from now on, not earlier."
      : `Copied: ${formatCount(copied.copied, "stored file")}; there already: ${formatNumber(copied.known)}.`,
    `${KEYS_FILE} is not in it, and without that file nobody opens it: keep a sealed copy elsewhere.`,
    ...(without.length === 0
      ? []
      : [`Nor are ${without.join(", ")}, which hold passwords: a restore needs them as well.`]),
    ...(untold === null ? [] : [untold]),
  ];
}

/** What fails before the folder is named by `backup.json` leaves nothing of it; afterwards the next backup looks. */
async function leavingNothing<T>(folder: string, copy: (made: string) => Promise<T>): Promise<T> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await copy(folder);
  } catch (error) {
    // Where the disk is away the next backup takes it.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

async function passwordFilesOf(dir: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of PASSWORD_FILES) if (await isThere(join(dir, name))) found.push(name);
  return found;
}

/** @throws StartRefusal FILES_AWAY, and what `openMetadataForReading` throws */
async function refuseAwayFiles(place: MetadataPlace, dir: string): Promise<void> {
  if (place.kind === "sqlite" && !(await isThere(place.file)))
    throw new StartRefusal("NO_SERVICE", `${dir} has no ${DATABASE_FILE}.`);
  const db = await openMetadataForReading(place);
  try {
    await refuseAway(db, join(dir, BLOB_FOLDER));
  } finally {
    await db.destroy();
  }
}

async function copyMetadata(place: MetadataPlace, dir: string, to: string): Promise<void> {
  if (place.kind === "postgres") {
    await dumpMetadata(place, join(to, DUMP_FILE));
    return;
  }
  if (!(await isThere(place.file))) throw new StartRefusal("NO_SERVICE", `${dir} has no ${DATABASE_FILE}.`);
  await copySqliteMetadata(place.file, join(to, DATABASE_FILE));
}

/** Metadata of earlier backups, and of such as were broken off. @param folder that stays */
async function removeOthers(to: string, folder: string | null): Promise<void> {
  const others = (await readdir(to)).filter((name) => METADATA_FOLDER.test(name) && name !== folder);
  for (const name of others) await rm(join(to, name), { recursive: true, force: true });
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!way.startsWith("..") && !isAbsolute(way));
}
