import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { wholeFile } from "#media/virtual-file.ts";
import { INIT_FILE, sessionFolder } from "../ground/archive-folder.ts";
import { writeCameraFile } from "../index/camera-file.ts";
import { footageIndex, type FootageIndex } from "../index/footage-index.ts";
import { openIndex, type IndexDatabase } from "../index/open-index.ts";
import { reconcile } from "../index/reconcile.ts";
import { writeSessionFile } from "../index/session-indexer.ts";
import { locateFfmpeg } from "../recorder/ffmpeg-location.ts";
import { exportDesk } from "./export-desk.ts";

const CAMERA = "door";
const START_MS = Date.UTC(2026, 10, 23, 12);
const FPS = 25;
const SECONDS = 12;
const ffmpeg = locateFfmpeg() ?? "ffmpeg";
const run = promisify(execFile);

let dir: string;
let database: IndexDatabase;
let index: FootageIndex;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-export-"));
  database = openIndex(dir);
  index = footageIndex(database);
});

afterEach(async () => {
  database.close();
  await rm(dir, { recursive: true, force: true });
});

/** Encodes a clip and records it as a session that began at `startUtcMs`; answers the clip's path. */
async function record(
  session: string,
  startUtcMs: number,
  size: string,
  encoding: string[],
): Promise<string> {
  const clip = join(dir, `${session}.mp4`);
  const folder = sessionFolder(dir, CAMERA, session);
  await mkdir(folder, { recursive: true });
  const picture = [
    "-v",
    "error",
    "-f",
    "lavfi",
    "-i",
    `testsrc=size=${size}:rate=${FPS}`,
    "-t",
    String(SECONDS),
  ];
  await run(ffmpeg, [...picture, "-pix_fmt", "yuv420p", "-g", "50", ...encoding, clip]);
  const footageFiles = ["-f", "hls", "-hls_time", "4", "-hls_segment_type", "fmp4"];
  const files = ["-hls_fmp4_init_filename", INIT_FILE, "-hls_segment_filename", join(folder, "%05d.m4s")];
  const copied = ["-v", "error", "-i", clip, "-map", "0:v:0", "-c", "copy"];
  await run(ffmpeg, [...copied, ...footageFiles, ...files, join(folder, "list.m3u8")]);
  writeSessionFile(folder, { startUs: startUtcMs * 1000, baseTime: null });
  return clip;
}

/** A digest of every picture that a player shows, in order. */
async function pictures(file: string): Promise<string[]> {
  const { stdout } = await run(ffmpeg, [
    "-v",
    "error",
    "-i",
    file,
    "-fps_mode",
    "passthrough",
    "-f",
    "framemd5",
    "-",
  ]);
  const lines = stdout.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => line.split(",").at(-1)?.trim() ?? "");
}

describe("an export", () => {
  test.each([
    ["without B-frames", ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "0"]],
    ["with B-frames", ["-c:v", "libx264", "-preset", "veryfast", "-bf", "2"]],
  ])("of H.264 %s shows the very pictures of the range", async (_kind, encoding) => {
    const clip = await record("0000000000001", START_MS, "96x64", encoding);
    expect(await reconcile({ dir, index })).toMatchObject({ addedFiles: 3, unreadableFiles: [] });
    const source = await pictures(clip);
    const desk = exportDesk(dir, index);
    for (const [fromFrame, toFrame] of [
      [0, 300],
      [37, 38],
      [49, 151],
      [99, 101],
      [223, 299],
    ] as const) {
      // Half a frame before its start: the frame named is the first that starts in the range.
      const range = {
        startUtcMs: START_MS + Math.max(0, fromFrame * 40 - 20),
        endUtcMs: START_MS + toFrame * 40 - 20,
      };
      const planned = await desk.plan({ cameraId: CAMERA, range });
      const file = join(dir, "export.mp4");
      await writeFile(file, await buffer(desk.read(planned, wholeFile(planned.plan))));
      expect(planned.plan.frameCount).toBe(toFrame - fromFrame);
      expect(planned.plan.firstFrameUtcUs).toBe((START_MS + fromFrame * 40) * 1000);
      expect(await pictures(file)).toEqual(source.slice(fromFrame, toFrame));
    }
  });

  test("of which a file is gone or shorter breaks off, and whoever asks again is told what there is", async () => {
    await record("0000000000001", START_MS, "96x64", ["-c:v", "libx264", "-preset", "ultrafast"]);
    await reconcile({ dir, index });
    const range = { startUtcMs: START_MS, endUtcMs: START_MS + SECONDS * 1000 };
    const folder = sessionFolder(dir, CAMERA, "0000000000001");
    const desk = exportDesk(dir, index);
    const read = async () => {
      const planned = await desk.plan({ cameraId: CAMERA, range });
      return {
        gaps: planned.plan.gaps,
        bytes: await buffer(desk.read(planned, wholeFile(planned.plan))),
      };
    };
    expect(await read()).toMatchObject({ gaps: [] });
    await rm(join(folder, "00000.m4s"));
    await truncate(join(folder, "00001.m4s"), 100);
    // As of a disk that is not mounted: nothing tells that this camera's footage should be here.
    await expect(read()).rejects.toThrow("ENOENT");
    await rename(join(folder, INIT_FILE), join(dir, INIT_FILE));
    await expect(read()).rejects.toMatchObject({ code: "FOOTAGE_LOST" });
    await rename(join(dir, INIT_FILE), join(folder, INIT_FILE));
    await expect(read()).rejects.toThrow("ENOENT");
    const source = { kind: "loop", file: "nothing.mp4" } as const;
    writeCameraFile(dir, CAMERA, { name: "Camera", area: "House", source, recorded: false });
    await expect(read()).rejects.toThrow("ENOENT");
    expect(await read()).toMatchObject({
      gaps: [{ startUtcMs: range.startUtcMs, endUtcMs: range.startUtcMs + 8_000 }],
    });
  });

  test("has what is left where the format of another recording is gone", async () => {
    const encoding = ["-c:v", "libx264", "-preset", "ultrafast"];
    await record("0000000000001", START_MS, "96x64", encoding);
    await record("0000000000002", START_MS + SECONDS * 1000, "96x64", encoding);
    await reconcile({ dir, index });
    const source = { kind: "loop", file: "nothing.mp4" } as const;
    writeCameraFile(dir, CAMERA, { name: "Camera", area: "House", source, recorded: false });
    const endUtcMs = START_MS + 2 * SECONDS * 1000;
    await rm(join(sessionFolder(dir, CAMERA, "0000000000001"), INIT_FILE));
    const { plan } = await exportDesk(dir, index).plan({
      cameraId: CAMERA,
      range: { startUtcMs: START_MS, endUtcMs },
    });
    expect(plan.gaps).toEqual([{ startUtcMs: START_MS, endUtcMs: START_MS + SECONDS * 1000 }]);
  });

  test("whose files have gone says so", async () => {
    await record("0000000000001", START_MS, "96x64", ["-c:v", "libx264", "-preset", "ultrafast"]);
    await reconcile({ dir, index });
    await rm(sessionFolder(dir, CAMERA, "0000000000001"), { recursive: true });
    const range = { startUtcMs: START_MS, endUtcMs: START_MS + 1_000 };
    await expect(exportDesk(dir, index).plan({ cameraId: CAMERA, range })).rejects.toMatchObject({
      code: "FOOTAGE_LOST",
    });
  });
});
