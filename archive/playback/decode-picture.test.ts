import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decodePicture } from "./decode-picture.ts";

const run = promisify(execFile);
let dir = "";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-decode-"));
});

afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

/** One frame of a camera. @param pixel width of a pixel to its height, such as `16/11` */
async function oneFrame(size: string, pixel: string): Promise<Buffer> {
  const file = join(dir, `${size}-${pixel.replace("/", "-")}.mp4`);
  const source = ["-v", "error", "-f", "lavfi", "-i", `testsrc2=size=${size}:rate=1:duration=1`];
  const fragmented = ["-movflags", "empty_moov+default_base_moof+frag_keyframe", "-y", file];
  await run("ffmpeg", [...source, "-vf", `setsar=${pixel}`, "-c:v", "libx264", ...fragmented]);
  return readFile(file);
}

/** Width and height of a baseline JPEG (ITU-T T.81, B.2.2), and the density of its JFIF header. */
function shapeOf(jpeg: Buffer): {
  readonly width: number;
  readonly height: number;
  readonly density: number;
} {
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  const header = jpeg.indexOf("JFIF");
  return {
    width: jpeg.readUInt16BE(frame + 7),
    height: jpeg.readUInt16BE(frame + 5),
    density: jpeg.readUInt16BE(header + 8) / jpeg.readUInt16BE(header + 10),
  };
}

test.each([
  { camera: "PAL shown 16:9", size: "720x576", pixel: "64/45", height: 180 },
  { camera: "PAL shown 4:3", size: "720x576", pixel: "16/15", height: 240 },
  { camera: "half as wide as it is watched", size: "960x1080", pixel: "2/1", height: 180 },
  { camera: "square pixels", size: "640x360", pixel: "1/1", height: 180 },
  { camera: "upright", size: "360x640", pixel: "1/1", height: 568 },
])("the still picture of a camera is as wide as it is watched: $camera", async ({ size, pixel, height }) => {
  const picture = await decodePicture(await oneFrame(size, pixel));
  expect(shapeOf(picture)).toEqual({ width: 320, height, density: 1 });
});
