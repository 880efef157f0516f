import type { ExportDesk } from "../export/export-desk.ts";
import type { FootageIndex } from "../index/footage-index.ts";
import type { IndexedCamera } from "../index/index-rows.ts";
import type { FootageLocks } from "../index/footage-locks.ts";
import type { LiveAnswers } from "../live/live-answers.ts";
import type { Log } from "../ground/log.ts";
import type { Thumbnails } from "../playback/thumbnails.ts";
import type { Retention } from "../retention/retention.ts";
import type { CameraFleet } from "../recorder/camera-fleet.ts";
import { ArchiveFailure } from "../ground/archive-failure.ts";
import type { AccessTokens } from "./access-tokens.ts";

/** What the routes are built on. */
export interface ArchiveParts {
  readonly dir: string;
  readonly index: FootageIndex;
  readonly locks: FootageLocks;
  readonly fleet: CameraFleet;
  readonly live: LiveAnswers;
  readonly exports: ExportDesk;
  readonly thumbnails: Thumbnails;
  readonly tokens: AccessTokens;
  /** How long footage is kept that no lock holds, as the settings say, milliseconds. */
  readonly keptMs: number;
  readonly retention: Pick<Retention, "problem" | "keptMs" | "confirmClock">;
  readonly log: Log;
}

/** @throws ArchiveFailure UNKNOWN_CAMERA */
export function requireCamera(index: FootageIndex, cameraId: string): IndexedCamera {
  const camera = index.camera(cameraId);
  if (camera === undefined) throw new ArchiveFailure("UNKNOWN_CAMERA", `There is no camera ${cameraId}.`);
  return camera;
}
