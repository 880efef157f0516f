import { readFileSync } from "node:fs";
import { rm, statfs } from "node:fs/promises";
import { z } from "zod";
import { segmentFile, sessionFolder, settingsFile, thumbnailFolder } from "../archive-folder.ts";
import type { FootageIndex, SegmentRow } from "../index/footage-index.ts";
import { sentenceOf, type Log } from "../log.ts";

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
  /** Wanted length of a segment, seconds: what a crash can lose, against the number of files. */
  segmentSeconds: z.number().min(0.5).max(30).default(4),
});
export type ArchiveSettings = z.infer<typeof archiveSettingsSchema>;

const PERIOD_MS = 60_000;

/** Segments looked at in one go. */
const BATCH = 200;

type OldSegment = SegmentRow & { readonly cameraId: string };

/** @throws ZodError or SyntaxError when the file is there and wrong */
export function readSettings(dir: string): ArchiveSettings {
  let text: string;
  try {
    text = readFileSync(settingsFile(dir), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      return archiveSettingsSchema.parse({});
    throw error;
  }
  return archiveSettingsSchema.parse(JSON.parse(text));
}

/**
 * One pass of retention, oldest footage first, never a segment that a lock touches.
 * @param freeBytes tells how much room the disk has; asked again after every batch
 * @returns number of segments removed
 */
export async function removeOldFootage(
  dir: string,
  index: FootageIndex,
  settings: ArchiveSettings,
  nowUtcMs: number,
  freeBytes: () => Promise<number> = () => freeBytesOf(dir),
): Promise<number> {
  const oldestKeptUs = (nowUtcMs - settings.retentionHours * 3_600_000) * 1000;
  let removed = 0;
  for (;;) {
    const missingBytes = settings.minFreeBytes - (await freeBytes());
    const doomed = chooseDoomed(index.oldestUnlocked(BATCH), oldestKeptUs, missingBytes);
    if (doomed.length === 0) return removed;
    for (const segment of doomed) await removeSegment(dir, index, segment);
    removed += doomed.length;
  }
}

function chooseDoomed(
  oldest: readonly OldSegment[],
  oldestKeptUs: number,
  missingBytes: number,
): OldSegment[] {
  let freedBytes = 0;
  return oldest.filter((segment) => {
    const isDoomed = segment.endUs <= oldestKeptUs || freedBytes < missingBytes;
    if (isDoomed) freedBytes += segment.sizeBytes;
    return isDoomed;
  });
}

/** The row goes first: a file without a row is found again at the next start, a row without a file would lie. */
async function removeSegment(dir: string, index: FootageIndex, segment: OldSegment): Promise<void> {
  const { cameraId, sessionName, sessionId, number } = segment;
  index.removeSegment(segment.id);
  await rm(segmentFile(dir, cameraId, sessionName, number), { force: true });
  const newest = index.newestSegments(cameraId, 1)[0];
  if (index.segmentsOf(sessionId).length > 0 || newest === undefined || newest.sessionId === sessionId)
    return;
  index.removeSession(sessionId);
  await rm(sessionFolder(dir, cameraId, sessionName), { recursive: true, force: true });
  await rm(thumbnailFolder(dir, cameraId, sessionName), { recursive: true, force: true });
}

async function freeBytesOf(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}

/** Runs retention now and every minute until closed. */
export function keepRetention(
  dir: string,
  index: FootageIndex,
  settings: ArchiveSettings,
  log: Log,
): { close(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const pass = (): void => {
    running = running
      .then(() => removeOldFootage(dir, index, settings, Date.now()))
      .then((count) => count > 0 && log(`retention removed ${count} segments`))
      .then(() => undefined)
      .catch((error: unknown) => log(`retention failed: ${sentenceOf(error)}`));
  };
  const timer = setInterval(pass, PERIOD_MS);
  pass();
  return {
    close: () => {
      clearInterval(timer);
      return running;
    },
  };
}
