import type { TimeRange } from "#shared/domain/time-range.ts";
import type { FootageIndex } from "./footage-index.ts";

/** What an archive holds: files in its folder, and their index. */
export interface ArchiveFootage {
  readonly dir: string;
  readonly index: FootageIndex;
}

/** What it holds of one camera. */
export interface CameraFootage extends ArchiveFootage {
  readonly cameraId: string;
}

/** The part of that which somebody asks for. */
export interface AskedFootage extends CameraFootage {
  readonly range: TimeRange;
  /** Name of the one session that is meant, where several hold the same time. */
  readonly recording?: string | undefined;
}
