/** `recording`: media arrives. `no-signal`: the recorder tries to reach the source. `stopped`: not recorded. */
export type CameraState = "recording" | "no-signal" | "stopped";

/** A video source with a stable id, a name and an area. */
export interface Camera {
  readonly id: string;
  readonly name: string;
  readonly area: string;
  readonly state: CameraState;
  /** First and last instant the archive holds, or null while it holds nothing. */
  readonly oldestUtcMs: number | null;
  readonly newestUtcMs: number | null;
}
