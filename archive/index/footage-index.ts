import type { TimeRange } from "#shared/domain/time-range.ts";
import type { IndexDatabase } from "./open-index.ts";
import type { StoredSource } from "../cameras/stored-source.ts";
import { cameraQueries } from "./camera-queries.ts";
import type { Stretch } from "./runs.ts";
import { segmentQueries } from "./segment-queries.ts";
import { segmentWriter } from "./segment-writer.ts";
import { sessionQueries } from "./session-queries.ts";
import { strayQueries, type StrayFile, type StraySum } from "./stray-files.ts";

export interface StoredCamera {
  readonly name: string;
  readonly area: string;
  readonly source: StoredSource;
}

export interface IndexedCamera extends StoredCamera {
  readonly id: string;
  /** False after the camera was stopped; its footage stays. */
  readonly recorded: boolean;
}

/** A recording session: one life of a recorder process, one initialization segment. */
export interface NewSession {
  readonly cameraId: string;
  readonly name: string;
  readonly startUs: number;
  /** Presentation time of the session's first frame, in its time scale; `startUs` on the wall clock. */
  readonly baseTime: number;
  readonly timeScale: number;
  /** As in RFC 6381, e.g. `avc1.64001e`. */
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  /** Absent or null where the session has none. */
  readonly sound?: SessionSound | null;
  /** Grows in the order in which a camera's sessions were recorded; absent: the newest. */
  readonly ordinal?: number;
}

/** Where a session took over from another without losing or repeating a frame. */
export interface Seam {
  /** Name of the session before. */
  readonly session: string;
  /** The segment of it that holds the frame which is this session's first one. */
  readonly number: number;
  /** That frame's instant by the clock of the session before, microseconds UTC. */
  readonly atUs: number;
  /** From here on the instants of the session before are drawn together, or apart, to end where this one begins. */
  readonly fromUs: number;
}

/** The sound that was recorded with a session's picture. */
export interface SessionSound {
  readonly trackId: number;
  readonly timeScale: number;
  /** Time of the sound, in its own time scale, at the session's `startUs`; may be negative. */
  readonly baseTime: number;
  readonly codec: string;
}

/** Microseconds UTC. */
export interface Hole {
  readonly startUs: number;
  readonly endUs: number;
}

export interface NewSegment {
  readonly number: number;
  readonly startUs: number;
  readonly endUs: number;
  readonly frameUs: number;
  readonly sizeBytes: number;
  readonly arrivalUs: number;
  /** Made by `packSamples`. */
  readonly samples: Buffer;
  /** The packets of sound in the file, made by `packSamples`; absent or null where there are none. */
  readonly soundSamples?: Buffer | null;
  /** Where frames are missing inside the segment. */
  readonly holes: readonly Hole[];
}

export interface SegmentRow extends Stretch {
  readonly id: number;
  readonly sessionId: number;
  readonly sessionName: string;
  readonly number: number;
  readonly sizeBytes: number;
  /** Of the camera's sessions, in the order in which they were recorded. */
  readonly ordinal: number;
  readonly arrivalUs: number;
  /** What is shown of the segment, on the wall clock: less than all of it where another session is shown instead. */
  readonly shownStartUs: number;
  readonly shownEndUs: number;
  /** The same by the clock of the session, which differs where its end is drawn to the start of the next. */
  readonly fromUs: number;
  readonly toUs: number;
  /** Counts a camera's segments for ever: the media sequence number of the live playlist. */
  readonly sequence: number;
  /** Counts a camera's discontinuities for ever. */
  readonly discontinuity: number;
}

export interface SessionRow extends NewSession {
  readonly id: number;
  readonly sound: SessionSound | null;
  readonly ordinal: number;
  readonly seam: Seam | null;
}

/** A stretch of time that was recorded more than once, as when a clock was set back. */
export interface Overlap {
  readonly startUs: number;
  readonly endUs: number;
  /** Name of the session whose recording is shown, and of the one that is not. */
  readonly shown: string;
  readonly hidden: string;
}

/** How the recorded instants of a range and the arrival of its segments relate, microseconds. */
export interface ClockFacts {
  readonly firstArrivalUs: number;
  readonly lastArrivalUs: number;
  /** Arrival less recorded end, of the range's last segment, and the least and the most of all. */
  readonly lastDriftUs: number;
  readonly leastDriftUs: number;
  readonly mostDriftUs: number;
}

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
  /** Adds one segment; adding the same session and number again changes nothing. */
  addSegment(session: SessionRow, segment: NewSegment): void;
  removeSegment(segmentId: number): void;
  segmentsOf(sessionId: number): { readonly id: number; readonly number: number }[];
  /** Shown stretches that touch the range, in order of time. */
  stretches(cameraId: string, range: TimeRange, recording?: string): Stretch[];
  /** No segment of the camera is longer than this, microseconds. */
  longestUs(cameraId: string): number;
  /**
   * Pieces of segments that are shown in the range, in order of time; a segment can give several.
   * @param recording name of the one session that is meant, as if there were no other
   */
  segments(cameraId: string, range: TimeRange, recording?: string): SegmentRow[];
  /** Where more than one recording holds footage of the range. A hand-over from session to session is none. */
  overlaps(cameraId: string, range: TimeRange): Overlap[];
  /** The segments that were recorded last, whatever instants they have, oldest of them first. */
  newestSegments(cameraId: string, count: number): SegmentRow[];
  /** The segments of a session, in order of their numbers. */
  segmentRowsOf(sessionId: number): SegmentRow[];
  /** Oldest segments of all cameras that no lock touches. */
  oldestUnlocked(count: number): (SegmentRow & { readonly cameraId: string })[];
  hasSegment(cameraId: string, sessionName: string, number: number): boolean;
  samples(segmentId: number): Buffer;
  /** The packets of sound of a segment, or null where it has none. */
  soundSamples(segmentId: number): Buffer | null;
  /** Arrival and drift of the segments of which something is shown in the range; undefined where there is none. */
  clockFacts(cameraId: string, range: TimeRange, recording?: string): ClockFacts | undefined;
  /** How long ago a segment was added last, in milliseconds that no clock can be set by; null: not in this run. */
  addedAgoMs(cameraId: string): number | null;
  /** What was added so far was found, and does not arrive now. */
  forgetArrivals(): void;
  /** Notes a file that is not footage; the same one again changes what is known of it. */
  putStray(stray: StrayFile): void;
  removeStray(stray: StrayFile): void;
  /** Of a camera, or of one of its sessions. */
  straysOf(cameraId: string, session?: string): StrayFile[];
  /** Those of all cameras that arrived first and that no lock holds. */
  oldestStrays(count: number): StrayFile[];
  straySum(): StraySum;
  /** Forgets which files were found not to be footage: they are looked at again. */
  forgetStrays(): void;
  /** Runs the function in one transaction. */
  inOneStep(work: () => void): void;
  /** Forgets sessions and segments, never cameras and locks. */
  forgetFootage(): void;
}

/** The index over an open database. Every method is synchronous and touches no media file. */
export function footageIndex(database: IndexDatabase): FootageIndex {
  const { noteAdded, ...segments } = segmentQueries(database);
  return {
    ...cameraQueries(database),
    ...sessionQueries(database),
    ...segments,
    ...segmentWriter(database, noteAdded),
    ...strayQueries(database),
  };
}
