import type { ToldCameraProblem } from "#shared/archive-api/archive-api.ts";

/** Why nothing is recorded at the moment. */
export type Obstacle = Exclude<ToldCameraProblem["code"], "SOUND_LEFT_OUT" | "CAMERA_CLOCK">;

export class RecordingRefused extends Error {
  readonly code: Obstacle;

  constructor(code: Obstacle, message: string) {
    super(message);
    this.code = code;
  }
}
