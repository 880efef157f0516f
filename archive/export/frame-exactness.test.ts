import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserPath, launchBrowser } from "#media/testing/installed-browser.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { PlannedExport } from "./planned-export.ts";
import { CAMERA, probe, type NumberedSession } from "./testing/numbered-footage.ts";
import { forget, numbersTakenIn, record, store, type Footage } from "./testing/recorded-footage.ts";
import {
  numbersInBrowser,
  numbersInFfmpeg,
  packetHashes,
  probeFile,
  soundSamples,
  timesInMediabunny,
} from "./testing/shown-pictures.ts";

const START_MS = Date.UTC(2026, 10, 23, 12);
let browser: Browser | undefined;
beforeAll(async () => {
  if (browserPath === "") return;
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

/** Holds the export of a range against every oracle. */
async function expectExact(footage: Footage, range: TimeRange, inBrowser: boolean): Promise<PlannedExport> {
  const wanted = numbersTakenIn(footage, range);
  const planned = await footage.desk.plan({ cameraId: CAMERA, range });
  const path = await store(footage, planned);
  const lastsSeconds = (planned.plan.endUtcUs - planned.plan.firstFrameUtcUs) / 1_000_000;
  expect(planned.plan.frameCount).toBe(wanted.length);
  expect(await numbersInFfmpeg(path)).toEqual(wanted);
  const probed = await probeFile(path);
  expect(probed.frames).toBe(wanted.length);
  expect(probed.seconds).toBeCloseTo(lastsSeconds, 2);
  const times = await timesInMediabunny(path, lastsSeconds);
  expect(times).toHaveLength(wanted.length);
  expect(times[0]).toBeCloseTo(0, 4);
  await expectUntouched(footage, planned, path);
  if (inBrowser) await expectInBrowser(footage, planned, []);
  return planned;
}

/** Every packet of the export is one of the recording's, in its order, and what is hidden before and behind is declared. */
async function expectUntouched({ truths }: Footage, { plan }: PlannedExport, path: string): Promise<void> {
  const recorded = truths.flatMap(({ pictureHashes }) => pictureHashes);
  const exported = await packetHashes(path, "v");
  const hidden = plan.preRollFrameCount + plan.innerFrameCount + plan.trailingFrameCount;
  expect(exported).toHaveLength(plan.frameCount + hidden);
  let from = 0;
  for (const hash of exported) {
    const place = recorded.indexOf(hash, from);
    expect(place).toBeGreaterThanOrEqual(from);
    from = place + 1;
  }
}

/** The picture that a browser shows first, and those at these seconds of the file, are the ones taken then. */
async function expectInBrowser(footage: Footage, planned: PlannedExport, seconds: number[]): Promise<void> {
  const page = await browser?.newPage();
  if (page === undefined) return;
  const { firstFrameUtcUs } = planned.plan;
  const pictures = footage.truths.flatMap((truth) => truth.pictures);
  const takenAt = (atS: number): number | undefined =>
    pictures.findLast(({ instantUs }) => instantUs <= firstFrameUtcUs + atS * 1_000_000)?.number;
  try {
    const shown = await numbersInBrowser(page, footage.address.of(planned), seconds);
    expect(shown).toEqual([0, ...seconds].map(takenAt));
  } finally {
    await page.close();
  }
}

const rangeOf = (fromMs: number, toMs: number): TimeRange => ({
  startUtcMs: START_MS + fromMs,
  endUtcMs: START_MS + toMs,
});

const base = { startUtcMs: START_MS, seconds: 12, firstNumber: 1 } as const;

const single: { name: string; session: NumberedSession; ranges: TimeRange[]; inBrowser?: false }[] = [
  {
    name: "a range of one frame: in a GOP, a key frame that begins a footage file, the last of a footage file",
    session: { ...base, encoding: "plain" },
    ranges: [rangeOf(3_040, 3_080), rangeOf(4_000, 4_040), rangeOf(7_960, 8_000)],
  },
  {
    name: "a range inside one fragment",
    session: { ...base, encoding: "bFrames", fileSeconds: 12 },
    ranges: [rangeOf(2_170, 3_330), rangeOf(6_010, 9_990)],
  },
  {
    name: "a GOP of half a second",
    session: { ...base, encoding: "shortGop" },
    ranges: [rangeOf(3_010, 3_050), rangeOf(470, 9_990)],
  },
  {
    name: "a GOP of ten seconds",
    session: { ...base, encoding: "longGop", seconds: 22 },
    ranges: [rangeOf(9_700, 20_300)],
  },
  {
    name: "B-frames",
    session: { ...base, encoding: "bFrames" },
    ranges: [rangeOf(2_050, 2_090), rangeOf(1_930, 6_070), rangeOf(5_000, 7_000)],
  },
  {
    name: "H.265",
    session: { ...base, encoding: "hevc" },
    ranges: [rangeOf(3_920, 8_010), rangeOf(1_950, 2_030)],
    inBrowser: false,
  },
  {
    // FFmpeg 5.1 writes a wrong time for a key frame with leading pictures that begins a footage file: hence one
    // footage file.
    name: "H.265 with open GOPs",
    session: { ...base, encoding: "openGop", fileSeconds: 12 },
    ranges: [rangeOf(1_910, 8_010), rangeOf(1_990, 6_030)],
    inBrowser: false,
  },
  {
    name: "pictures that come unevenly",
    session: { ...base, encoding: "plain", uneven: true },
    ranges: [rangeOf(1_005, 7_035), rangeOf(5_003, 5_110)],
  },
];

describe.each(single)("of $name", ({ session, ranges, inBrowser = true }) => {
  let footage: Footage;
  beforeAll(async () => {
    footage = await record([session]);
  });
  afterAll(() => forget(footage));

  test("an export shows the very pictures of its range", async () => {
    for (const range of ranges) await expectExact(footage, range, inBrowser);
  });
});

/** Sound that is heard beside the picture begins and ends with it; every packet is one of the recording's. */
async function expectSound(footage: Footage, planned: PlannedExport, codec: string): Promise<void> {
  const path = join(footage.dir, "export.mp4");
  const answer = await probe<{ streams: { codec_name: string; start_time: string; duration: string }[] }>(
    ...["-select_streams", "a", "-show_entries", "stream=codec_name,start_time,duration", path],
  );
  const lastsSeconds = (planned.plan.endUtcUs - planned.plan.firstFrameUtcUs) / 1_000_000;
  expect(answer.streams.map((stream) => stream.codec_name)).toEqual([codec]);
  expect(Number(answer.streams[0]?.duration)).toBeCloseTo(lastsSeconds, 1);
  const exported = await packetHashes(path, "a");
  const recorded = footage.truths.flatMap(({ soundHashes }) => soundHashes);
  const first = recorded.indexOf(exported[0] ?? "");
  expect(exported.length).toBeGreaterThan(lastsSeconds * 40);
  expect(recorded.slice(first, first + exported.length)).toEqual(exported);
}

/** Where in the tone that rises by 300 Hz a second, from 200 Hz, the sound of the file is: seconds at its start. */
async function toneSecondsAtStart(path: string): Promise<number> {
  const samples = await soundSamples(path, 0.2);
  let crossings = 0;
  for (let at = 1; at < samples.length; at++) {
    if (samples[at - 1]! < 0 && samples[at]! >= 0) crossings++;
  }
  // The phase of the tone is (200 + 300 t) t, so its frequency at t is 200 + 600 t.
  const frequency = crossings / (samples.length / 48_000);
  return (frequency - 200) / 600 - 0.1;
}

describe.each([
  ["AAC", "aac", "aac"],
  ["Opus", "libopus", "opus"],
] as const)("of pictures with %s sound", (_name, encoder, codec) => {
  let footage: Footage;
  beforeAll(async () => {
    footage = await record([{ ...base, encoding: "bFrames", sound: encoder }]);
  });
  afterAll(() => forget(footage));

  test("an export shows the very pictures of its range and sounds as it did then", async () => {
    const planned = await expectExact(footage, rangeOf(2_970, 7_030), true);
    await expectSound(footage, planned, codec);
    expect(await toneSecondsAtStart(join(footage.dir, "export.mp4"))).toBeCloseTo(3, 1);
  });
});

describe("of footage in several sessions", () => {
  const plain = { encoding: "plain", seconds: 12 } as const;
  const after = (ms: number): number => START_MS + ms;

  test.each(["plain", "hevc"] as const)(
    "an export over a gap and over a restart of the recorder keeps wall-clock time (%s)",
    async (encoding) => {
      const footage = await record([
        { ...plain, encoding, startUtcMs: START_MS, firstNumber: 1 },
        { ...plain, encoding, startUtcMs: after(15_000), firstNumber: 301 },
      ]);
      const planned = await expectExact(footage, rangeOf(9_990, 18_010), encoding === "plain");
      expect(planned.plan.gaps).toEqual([{ startUtcMs: after(12_000), endUtcMs: after(15_000) }]);
      expect(planned.plan.endUtcUs).toBe(after(18_040) * 1000);
      await forget(footage);
    },
  );

  test("an export over an hour's change of session, where both have frames, has each once", async () => {
    const footage = await record([
      { ...plain, startUtcMs: START_MS, firstNumber: 1 },
      { ...plain, startUtcMs: after(11_500), firstNumber: 301 },
    ]);
    const planned = await expectExact(footage, rangeOf(8_000, 16_000), true);
    expect(planned.plan.gaps).toEqual([]);
    await forget(footage);
  });

  test("of B-frames, a change of session shows no frame later than the newer session's first", async () => {
    const footage = await record([
      { ...plain, encoding: "bFrames", startUtcMs: START_MS, firstNumber: 1 },
      { ...plain, encoding: "bFrames", startUtcMs: after(11_500), firstNumber: 401 },
    ]);
    const range = rangeOf(8_000, 16_000);
    const wanted = numbersTakenIn(footage, range);
    const planned = await footage.desk.plan({ cameraId: CAMERA, range });
    const path = await store(footage, planned);
    const shown = await numbersInFfmpeg(path);
    // What the older session's last B-frames need, a P-frame and another B-frame, shares their time.
    const taken = new Set(wanted);
    const needed = shown.filter((number) => !taken.has(number));
    expect(needed).toEqual([289, 291]);
    expect(shown.filter((number) => taken.has(number))).toEqual(wanted);
    expect(shown.slice(shown.indexOf(289)).slice(0, 3)).toEqual([289, 291, 401]);
    expect(planned.plan.frameCount).toBe(shown.length);
    await expectUntouched(footage, planned, path);
    await forget(footage);
  });

  test("an export over a change of resolution is one file that plays throughout", async () => {
    const footage = await record([
      { ...plain, startUtcMs: START_MS, firstNumber: 1 },
      { ...plain, startUtcMs: after(12_000), firstNumber: 301, scale: 2 },
    ]);
    const range = rangeOf(9_030, 17_000);
    const wanted = numbersTakenIn(footage, range);
    const planned = await footage.desk.plan({ cameraId: CAMERA, range });
    const path = await store(footage, planned);
    expect(planned.plan.codec).toMatch(/^avc3\./);
    expect(await numbersInFfmpeg(path)).toEqual(wanted);
    expect((await probeFile(path)).frames).toBe(wanted.length);
    expect(await timesInMediabunny(path, 7.97)).toHaveLength(wanted.length);
    // Only key frames have something in front of what was recorded.
    const recorded = new Set(footage.truths.flatMap(({ pictureHashes }) => pictureHashes));
    const changed = (await packetHashes(path, "v")).filter((hash) => !recorded.has(hash));
    expect(changed).toHaveLength(5);
    // Forth over the change and back: each key frame brings what its decoder needs.
    await expectInBrowser(footage, planned, [1.01, 5.01, 2.01, 7.01]);
    await forget(footage);
  });

  test("an export over a change of codec is refused; two that are cut there have every frame", async () => {
    const footage = await record([
      { ...plain, startUtcMs: START_MS, firstNumber: 1 },
      { ...plain, startUtcMs: after(11_500), lateUs: 400, firstNumber: 301, encoding: "hevc" },
    ]);
    const refusal: unknown = await footage.desk
      .plan({ cameraId: CAMERA, range: rangeOf(9_000, 17_000) })
      .catch((error) => error);
    expect(refusal).toMatchObject({
      ...{ status: 409, code: "CODEC_CHANGED", atUtcMs: after(11_500) },
      message: expect.stringContaining("2026-11-23 12:00:11.500 UTC") as string,
    });
    const before = await expectExact(footage, rangeOf(9_000, 11_500), true);
    const since = await expectExact(footage, rangeOf(11_500, 17_000), false);
    expect([before.plan.codec.slice(0, 4), since.plan.codec.slice(0, 4)]).toEqual(["avc1", "hvc1"]);
    expect(before.plan.frameCount + since.plan.frameCount).toBe(
      numbersTakenIn(footage, rangeOf(9_000, 17_000)).length,
    );
    await forget(footage);
  });

  test("an export over a gap of 23 hours keeps wall-clock time and every frame", async () => {
    const later = 23 * 3_600_000;
    const footage = await record([
      { ...plain, uneven: true, startUtcMs: START_MS, firstNumber: 1 },
      { ...plain, startUtcMs: after(later), firstNumber: 301 },
    ]);
    const range = rangeOf(5_000, later + 5_000);
    const wanted = numbersTakenIn(footage, range);
    const planned = await footage.desk.plan({ cameraId: CAMERA, range });
    const path = await store(footage, planned);
    expect(await numbersInFfmpeg(path)).toEqual(wanted);
    expect((await probeFile(path)).seconds).toBeCloseTo(23 * 3600, 2);
    expect(await timesInMediabunny(path, 23 * 3600)).toHaveLength(wanted.length);
    await expectInBrowser(footage, planned, [23 * 3600 - 3.51, 1.01, 23 * 3600 - 1.51]);
    await forget(footage);
  });
});
