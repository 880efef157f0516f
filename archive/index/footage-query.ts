import type { TimeRange } from "#shared/domain/time-range.ts";

/** Which footage is meant: what the index, an export and a playlist are asked for. */
export interface FootageQuery {
  readonly cameraId: string;
  readonly range: TimeRange;
  /** Name of the one session that is meant, as if there were no other, where several hold the same time. */
  readonly recording?: string | undefined;
}
