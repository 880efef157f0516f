import type { TimeRange } from "#shared/domain/time-range.ts";
import type { IndexDatabase } from "./open-index.ts";
import type { StoredSource } from "../cameras/stored-source.ts";
import { cameraQueries } from "./camera-queries.ts";
import type { Stretch } from "./runs.ts";
import { segmentQueries } from "./segment-queries.ts";
import { segmentWriter } from "./segment-writer.ts";
import { sessionQueries } from "./session-queries.ts";

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
  /** End of what is shown: earlier than `endUs` where a newer session took over. */
  readonly shownEndUs: number;
  /** Counts a camera's segments for ever: the media sequence number of the live playlist. */
  readonly sequence: number;
  /** Counts a camera's discontinuities for ever. */
  readonly discontinuity: number;
}

export interface SessionRow extends NewSession {
  readonly id: number;
  readonly sound: SessionSound | null;
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
  /** First and last instant held of a camera, microseconds UTC. */
  extent(cameraId: string): { startUs: number; endUs: number } | undefined;
  session(cameraId: string, name: string): SessionRow | undefined;
  sessions(cameraId: string): SessionRow[];
  addSession(session: NewSession): SessionRow;
  removeSession(sessionId: number): void;
  /** Adds one segment; adding the same session and number again changes nothing. */
  addSegment(session: SessionRow, segment: NewSegment): void;
  removeSegment(segmentId: number): void;
  segmentsOf(sessionId: number): { readonly id: number; readonly number: number }[];
  /** Shown stretches that touch the range, in order of time. */
  stretches(cameraId: string, range: TimeRange): Stretch[];
  /** Segments of which something is shown in the range, in order of time. */
  segments(cameraId: string, range: TimeRange): SegmentRow[];
  /** The newest segments of which something is shown, oldest of them first. */
  newestSegments(cameraId: string, count: number): SegmentRow[];
  /** Oldest segments of all cameras that no lock touches. */
  oldestUnlocked(count: number): (SegmentRow & { readonly cameraId: string })[];
  hasSegment(cameraId: string, sessionName: string, number: number): boolean;
  samples(segmentId: number): Buffer;
  /** The packets of sound of a segment, or null where it has none. */
  soundSamples(segmentId: number): Buffer | null;
  /** Arrival and drift of the segments of which something is shown in the range; undefined where there is none. */
  clockFacts(cameraId: string, range: TimeRange): ClockFacts | undefined;
  /** Runs the function in one transaction. */
  inOneStep(work: () => void): void;
  /** Forgets sessions and segments, never cameras and locks. */
  forgetFootage(): void;
}

/** The index over an open database. Every method is synchronous and touches no media file. */
export function footageIndex(database: IndexDatabase): FootageIndex {
  return {
    ...cameraQueries(database),
    ...sessionQueries(database),
    ...segmentQueries(database),
    ...segmentWriter(database),
  };
}
