/**
 * `recording`: media arrives. `connecting`: a first try is under way and nothing speaks against it yet.
 * `no-signal`: the camera was tried in vain, or has gone; it is tried again. `stopped`: not recorded.
 */
export type CameraState = "recording" | "connecting" | "no-signal" | "stopped";

export const CAMERA_PROBLEM_CODES = [
  "NO_SIGNAL",
  "DISK_FULL",
  "FFMPEG_MISSING",
  "FFMPEG_TOO_OLD",
  "PICTURE_REFUSED",
  "SOUND_LEFT_OUT",
  "CAMERA_CLOCK",
  "CLOCK_DOUBTED",
  "DISK_STAYS_FULL",
] as const;

/** What a source can send that is not recorded. */
export const LEFT_OUT_KINDS = ["picture", "sound", "metadata", "other"] as const;

export interface LeftOut {
  readonly kind: (typeof LEFT_OUT_KINDS)[number];
  /** Of what format, as people call it, e.g. `G.711 µ-law`. */
  readonly format: string;
}

/** Why less is recorded of a camera than there should be, or more is kept of it. */
export interface CameraProblem {
  readonly code: (typeof CAMERA_PROBLEM_CODES)[number];
  /** The recorder's own words. */
  readonly message: string;
}

/** A video source with a stable id, a name and an area. */
export interface Camera {
  readonly id: string;
  readonly name: string;
  readonly area: string;
  readonly state: CameraState;
  /** When the first try began; null in any other state than `connecting`. */
  readonly connectingSinceUtcMs: number | null;
  /** null when all is well, or a first try is under way. */
  readonly problem: CameraProblem | null;
}

/** What the archive holds of one camera: its first and last instant, null while it holds nothing. */
export interface Holding {
  readonly cameraId: string;
  readonly oldestUtcMs: number | null;
  readonly newestUtcMs: number | null;
}
