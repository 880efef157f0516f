import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startArchive, type RunningArchive } from "#archive/archive-server.ts";
import { checkArchive, reindexArchive } from "#archive/archive-upkeep.ts";
import { locateFfmpeg } from "#archive/recorder/ffmpeg-location.ts";
import { exportPlanSchema, footageAnswerSchema, type ExportPlan } from "#shared/archive-api/archive-api.ts";
import { DEMO_CAMERAS } from "./demo-cameras.ts";
import { readFrameNumber } from "./frame-strip.ts";
import { makeDemoFootage, type DemoFootage } from "./make-demo-footage.ts";
import { SCENE_HEIGHT, SCENE_WIDTH, SCENES } from "./scenery.ts";

const MINUTE_MS = 60_000;
const FRAME_MS = 100;
const TOKEN = "token-for-tests";
const CAMERA = {
  ...{ id: "reception-desk", name: "Reception desk", area: "Main building", scene: SCENES.reception },
  ...{ pastMs: 10 * MINUTE_MS, gap: { beginsBeforeEndMs: 4 * MINUTE_MS, lengthMs: 92_000 } },
};
const ffmpegPath = locateFfmpeg() ?? "ffmpeg";

let dir: string;
let made: DemoFootage;
let archive: RunningArchive;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-demo-"));
  made = await makeDemoFootage({ dir, nowUtcMs: Date.now(), ffmpegPath, cameras: [CAMERA] });
  archive = await startArchive({ dir, port: 0, token: TOKEN, log: () => undefined });
}, 60_000);

afterAll(async () => {
  await archive.close();
  await rm(dir, { recursive: true, force: true });
});

function ask(
  path: string,
  fromUtcMs: number,
  toUtcMs: number,
  headers: Record<string, string> = {},
): Promise<Response> {
  const url = `${archive.url}/cameras/${CAMERA.id}/${path}?from=${fromUtcMs}&to=${toUtcMs}`;
  return fetch(url, { headers: { authorization: `Bearer ${TOKEN}`, ...headers } });
}

async function exportRange(fromUtcMs: number, toUtcMs: number): Promise<{ plan: ExportPlan; bytes: Buffer }> {
  const plan = exportPlanSchema.parse(await (await ask("export.json", fromUtcMs, toUtcMs)).json());
  const answer = await ask("export.mp4", fromUtcMs, toUtcMs);
  expect(answer.headers.get("etag")).toBe(plan.etag);
  expect(answer.headers.get("content-length")).toBe(String(plan.lengthBytes));
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes.length).toBe(plan.lengthBytes);
  return { plan, bytes };
}

/** Numbers in the strips of all frames that a player shows, and the instants at which it shows them, seconds. */
async function shownFrames(bytes: Buffer): Promise<{ numbers: number[]; seconds: number[] }> {
  const file = join(dir, "asked.mp4");
  await writeFile(file, bytes);
  const raw = await promisify(execFile)(
    ffmpegPath,
    ["-v", "error", "-i", file, "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"],
    { encoding: "buffer", maxBuffer: 2 ** 30 },
  );
  const probe = ["-v", "error", "-show_entries", "frame=pts_time", "-of", "csv=p=0", file];
  const times = await promisify(execFile)("ffprobe", probe);
  const size = SCENE_WIDTH * SCENE_HEIGHT;
  const numbers = Array.from({ length: raw.stdout.length / size }, (_unused, frame) =>
    readFrameNumber(raw.stdout.subarray(frame * size, (frame + 1) * size), SCENE_WIDTH, SCENE_HEIGHT),
  );
  return {
    numbers,
    seconds: times.stdout
      .trim()
      .split(/\s+/)
      .map((line) => Number.parseFloat(line)),
  };
}

/** Footage files of the test's folder that this process, in which the archive runs, holds open (Linux). */
async function openFootageFiles(): Promise<string[]> {
  const descriptors = await readdir("/proc/self/fd");
  const links = await Promise.all(
    descriptors.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => "")),
  );
  return links.filter((link) => link.startsWith(dir) && link.endsWith(".m4s"));
}

/** Number that the picture of an instant carries: that of the frame within its minute. */
const numberAt = (utcMs: number): number => Math.ceil((utcMs % MINUTE_MS) / FRAME_MS) % 600;

describe("the demo cameras", () => {
  test("are six in three areas, one with 26 hours, two with a gap", () => {
    expect(DEMO_CAMERAS).toHaveLength(6);
    expect(new Set(DEMO_CAMERAS.map((camera) => camera.area)).size).toBe(3);
    expect(DEMO_CAMERAS.filter((camera) => camera.pastMs >= 26 * 3_600_000)).toHaveLength(1);
    expect(DEMO_CAMERAS.filter((camera) => camera.gap !== null)).toHaveLength(2);
  });
});

