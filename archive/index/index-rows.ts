import type { StoredSource } from "../cameras/stored-source.ts";

/** What a run is made of: a piece of footage in microseconds UTC, and how long one of its frames lasts. */
export interface Stretch {
  readonly startUs: number;
  readonly endUs: number;
  readonly frameUs: number;
}

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
  /** Absent or null where that was not noted: its age counts by its own dates. */
  readonly begun?: SessionBeginning | null;
}

/** When a session began, whatever the clock said then. */
export interface SessionBeginning {
  /** The run of the machine, and how long it had run. */
  readonly bootId: string;
  readonly uptimeMs: number;
  /** How much later than its own dates that was by what is believed, microseconds. */
  readonly laterUs: number;
}

/** Where a session took over from another without losing or repeating a frame. */
export interface Seam {
  /** Name of the session before. */
  readonly session: string;
  /** The footage file of it that holds the frame which is this session's first one. */
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

export interface NewFootageFile {
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
  /** Where frames are missing inside the footage file. */
  readonly holes: readonly Hole[];
}

export interface FootageFileRow extends Stretch {
  readonly id: number;
  readonly sessionId: number;
  readonly sessionName: string;
  readonly number: number;
  readonly sizeBytes: number;
  /** Of the camera's sessions, in the order in which they were recorded. */
  readonly ordinal: number;
  readonly arrivalUs: number;
  /**
   * What is shown of the footage file, on the wall clock: less than all of it where another session is shown instead.
   */
  readonly shownStartUs: number;
  readonly shownEndUs: number;
  /** The same by the clock of the session, which differs where its end is drawn to the start of the next. */
  readonly fromUs: number;
  readonly toUs: number;
  /** Counts a camera's footage files for ever: the media sequence number of the live playlist. */
  readonly sequence: number;
  /** Counts a camera's discontinuities for ever. */
  readonly discontinuity: number;
}

export interface AgedFootageFile extends FootageFileRow {
  readonly cameraId: string;
  /** Where its age counts from, microseconds UTC: its end by what is believed, which its own dates are as wrong about as the clock was. */
  readonly agedUs: number;
}

export interface SessionRow extends NewSession {
  readonly id: number;
  readonly sound: SessionSound | null;
  readonly ordinal: number;
  readonly seam: Seam | null;
  readonly begun?: SessionBeginning | null;
}

/** A stretch of time that was recorded more than once, as when a clock was set back. */
export interface Overlap {
  readonly startUs: number;
  readonly endUs: number;
  /** Name of the session whose recording is shown, and of the one that is not. */
  readonly shown: string;
  readonly hidden: string;
}

/** How the recorded instants of a range and the arrival of its footage files relate, microseconds. */
export interface ClockFacts {
  readonly firstArrivalUs: number;
  readonly lastArrivalUs: number;
  /** Arrival less recorded end, of the range's last footage file, and the least and the most of all. */
  readonly lastDriftUs: number;
  readonly leastDriftUs: number;
  readonly mostDriftUs: number;
}
