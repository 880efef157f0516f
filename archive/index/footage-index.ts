import type { IndexDatabase } from "./open-index.ts";
import { cameraQueries } from "./camera-queries.ts";
import type {
  StoredCamera,
  IndexedCamera,
  NewSession,
  Seam,
  NewFootageFile,
  FootageFileRow,
  AgedFootageFile,
  SessionRow,
  Overlap,
  ClockFacts,
  Stretch,
} from "./index-rows.ts";
import type { FootageQuery } from "./footage-query.ts";
import { footageFileQueries } from "./footage-file-queries.ts";
import { footageFileWriter } from "./footage-file-writer.ts";
import { sessionQueries } from "./session-queries.ts";
import { strayQueries, type StrayFile, type StraySum } from "./stray-files.ts";

export interface FootageIndex {
  cameras(): readonly IndexedCamera[];
  camera(cameraId: string): IndexedCamera | undefined;
  putCamera(cameraId: string, change: StoredCamera): void;
  /** Marks a camera as no longer recorded. False when there is no such camera. */
  stopCamera(cameraId: string): boolean;
  /** First instant held of a camera, and the end of what was recorded last, microseconds UTC. */
  extent(cameraId: string): { startUs: number; endUs: number } | undefined;
  session(cameraId: string, name: string): SessionRow | undefined;
  /** In the order in which they were recorded. */
  sessions(cameraId: string): SessionRow[];
  /** Notes where a session took over from the one before. */
  putSeam(sessionId: number, seam: Seam): void;
  addSession(session: NewSession): SessionRow;
  removeSession(sessionId: number): void;
  /** Dates the ages of what was recorded in a run of the machine by when that run began, milliseconds UTC. */
  putBoot(bootId: string, beganUtcMs: number): void;
  /** Adds one footage file; adding the same session and number again changes nothing. */
  addFootageFile(session: SessionRow, footageFile: NewFootageFile): void;
  removeFootageFile(footageFileId: number): void;
  /** The same, unless a lock touches it by now. @returns whether it was removed */
  removeUnlocked(footageFileId: number): boolean;
  footageFilesOf(sessionId: number): { readonly id: number; readonly number: number }[];
  /** Shown stretches that touch the range, in order of time. */
  stretches(query: FootageQuery): Stretch[];
  /** No footage file of the camera is longer than this, microseconds. */
  longestUs(cameraId: string): number;
  /** Pieces of footage files that are shown in the range, in order of time; a footage file can give several. */
  footageFiles(query: FootageQuery): FootageFileRow[];
  /** Where more than one recording holds footage of the range. A hand-over from session to session is none. */
  overlaps(query: Omit<FootageQuery, "recording">): Overlap[];
  /** The footage files that were recorded last, whatever instants they have, oldest of them first. */
  newestFootageFiles(cameraId: string, count: number): FootageFileRow[];
  /** The footage files of a session, in order of their numbers. */
  footageFileRowsOf(sessionId: number): FootageFileRow[];
  /** Footage files of all cameras that no lock touches, in the order of their ages, oldest first. */
  oldestUnlocked(count: number): AgedFootageFile[];
  hasFootageFile(cameraId: string, sessionName: string, number: number): boolean;
  samples(footageFileId: number): Buffer;
  /** The packets of sound of a footage file, or null where it has none. */
  soundSamples(footageFileId: number): Buffer | null;
  /** Arrival and drift of the footage files of which something is shown in the range; undefined where there is none. */
  clockFacts(query: FootageQuery): ClockFacts | undefined;
  /** How long ago a footage file was added last, in milliseconds that no clock can be set by; null: not in this run. */
  addedAgoMs(cameraId: string): number | null;
  /** What was added so far was found, and does not arrive now. */
  forgetArrivals(): void;
  /** Notes a file that is not footage; the same one again changes what is known of it. */
  putStray(stray: StrayFile): void;
  removeStray(stray: StrayFile): void;
  /** The same, unless a lock holds it by now. @returns whether it was removed */
  removeUnlockedStray(stray: StrayFile): boolean;
  /** Of a camera, or of one of its sessions. */
  straysOf(cameraId: string, session?: string): StrayFile[];
  /** Those of all cameras that arrived first and that no lock holds. */
  oldestStrays(count: number): StrayFile[];
  straySum(): StraySum;
  /** Forgets which files were found not to be footage: they are looked at again. */
  forgetStrays(): void;
  /** Runs the function in one transaction. */
  inOneStep(work: () => void): void;
  /** Forgets sessions and footage files, never cameras and locks. */
  forgetFootage(): void;
}

/** The index over an open database. Every method is synchronous and touches no media file. */
export function footageIndex(database: IndexDatabase): FootageIndex {
  const { noteAdded, ...footageFiles } = footageFileQueries(database);
  return {
    ...cameraQueries(database),
    ...sessionQueries(database),
    ...footageFiles,
    ...footageFileWriter(database, noteAdded),
    ...strayQueries(database),
  };
}
