import { CAMERA_ACTIONS } from "./advice/camera-actions.ts";

/**
 * `recording`: media arrives. `connecting`: a first try is under way and nothing speaks against it yet.
 * `no-signal`: the camera was tried in vain, or has gone; it is tried again. `stopped`: not recorded.
 */
export type CameraState = "recording" | "connecting" | "no-signal" | "stopped";

/** Those of the table of actions, so that one without something that can be done does not compile. */
export type CameraProblemCode = keyof typeof CAMERA_ACTIONS;
export const CAMERA_PROBLEM_CODES = Object.keys(CAMERA_ACTIONS) as readonly CameraProblemCode[];

/** What a source can send that is not recorded. */
export const LEFT_OUT_KINDS = ["picture", "sound", "metadata", "other"] as const;

export interface LeftOut {
  readonly kind: (typeof LEFT_OUT_KINDS)[number];
  /** Of what format, as people call it, e.g. `G.711 µ-law`. */
  readonly format: string;
}

/** Why less is recorded of a camera than there should be, or more is kept of it. */
export interface CameraProblem {
  readonly code: CameraProblemCode;
  /** The recorder's own words. */
  readonly message: string;
  /** What can be done about it. */
  readonly action: string;
}

/** A problem as the recorder tells it, or an archive of an earlier version: what can be done is the code's. */
export type ToldCameraProblem = Omit<CameraProblem, "action"> & { readonly action?: string | undefined };

export function cameraProblem({ code, message, action }: ToldCameraProblem): CameraProblem {
  return { code, message, action: action ?? CAMERA_ACTIONS[code] };
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
