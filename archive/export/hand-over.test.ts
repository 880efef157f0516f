import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { INIT_FILE, footageFilePath, sessionFolder } from "../ground/archive-folder.ts";
import { footageIndex, type FootageIndex } from "../index/footage-index.ts";
import { openIndex, type IndexDatabase } from "../index/open-index.ts";
import { reconcile } from "../index/reconcile.ts";
import { writeSessionFile } from "../index/session-indexer.ts";
import { playlist } from "../playback/playlist.ts";
import { exportDesk } from "./export-desk.ts";
import { CAMERA, recordNumbered, type ENCODINGS } from "./testing/numbered-footage.ts";
import { store } from "./testing/recorded-footage.ts";
import { exportAddress } from "./testing/export-address.ts";
import { numbersInFfmpeg, packetHashes, timesInMediabunny } from "./testing/shown-pictures.ts";

const run = promisify(execFile);
const START_MS = Date.UTC(2026, 10, 23, 12);
const OLD = String(START_MS);
const isLong = process.env["EVIDENCE_DESK_LONG_TESTS"] === "1";

let dir: string;
let database: IndexDatabase;
let index: FootageIndex;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-hand-over-"));
  database = openIndex(dir);
  index = footageIndex(database);
});

afterEach(async () => {
  database.close();
  await rm(dir, { recursive: true, force: true });
});

/** A file's time is when it arrived, which tells sessions that overlap from others. */
async function arriveAt(session: string, number: number, utcMs: number): Promise<void> {
  await utimes(footageFilePath(sessionFolder(dir, CAMERA, session), number), utcMs / 1000, utcMs / 1000);
}

/**
 * A camera of which two sessions hold the same frames from the sixth second to the eighth, as while one takes over from
 * the other; the second dates that moment so many milliseconds later.
 */
async function recordHandOver(encoding: keyof typeof ENCODINGS, laterMs: number): Promise<string> {
  await recordNumbered(dir, { startUtcMs: START_MS, encoding, seconds: 12, firstNumber: 1 });
  const [name, startMs] = [String(START_MS + 6_000 + laterMs), START_MS + 6_000 + laterMs];
  const folder = sessionFolder(dir, CAMERA, name);
  await mkdir(folder, { recursive: true });
  const whole = join(sessionFolder(dir, CAMERA, OLD), "joined.mp4");
  await run("ffmpeg", [
    ...["-v", "error", "-nostdin", "-ss", "6.1", "-i", whole, "-c", "copy", "-f", "hls", "-hls_time", "2"],
    ...["-hls_list_size", "0", "-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", INIT_FILE],
    ...["-hls_segment_filename", join(folder, "%05d.m4s"), join(folder, "list.m3u8")],
  ]);
  writeSessionFile(folder, { startUs: startMs * 1000, baseTime: null });
  await rm(footageFilePath(sessionFolder(dir, CAMERA, OLD), 2));
  for (const number of [0, 1]) await arriveAt(OLD, number, START_MS + (number + 1) * 4_000 + laterMs);
  const footageFiles = (await readdir(folder)).filter((file) => file.endsWith(".m4s"));
  for (const number of footageFiles.keys()) await arriveAt(name, number, startMs + (number + 1) * 2_000);
  await reconcile({ dir, index });
  return name;
}

async function exported(startUtcMs: number, endUtcMs: number) {
  const desk = exportDesk(dir, index);
  const planned = await desk.plan({ cameraId: CAMERA, range: { startUtcMs, endUtcMs } });
  const footage = { dir, database, index, desk, truths: [], address: await exportAddress(desk) };
  const path = await store(footage, planned);
  await footage.address.close();
  return { plan: planned.plan, path, numbers: await numbersInFfmpeg(path) };
}

const counted = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_unused, place) => first + place);

