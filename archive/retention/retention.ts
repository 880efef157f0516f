import { readFileSync } from "node:fs";
import { rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { saysMissing } from "#runtime/files/missing-file.ts";
import { z } from "zod";
import type { ToldCameraProblem } from "#shared/archive-api/archive-api.ts";
import { formatCount } from "#shared/words/amounts.ts";
import { footageFilePath, sessionFolder, settingsFile, thumbnailFolder } from "../ground/archive-folder.ts";
import type { ArchiveFootage, CameraFootage } from "../index/archive-footage.ts";
import type { FootageIndex } from "../index/footage-index.ts";
import type { AgedFootageFile } from "../index/index-rows.ts";
import type { StrayFile } from "../index/stray-files.ts";
import { sentenceOf, type Log } from "../ground/log.ts";
import { type AgeClock, ageClock } from "./age-clock.ts";
import { lookAtClocks } from "./clock-look.ts";
import { heldReasons } from "./held-reasons.ts";
import { SpaceWatch } from "./space-watch.ts";

/** `settings.json` of an archive's folder; what is absent has its default. */
export const archiveSettingsSchema = z.object({
  /** Footage older than this goes. */
  retentionHours: z
    .number()
    .positive()
    .default(30 * 24),
  /** The oldest footage goes while the disk has less room than this, bytes. */
  minFreeBytes: z
    .number()
    .nonnegative()
    .default(2 * 1024 ** 3),
  /** Recording stops while the disk has less room than this, bytes: what remains is for the index. */
  recordingReserveBytes: z
    .number()
    .nonnegative()
    .default(64 * 1024 ** 2),
  /**
   * Wanted length of a footage file, seconds: what a crash can lose, against the number of files. Settings written
   * down, the index's tables and the addresses of playback call such a file a segment, as every archive there is has
   * them.
   */
  segmentSeconds: z.number().min(0.5).max(30).default(4),
});
export type ArchiveSettings = z.infer<typeof archiveSettingsSchema>;

const PERIOD_MS = 60_000;

/** Footage files looked at in one go. */
const BATCH = 200;

/** What goes by its age and for room. */
type OldFile =
  | {
      readonly kind: "footage-file";
      readonly agedUs: number;
      readonly sizeBytes: number;
      readonly footageFile: AgedFootageFile;
    }
  | {
      readonly kind: "stray";
      readonly agedUs: number;
      readonly sizeBytes: number;
      readonly stray: StrayFile;
    };

/** @throws ZodError or SyntaxError when the file is there and wrong */
export function readSettings(dir: string): ArchiveSettings {
  let text: string;
  try {
    text = readFileSync(settingsFile(dir), "utf8");
  } catch (error) {
    if (saysMissing(error)) return archiveSettingsSchema.parse({});
    throw error;
  }
  return archiveSettingsSchema.parse(JSON.parse(text));
}

/** Footage, and what decides how much of it stays. */
export interface RetainedFootage extends ArchiveFootage {
  readonly settings: ArchiveSettings;
  /** Tells how much room is missing; asked again after every batch, which has to have made some. */
  readonly space: SpaceWatch;
}

/**
 * One pass of retention, oldest first, never what a lock touches. Files that are no footage go as footage does.
 * @param nowUtcMs from where ages count
 * @returns number of files removed
 */
export async function removeOldFootage(footage: RetainedFootage, nowUtcMs: number): Promise<number> {
  const { index, settings, space } = footage;
  const oldestKeptUs = (nowUtcMs - settings.retentionHours * 3_600_000) * 1000;
  let removed = 0;
  let youngestUs = -Infinity;
  for (;;) {
    const missingBytes = await space.missingBytes(settings.minFreeBytes);
    const doomed = chooseDoomed(oldestFiles(index), oldestKeptUs, missingBytes);
    if (doomed.length === 0) break;
    const gone: OldFile[] = [];
    for (const file of doomed) if (await removeFile(footage, file)) gone.push(file);
    removed += gone.length;
    youngestUs = gone.reduce((most, { agedUs }) => Math.max(most, agedUs), youngestUs);
    if (missingBytes > 0 && gone.length > 0)
      await space.check(settings.minFreeBytes - missingBytes, bytesOf(gone));
  }
  if (youngestUs > oldestKeptUs) space.noteDeleted(nowUtcMs - youngestUs / 1000);
  return removed;
}

function oldestFiles(index: FootageIndex): OldFile[] {
  const footageFiles = index.oldestUnlocked(BATCH).map((footageFile): OldFile => {
    return {
      kind: "footage-file",
      agedUs: footageFile.agedUs,
      sizeBytes: footageFile.sizeBytes,
      footageFile,
    };
  });
  const strays = index.oldestStrays(BATCH).map((stray): OldFile => {
    return { kind: "stray", agedUs: stray.arrivalUs, sizeBytes: stray.sizeBytes, stray };
  });
  // Each of both may have more behind its last one: what is younger than that waits for the next batch.
  return [...footageFiles, ...strays].sort((a, b) => a.agedUs - b.agedUs).slice(0, BATCH);
}

function bytesOf(files: readonly OldFile[]): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function chooseDoomed(oldest: readonly OldFile[], oldestKeptUs: number, missingBytes: number): OldFile[] {
  let freedBytes = 0;
  return oldest.filter((file) => {
    const isDoomed = file.agedUs <= oldestKeptUs || freedBytes < missingBytes;
    if (isDoomed) freedBytes += file.sizeBytes;
    return isDoomed;
  });
}

/**
 * The row goes first: a file without a row is found again at the next start, a row without a file would lie. A lock that
 * came while the files before were being removed holds.
 * @returns whether it was removed
 */
async function removeFile({ dir, index }: ArchiveFootage, file: OldFile): Promise<boolean> {
  switch (file.kind) {
    case "footage-file": {
      const { id, cameraId, sessionName, number } = file.footageFile;
      if (!index.removeUnlocked(id)) return false;
      await rm(footageFilePath(sessionFolder(dir, cameraId, sessionName), number), { force: true });
      await removeEmptySession({ dir, index, cameraId }, sessionName);
      return true;
    }
    case "stray": {
      const { cameraId, session, name } = file.stray;
      if (!index.removeUnlockedStray(file.stray)) return false;
      await rm(join(sessionFolder(dir, cameraId, session), name), { force: true, recursive: true });
      await removeEmptySession({ dir, index, cameraId }, session);
      return true;
    }
  }
}

/** A session goes with its last file, unless it may be the one that is being recorded. */
async function removeEmptySession({ dir, index, cameraId }: CameraFootage, session: string): Promise<void> {
  const row = index.session(cameraId, session);
  const newest = index.newestFootageFiles(cameraId, 1)[0];
  // Without a row it may be about to get its first footage file; the next start takes it away.
  if (row === undefined || newest === undefined || newest.sessionId === row.id) return;
  if (index.footageFilesOf(row.id).length > 0 || index.straysOf(cameraId, session).length > 0) return;
  index.removeSession(row.id);
  await rm(sessionFolder(dir, cameraId, session), { recursive: true, force: true });
  await rm(thumbnailFolder(dir, cameraId, session), { recursive: true, force: true });
}

/** @throws Error where the system tells of a disk that cannot be: nothing is deleted on such a word */
async function freeBytesOf(dir: string): Promise<number> {
  const { bavail, blocks, bsize } = await statfs(dir);
  if (blocks > 0 && bsize > 0 && bavail >= 0 && bavail <= blocks) return bavail * bsize;
  throw new Error("the system tells of a disk that cannot be");
}

/** The deletion of old footage while the archive runs. */
export interface Retention {
  /** Why it is held, or null. */
  problem(): ToldCameraProblem | null;
  /** For how long footage stays that no lock holds, as things are: on a full disk less long than the settings say. */
  keptMs(): number;
  /** Somebody knows that the clock is right: ages count from it again, at once. */
  confirmClock(): void;
  close(): Promise<void>;
}

/** By which footage ages, and by which what is recorded now will. */
export function archiveAges(dir: string, index: FootageIndex): AgeClock {
  return ageClock(dir, {
    clock: lookAtClocks,
    newestArrivalUtcMs: () => newestEnd(index),
    onBoot: ({ bootId, beganUtcMs }) => index.putBoot(bootId, beganUtcMs),
  });
}

export interface RetentionOptions extends ArchiveFootage {
  readonly settings: ArchiveSettings;
  readonly clock: AgeClock;
  readonly log: Log;
}

/** Runs retention now and every minute until closed. */
export function keepRetention({ dir, index, settings, clock, log }: RetentionOptions): Retention {
  const space = new SpaceWatch({ freeBytes: () => freeBytesOf(dir) });
  const held = heldReasons(clock, space, log);
  let running: Promise<void> = Promise.resolve();
  const pass = (): void => {
    running = running
      .then(() => removeOldFootage({ dir, index, settings, space }, clock.look()))
      .then((count) => count > 0 && log(`retention removed ${formatCount(count, "file")}`))
      .then(() => held.tell())
      .catch((error: unknown) => log(`retention failed: ${sentenceOf(error)}`));
  };
  const timer = setInterval(pass, PERIOD_MS);
  pass();
  return {
    problem: () => held.problem(),
    keptMs: () =>
      Math.max(1, Math.round(Math.min(settings.retentionHours * 3_600_000, space.keptMs ?? Infinity))),
    confirmClock() {
      clock.confirm();
      log("the clock was confirmed; ages count from it again");
      pass();
    },
    close: () => {
      clearInterval(timer);
      return running;
    },
  };
}

/** Where all footage ends, which is when the last of it arrived; null while there is none. */
function newestEnd(index: FootageIndex): number | null {
  const newest = index.cameras().flatMap(({ id }) => index.newestFootageFiles(id, 1));
  const ends = newest.map(({ endUs }) => Math.ceil(endUs / 1000));
  return ends.length === 0 ? null : Math.max(...ends);
}