describe("an export of demo footage", () => {
  test("shows every frame that starts in the range and no other", async () => {
    const from = made.endUtcMs - 8 * MINUTE_MS - 61_234;
    const to = from + 12_345;
    const { plan, bytes } = await exportRange(from, to);
    const { numbers, seconds } = await shownFrames(bytes);
    const frames = Math.ceil(to / FRAME_MS) - Math.ceil(from / FRAME_MS);
    expect(plan.frameCount).toBe(frames);
    expect(numbers).toEqual(Array.from({ length: frames }, (_, index) => (numberAt(from) + index) % 600));
    expect(seconds[0]).toBeCloseTo(0, 3);
    expect(plan.firstFrameUtcUs).toBe(Math.ceil(from / FRAME_MS) * FRAME_MS * 1000);
    expect(plan.lastFrameUtcUs).toBe((Math.ceil(to / FRAME_MS) - 1) * FRAME_MS * 1000);
    expect(plan.preRollFrameCount).toBeLessThan(20);
  });

  test("begins without pre-roll on a keyframe", async () => {
    const from = made.endUtcMs - 2 * MINUTE_MS;
    const { plan } = await exportRange(from, from + 100);
    expect(plan).toMatchObject({ frameCount: 1, preRollFrameCount: 0, firstFrameUtcUs: from * 1000 });
  });

  test("keeps wall-clock time true over a gap", async () => {
    const gapStart = made.endUtcMs - 4 * MINUTE_MS;
    const { plan, bytes } = await exportRange(gapStart - 1500, gapStart + 92_000 + 2500);
    expect(plan.gaps).toEqual([{ startUtcMs: gapStart, endUtcMs: gapStart + 92_000 }]);
    expect(plan.runs).toHaveLength(2);
    const { numbers, seconds } = await shownFrames(bytes);
    expect(numbers).toHaveLength(40);
    expect(seconds[14]).toBeCloseTo(1.4, 3);
    expect(seconds[15]).toBeCloseTo(93.5, 3);
    expect(numbers[15]).toBe(numberAt(gapStart + 92_000));
  });

  test("gives any bytes of it, the same every time and after the index was rebuilt", async () => {
    const from = made.endUtcMs - 8 * MINUTE_MS - 20_050;
    const first = await exportRange(from, from + 30_000);
    const part = await ask("export.mp4", from, from + 30_000, { range: "bytes=1000-60000" });
    expect(part.status).toBe(206);
    expect(part.headers.get("content-range")).toBe(`bytes 1000-60000/${first.plan.lengthBytes}`);
    expect(Buffer.from(await part.arrayBuffer()).equals(first.bytes.subarray(1000, 60_001))).toBe(true);
    const head = await fetch(part.url, { method: "HEAD", headers: { authorization: `Bearer ${TOKEN}` } });
    expect(head.headers.get("content-length")).toBe(String(first.plan.lengthBytes));
    const known = await ask("export.mp4", from, from + 30_000, { "if-none-match": first.plan.etag });
    expect(known.status).toBe(304);
    const outside = await ask("export.mp4", from, from + 30_000, {
      range: `bytes=${first.plan.lengthBytes}-`,
    });
    expect(outside.status).toBe(416);
    await archive.close();
    const rebuilt = await reindexArchive(dir);
    expect(rebuilt).toMatchObject({ removedFiles: 0, unreadableFiles: [] });
    expect(await checkArchive(dir)).toEqual({ addedFiles: 0, removedFiles: 0, unreadableFiles: [] });
    archive = await startArchive({ dir, port: 0, token: TOKEN, log: () => undefined });
    const again = await exportRange(from, from + 30_000);
    expect(again.plan).toEqual(first.plan);
    expect(again.bytes.equals(first.bytes)).toBe(true);
  }, 20_000);

  test("that the reader breaks off leaves no file open", async () => {
    const stopping = new AbortController();
    const from = made.endUtcMs - 10 * MINUTE_MS;
    const url = `${archive.url}/cameras/${CAMERA.id}/export.mp4?from=${from}&to=${made.endUtcMs}`;
    const headers = { authorization: `Bearer ${TOKEN}` };
    const answer = await fetch(url, { headers, signal: stopping.signal });
    await answer.body?.getReader().read();
    stopping.abort();
    await expect.poll(openFootageFiles).toEqual([]);
  });

  test("of a range without a frame is refused", async () => {
    const answer = await ask(
      "export.json",
      made.endUtcMs - 8 * MINUTE_MS + 1,
      made.endUtcMs - 8 * MINUTE_MS + 99,
    );
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: "NO_FOOTAGE" });
  });
});

describe("live recording after the demo footage", () => {
  test("goes on in step with the wall clock", { timeout: 20_000 }, async () => {
    const longLiveRun = async () => {
      const answer = await ask("footage", made.endUtcMs, Date.now());
      const { runs } = footageAnswerSchema.parse(await answer.json());
      return runs.find((candidate) => candidate.endUtcMs - candidate.startUtcMs >= 2_000);
    };
    await expect.poll(longLiveRun, { timeout: 15_000, interval: 250 }).toBeDefined();
    const run = await longLiveRun();
    if (run === undefined) throw new Error("The live run has gone.");
    const { bytes } = await exportRange(run.startUtcMs + 150, run.startUtcMs + 1_150);
    const { numbers } = await shownFrames(bytes);
    expect(numbers[0]).toBe(numberAt(run.startUtcMs + 150));
    expect(numbers).toHaveLength(10);
  });

  test("the loop clip stays where the archive finds it", async () => {
    expect((await readFile(join(dir, "loops", `${CAMERA.id}.mp4`))).length).toBeGreaterThan(10_000);
  });
});