describe("a session that takes over while the other still records", () => {
  const long = [
    ["plain", -450],
    ["bFrames", 30],
    ["bFrames", -30],
    ["hevc", 450],
    ["openGop", -30],
  ] as const;
  const short = [
    ["plain", 450],
    ["bFrames", -450],
    ["openGop", 30],
  ] as const;
  const cases = isLong ? [...short, ...long] : short;

  test.each(cases)("shows every frame once, %s, clocks %d ms apart", async (encoding, laterMs) => {
    const name = await recordHandOver(encoding, laterMs);
    const endMs = START_MS + 13_000;
    const all = await exported(START_MS, endMs);
    expect(all.numbers).toEqual(counted(1, 300));
    expect(all.plan).toMatchObject({ frameCount: 300, overlaps: [], recordings: [OLD, name] });
    expect(all.plan).toMatchObject({ innerFrameCount: 0, trailingFrameCount: 0, preRollFrameCount: 0 });
    expect(await packetHashes(all.path, "v")).toHaveLength(300);
    expect(all.plan.runs).toHaveLength(1);
    const at = START_MS + 6_000 + laterMs;
    const parts = [await exported(START_MS, at), await exported(at, endMs)];
    expect(parts.flatMap(({ numbers }) => numbers)).toEqual(counted(1, 300));
    if (encoding !== "openGop") expect(parts[1]?.numbers[0]).toBe(151);
  });

  test("counts its time once in a playlist, and is the same after the index was built anew", async () => {
    await recordHandOver("bFrames", -450);
    const range = { startUtcMs: START_MS, endUtcMs: START_MS + 13_000 };
    const list = playlist(index.footageFiles({ cameraId: CAMERA, range }), "vod");
    const lengths = [...list.matchAll(/#EXTINF:([\d.]+)/g)].map(([, seconds]) => Number(seconds));
    expect(lengths.reduce((sum, seconds) => sum + seconds, 0)).toBeCloseTo(11.55, 2);
    const { etag } = (await exportDesk(dir, index).plan({ cameraId: CAMERA, range })).plan;
    index.forgetFootage();
    await reconcile({ dir, index });
    expect((await exportDesk(dir, index).plan({ cameraId: CAMERA, range })).plan.etag).toBe(etag);
  });

  test("shows what only the one before it has, where its own end was lost", async () => {
    const name = await recordHandOver("plain", -450);
    await rm(footageFilePath(sessionFolder(dir, CAMERA, name), 1));
    await rm(footageFilePath(sessionFolder(dir, CAMERA, name), 2));
    await rm(footageFilePath(sessionFolder(dir, CAMERA, name), 0));
    await reconcile({ dir, index });
    expect((await exported(START_MS, START_MS + 13_000)).numbers).toEqual(counted(1, 200));
  });
});

describe("a clock that was set back between two sessions", () => {
  /** The first is of 8 s, the second, of other pictures, begins by its clock 5.7 s before the first one ends. */
  async function recordSetBack(encoding: keyof typeof ENCODINGS, seconds: number): Promise<string> {
    const startUtcMs = START_MS + 2_300;
    await recordNumbered(dir, { startUtcMs: START_MS, encoding, seconds: 8, firstNumber: 1 });
    await recordNumbered(dir, { startUtcMs, encoding, seconds, firstNumber: 1_001 });
    await reconcile({ dir, index });
    return String(startUtcMs);
  }

  test.each(isLong ? (["plain", "bFrames", "hevc"] as const) : (["bFrames"] as const))(
    "shows the new recording where it has frames and the old one behind it, %s",
    async (encoding) => {
      const name = await recordSetBack(encoding, 2);
      const { plan, numbers, path } = await exported(START_MS, START_MS + 8_000);
      const shown = numbers.filter((_number, place) => place < plan.frameCount + plan.innerFrameCount);
      const before = numbers.filter((number) => number < 100);
      expect(before.slice(0, 58)).toEqual(counted(1, 58));
      expect(numbers.filter((number) => number > 1_000)).toEqual(counted(1_001, 1_050));
      expect(numbers.slice(-90)).toEqual(counted(111, 200));
      expect(shown).toHaveLength(plan.frameCount + plan.innerFrameCount);
      expect(plan.gaps).toEqual([]);
      expect(plan.overlaps).toEqual([
        { startUtcMs: START_MS + 2_300, endUtcMs: START_MS + 4_300, shown: name, hidden: OLD },
      ]);
      const times = await timesInMediabunny(path, 8);
      expect(times.every((at, place) => place === 0 || at >= (times[place - 1] ?? 0))).toBe(true);
    },
  );

  test("leaves each recording in reach as if there were no other", async () => {
    const name = await recordSetBack("plain", 2);
    const desk = exportDesk(dir, index);
    const range = { startUtcMs: START_MS, endUtcMs: START_MS + 8_000 };
    expect((await desk.plan({ cameraId: CAMERA, range, recording: OLD })).plan).toMatchObject({
      frameCount: 200,
      recordings: [OLD],
    });
    expect((await desk.plan({ cameraId: CAMERA, range, recording: name })).plan).toMatchObject({
      frameCount: 50,
      overlaps: [],
    });
  });
});
