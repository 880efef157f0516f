import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import { footageIndex, type FootageIndex } from "#archive/index/footage-index.ts";
import { openIndex } from "#archive/index/open-index.ts";
import { storeCamera } from "#archive/recorder/camera-fleet.ts";
import { setImmediate as yieldToOthers } from "node:timers/promises";
import { DEMO_CAMERAS, type DemoCamera } from "./demo-cameras.ts";
import { encodeLoopClip } from "./loop-clip.ts";
import { cutLoop, FILE_MS, type LoopFiles } from "./loop-footage-files.ts";
import { pastSessions, writePastSession } from "./past-footage.ts";

export interface DemoFootageOptions {
  /** The archive's folder; no archive may be running on it. */
  readonly dir: string;
  readonly nowUtcMs: number;
  readonly ffmpegPath: string;
  /** Which cameras to make; all by default. */
  readonly cameras?: readonly DemoCamera[];
}

export interface DemoFootage {
  readonly cameraIds: readonly string[];
  /** Where the past footage ends: `nowUtcMs` rounded down to whole footage files of 4 s. */
  readonly endUtcMs: number;
  readonly lengthBytes: number;
}

/** Loops encoded at the same time; copying goes on beside them. */
const ENCODERS = 2;

/** The newest footage is in files as short as the recorder's. */
const RECENT_MS = 1_800_000;

/**
 * Fills an archive's folder: cameras, one loop each, past footage with its gaps, and the index rows. An
 * archive started on the folder afterwards goes on recording the loops live.
 * @throws ArchiveFailure ARCHIVE_IN_USE; what ffmpeg said when it failed
 */
export async function makeDemoFootage(options: DemoFootageOptions): Promise<DemoFootage> {
  const { dir, nowUtcMs, cameras = DEMO_CAMERAS } = options;
  const endUtcMs = Math.floor(nowUtcMs / FILE_MS) * FILE_MS;
  await mkdir(join(dir, "loops"), { recursive: true });
  const database = openIndex(dir);
  try {
    const index = footageIndex(database);
    const limit = pLimit(ENCODERS);
    // The camera with most to copy first, so that its copying runs while the others are encoded.
    const inOrder = [...cameras].sort((a, b) => b.pastMs - a.pastMs);
    const lengths = await Promise.all(
      inOrder.map(async (camera) => {
        const loop = await limit(() => makeLoop(options, camera));
        return writeCamera(options.dir, index, camera, loop, endUtcMs);
      }),
    );
    const lengthBytes = lengths.reduce((sum, length) => sum + length, 0);
    return { cameraIds: cameras.map((camera) => camera.id), endUtcMs, lengthBytes };
  } finally {
    database.close();
  }
}

/** A path within the archive's folder, so that the whole site can be moved. */
const loopFile = (camera: DemoCamera): string => join("loops", `${camera.id}.mp4`);

async function makeLoop({ dir, ffmpegPath }: DemoFootageOptions, camera: DemoCamera): Promise<LoopFiles> {
  const file = join(dir, loopFile(camera));
  await encodeLoopClip(ffmpegPath, { file, cameraName: camera.name, scene: camera.scene });
  return cutLoop(ffmpegPath, file);
}

async function writeCamera(
  dir: string,
  index: FootageIndex,
  camera: DemoCamera,
  loop: LoopFiles,
  endUtcMs: number,
): Promise<number> {
  const source = { kind: "loop", file: loopFile(camera) } as const;
  storeCamera({ dir, index, cameraId: camera.id }, { name: camera.name, area: camera.area, source });
  let bytes = 0;
  for (const session of pastSessions(camera, endUtcMs)) {
    bytes += writePastSession(dir, index, camera.id, loop, session, endUtcMs - RECENT_MS);
    await yieldToOthers();
  }
  return bytes;
}
