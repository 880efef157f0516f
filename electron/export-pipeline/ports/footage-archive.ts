import type { LeftOut } from "#shared/domain/camera.ts";
import type { FootageRange } from "#shared/domain/footage.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { PortCall, PortOutcome } from "./port-call.ts";

/**
 * The recorded instants compared with the archive's clock: the arrival of a footage file minus the instant of its
 * end, for the range's last segment, and the least and most of all.
 */
export interface RecordedClock {
  readonly driftMs: number;
  readonly leastDriftMs: number;
  readonly mostDriftMs: number;
  readonly firstArrivalUtcMs: number;
  readonly lastArrivalUtcMs: number;
}

/** A stretch of time that was recorded twice, as when a clock was set back. */
export interface RecordingOverlap extends TimeRange {
  /** Names of the recordings in the archive. */
  readonly shown: string;
  readonly hidden: string;
}

/** The camera's own time beside the recorded instants; it counts from anywhere, only its differences tell. */
export interface RecordedCameraTime {
  /** Without a jump of the camera's clock; of the first and last frame the time by both. */
  readonly stretches: readonly {
    readonly startUtcUs: number;
    readonly endUtcUs: number;
    readonly startCameraUs: number;
    readonly endCameraUs: number;
    /** Time of the camera per a million of recorded time; null where the stretch is too short to tell. */
    readonly ratePpm: number | null;
  }[];
  /** `byUs` null: backwards, by an unknown amount. */
  readonly jumps: readonly { readonly atUtcUs: number; readonly byUs: number | null }[];
  readonly unknownMs: number;
  /** What its clock of day said at instants of the footage; absent where it said nothing. */
  readonly timesOfDay?: readonly { readonly atUtcUs: number; readonly cameraUtcUs: number }[] | undefined;
}

/** What the archive recorded in a range, to the frame. */
export interface RecordedFootage {
  readonly firstFrameUtcUs: number;
  readonly lastFrameUtcUs: number;
  /** End of the last frame's duration. */
  readonly endUtcUs: number;
  /** Frames shown. */
  readonly frameCount: number;
  /** Frames in the file before the first shown one, hidden by its edit list. */
  readonly preRollFrameCount: number;
  /** Frames after the last shown one, also hidden: it needs them for decoding. */
  readonly trailingFrameCount?: number | undefined;
  /** Frames between shown ones, there for a moment each: another recording ended within their group of pictures. */
  readonly innerFrameCount?: number | undefined;
  /** Stretches of which the archive has two recordings, and which of them is in the file. */
  readonly overlaps?: readonly RecordingOverlap[] | undefined;
  readonly gaps: readonly TimeRange[];
  /** null where the archive does not know it. */
  readonly clock: RecordedClock | null;
  /** null where nothing is known of it. */
  readonly cameraTime: RecordedCameraTime | null;
  /** What the camera sent beside it and was not recorded; null where the archive does not know. */
  readonly leftOut: readonly LeftOut[] | null;
  /** The aspect ratio that was set for the camera; null: as the camera said. */
  readonly ratioSet?: string | null | undefined;
}

/** What an export of a range is, exactly, before a byte of it is read. */
export interface ExportFacts extends Omit<RecordedFootage, "clock" | "cameraTime" | "leftOut"> {
  readonly lengthBytes: number;
  /** Of the picture, as RFC 6381 names it. */
  readonly codec: string;
  readonly clock?: RecordedClock | undefined;
  readonly cameraTime?: RecordedCameraTime | null;
  readonly leftOut?: readonly LeftOut[] | null;
}

/** The part of an answer that the journal keeps. */
export function recordedFootageOf(facts: ExportFacts): RecordedFootage {
  const { firstFrameUtcUs, lastFrameUtcUs, endUtcUs, frameCount, preRollFrameCount, gaps } = facts;
  const { trailingFrameCount = 0, innerFrameCount = 0, overlaps = [] } = facts;
  const { clock = null, cameraTime = null, leftOut = null, ratioSet = null } = facts;
  return {
    ...{ firstFrameUtcUs, lastFrameUtcUs, endUtcUs, frameCount, preRollFrameCount },
    ...{ trailingFrameCount, innerFrameCount, overlaps, gaps, clock, cameraTime, leftOut, ratioSet },
  };
}

/** Footage that retention must not touch. */
export interface LockedRange {
  readonly lockId: string;
  readonly cameraId: string;
  readonly range: TimeRange;
}

/**
 * The archive as the pipeline needs it. All calls are idempotent.
 * - `planExport` fails with kind `no-footage` where no frame lies in the range, and with code `CODEC_CHANGED` and the
 *   instant where one file cannot hold the range.
 * - `cameraAreas` answers of all cameras at once, by id; a camera without an area is not in it.
 * - `now` is the present by the archive's clock, milliseconds UTC: recorded instants are compared with it alone. It never
 *   fails: while the archive does not answer, it is what was known last of its clock. Any camera's id may be named.
 * - `lock` holds until `unlock`, across restarts of both processes; the same id again replaces it.
 */
export interface FootageArchive {
  planExport(cameraId: string, range: FootageRange, call: PortCall): Promise<PortOutcome<ExportFacts>>;
  cameraAreas(call: PortCall): Promise<PortOutcome<ReadonlyMap<string, string>>>;
  now(cameraId: string, call: Pick<PortCall, "signal">): Promise<number>;
  lock(locked: LockedRange, call: PortCall): Promise<PortOutcome<void>>;
  unlock(lockId: string, call: PortCall): Promise<PortOutcome<void>>;
}
