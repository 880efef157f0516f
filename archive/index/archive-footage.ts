import type { FootageIndex } from "./footage-index.ts";
import type { FootageQuery } from "./footage-query.ts";

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
export interface AskedFootage extends ArchiveFootage, FootageQuery {}
