import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { footageIndex } from "#archive/index/footage-index.ts";
import { openIndex } from "#archive/index/open-index.ts";
import { storeStopped } from "#archive/recorder/camera-fleet.ts";
import { locateFfmpeg } from "#archive/recorder/ffmpeg-location.ts";
import { DEMO_CAMERAS } from "#dev/demo-site/footage/demo-cameras.ts";
import { makeDemoFootage } from "#dev/demo-site/footage/make-demo-footage.ts";

/** The demo camera that has over a day of footage. */
export const LONG_CAMERA = "gate-night";

/** Makes an archive's folder with that camera, which is not recorded any more. */
export async function seekFootage(): Promise<{ dir: string; endUtcMs: number }> {
  const dir = await mkdtemp(join(tmpdir(), "evidence-desk-bench-seek-"));
  const cameras = DEMO_CAMERAS.filter(({ id }) => id === LONG_CAMERA);
  const ffmpegPath = locateFfmpeg() ?? "ffmpeg";
  const { endUtcMs } = await makeDemoFootage({ dir, nowUtcMs: Date.now(), ffmpegPath, cameras });
  const database = openIndex(dir);
  storeStopped({ dir, index: footageIndex(database), cameraId: LONG_CAMERA });
  database.close();
  return { dir, endUtcMs };
}
