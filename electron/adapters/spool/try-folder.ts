import { randomBytes, randomUUID } from "node:crypto";
import { chmod, type FileHandle, open, readdir, readFile, rm, rmdir, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { createFlushed } from "#runtime/files/new-file.ts";
import { finishPart, partOf } from "#runtime/files/part-file.ts";
import { formatBytes, formatCount } from "#shared/words/amounts.ts";
import { type Failure, failed, failedAs, type Outcome, succeeded } from "#shared/domain/failure.ts";
import { hiddenCharacterIssue } from "#shared/domain/names.ts";
import { makeFolder } from "./make-folder.ts";
import { occupationOf, realPathOf, type OccupiedFolder } from "./occupied-folder.ts";
import { oursIn, SPOOL_FILE_SUFFIX } from "./spool-folders.ts";
import {
  freeBytesOf,
  FREE_SPACE_RESERVE_BYTES,
  onSpool,
  spoolFailure,
  SpoolDiskError,
} from "./spool-disk-error.ts";

/** What 60 minutes of a camera take at 10 Mbit/s; more than 4 GiB, where FAT32 ends. */
export const LARGE_SEGMENT_BYTES = 4_500_000_000;

const SAMPLE_BYTES = 1_000_000;
const TRIAL_PREFIX = "trial-";
const OF_OTHERS = 0o077;
const WRITTEN_BY_OTHERS = 0o022;
const ANOTHER_FOLDER = "Choose another folder. Nothing has been changed.";
/** A share that is away answers nothing at all. */
const LONGEST_TRIAL_MS = 60_000;

/** What a site has folders for already. */
export interface FoldersOfSite {
  /** Of other programs. */
  readonly occupied: readonly OccupiedFolder[];
  /** The spool that the site has of itself. */
  readonly ownFolder?: string | null;
}

/**
 * Makes a folder and does in it what the spool will do, before anything depends on it: rights, free space, a file
 * that is written, synced, renamed and read again, and one as large as a long part. A folder that was made for
 * the trial goes again where it fails.
 * @param known folders whose spool files are this console's own
 */
export async function tryFolder(
  folder: string,
  known: readonly string[],
  { occupied, ownFolder = null }: FoldersOfSite,
): Promise<Outcome<void>> {
  if (!isAbsolute(folder)) {
    const example = process.platform === "win32" ? "D:\\Spool" : "/srv/spool";
    return failed("SPOOL_PATH_NOT_FULL", `The spool folder must be a full path, such as ${example}.`);
  }
  const hidden = hiddenCharacterIssue("The spool folder", folder);
  if (hidden !== null) return failed("SPOOL_PATH_HIDDEN_CHARACTER", hidden);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), LONGEST_TRIAL_MS);
  const noAnswer = new Promise<Outcome<void>>((resolve) => {
    late.signal.addEventListener("abort", () => resolve(silent(folder)), { once: true });
  });
  try {
    return await Promise.race([
      trial(folder, known, () => occupationOf(folder, occupied, ownFolder)),
      noAnswer,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

function silent(folder: string): Outcome<never> {
  return failed("SPOOL_FOLDER_SILENT", `The disk of ${folder} does not answer.`, ANOTHER_FOLDER);
}

async function trial(
  folder: string,
  known: readonly string[],
  occupationOfIt: () => Promise<Outcome<never> | null>,
): Promise<Outcome<void>> {
  const occupation = await occupationOfIt();
  if (occupation !== null) return occupation;
  let firstMade: string | null = null;
  const tried = await refusalOf(folder, async () => {
    firstMade = await onSpool(() => makeFolder(folder));
    await clearOfTrials(folder);
    return (
      (await filesOfAnotherConsole(folder, known)) ??
      (await openToOthers(folder, firstMade !== null)) ??
      (await tooSmall(folder)) ??
      (await tryFiles(folder))
    );
  });
  if (tried !== null && firstMade !== null) await unmake(firstMade, folder);
  return tried ?? succeeded(undefined);
}

type Refusal = {
  readonly ok: false;
  readonly error: Failure;
} | null;

/** What the system refuses, with the same codes and words as while exports run. */
async function refusalOf(folder: string, work: () => Promise<Refusal>): Promise<Outcome<never> | null> {
  try {
    const refusal = await work();
    return refusal === null ? null : failedAs({ ...refusal.error, action: ANOTHER_FOLDER });
  } catch (error) {
    if (!(error instanceof SpoolDiskError)) throw error;
    const failure = await spoolFailure(error, folder, LARGE_SEGMENT_BYTES);
    if (failure.ok) throw error;
    return failedAs({ code: failure.error.code, message: failure.error.message, action: ANOTHER_FOLDER });
  }
}

/** Of a trial that the console did not live to end, or whose disk took too long: nobody's, and as large as a part. */
async function clearOfTrials(folder: string): Promise<void> {
  for (const name of (await oursIn(folder)) ?? []) {
    if (name.startsWith(TRIAL_PREFIX)) await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}

/** A console sweeps its spool: two in one folder would remove each other's files. */
async function filesOfAnotherConsole(folder: string, known: readonly string[]): Promise<Refusal> {
  // One's own folder may be reached through a link.
  const real = await realPathOf(folder);
  const own = await Promise.all(known.map(realPathOf));
  if (own.includes(real)) return null;
  const files = (await oursIn(folder)) ?? [];
  if (files.length === 0) return null;
  return failed(
    "SPOOL_FOLDER_OF_ANOTHER",
    `${folder} holds ${formatCount(files.length, "spool file")} of another console.`,
  );
}

/** A folder with nothing else in it becomes this user's alone. */
async function openToOthers(folder: string, isMade: boolean): Promise<Refusal> {
  if (process.platform === "win32") return null;
  const mode = await modeOf(folder);
  if ((mode & OF_OTHERS) === 0) return null;
  const names = await onSpool(() => readdir(folder));
  const isOwn = isMade || names.every((name) => name.includes(SPOOL_FILE_SUFFIX));
  // A disk without rights (exFAT) or a folder of another user keeps its own; what they are then is looked at.
  if (isOwn) await chmod(folder, 0o700).catch(() => undefined);
  const left = await modeOf(folder);
  if ((left & WRITTEN_BY_OTHERS) === 0) return null;
  return failed(
    "SPOOL_FOLDER_OPEN",
    `Other users may write in ${folder} (rights ${(left & 0o777).toString(8)}); the spool needs one of its own.`,
  );
}

async function modeOf(folder: string): Promise<number> {
  return (await onSpool(() => stat(folder))).mode;
}

async function tooSmall(folder: string): Promise<Refusal> {
  const freeBytes = await onSpool(() => freeBytesOf(folder));
  if (freeBytes >= LARGE_SEGMENT_BYTES + FREE_SPACE_RESERVE_BYTES) return null;
  return failed(
    "SPOOL_DISK_TOO_SMALL",
    `The disk of ${folder} has ${formatBytes(freeBytes)} free. 60 minutes of a camera take about ` +
      `${formatBytes(LARGE_SEGMENT_BYTES)}, and ${formatBytes(FREE_SPACE_RESERVE_BYTES)} always stay free.`,
  );
}

async function tryFiles(folder: string): Promise<Refusal> {
  const path = join(folder, `${TRIAL_PREFIX}${randomUUID()}${SPOOL_FILE_SUFFIX}`);
  const sample = randomBytes(SAMPLE_BYTES);
  try {
    await onSpool(() => createFlushed(partOf(path), sample, 0o600));
    await onSpool(() => finishPart(path));
    const stored = await onSpool(() => readFile(path));
    if (!stored.equals(sample)) {
      return failed("SPOOL_DISK_CHANGES_BYTES", `What was written to ${folder} came back changed.`);
    }
    await onSpool(async () => {
      await using file = await open(path, "r+");
      await growTo(file, LARGE_SEGMENT_BYTES);
    });
    return null;
  } finally {
    await rm(partOf(path), { force: true }).catch(() => undefined);
    await rm(path, { force: true }).catch(() => undefined);
  }
}

/** Takes no room where the disk knows sparse files. */
async function growTo(file: FileHandle, lengthBytes: number): Promise<void> {
  await file.truncate(lengthBytes);
  await file.write(Buffer.of(1), 0, 1, lengthBytes - 1);
  await file.sync();
}

/** Removes the folders that were made, as far as they are empty. */
async function unmake(firstMade: string, folder: string): Promise<void> {
  const depth = relative(firstMade, folder)
    .split(sep)
    .filter((name) => name !== "").length;
  let path = folder;
  for (let above = 0; above <= depth; above += 1) {
    const isGone = await rmdir(path).then(
      () => true,
      () => false,
    );
    if (!isGone) return;
    path = dirname(path);
  }
}
