import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cameraTimeFile, sessionFolder } from "../ground/archive-folder.ts";
import { SteppedWork } from "../ground/stepped-work.ts";
import type { FootageFileRow } from "../index/index-rows.ts";
import { CameraTimeLog } from "../recorder/frames/camera-time-log.ts";
import { cameraTimeWithin } from "./recorded-camera-time.ts";

const SESSION = "1790000000000";
const START_US = 1_790_000_000_000_000;
const STEP_US = 100_000;
const FILE_US = 4_000_000;

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-times-"));
  await mkdir(sessionFolder(dir, "door", SESSION), { recursive: true });
});

afterEach(() => rm(dir, { recursive: true, force: true }));

interface Clock {
  readonly stampAt: (atUs: number) => number;
  readonly jumps?: readonly { readonly atUs: number; readonly byUs: number | null }[];
}

/** Writes the lines of so many footage files as a recorder does. */
async function noted(footageFiles: number, { stampAt, jumps = [] }: Clock): Promise<void> {
  const log = new CameraTimeLog(sessionFolder(dir, "door", SESSION), Promise.resolve());
  for (let number = 0; number < footageFiles; number++) {
    for (let atUs = number * FILE_US; atUs < (number + 1) * FILE_US; atUs += STEP_US) {
      const jump = jumps.find((each) => each.atUs === atUs) ?? null;
      const onWall = jump && { ...jump, atUs: START_US + jump.atUs };
      log.frame(number, START_US + atUs, { stampUs: stampAt(atUs), pace: 1, jump: onWall });
    }
    await log.close(number);
  }
}

const told = (footageFiles: number, shown = { startS: 0, endS: footageFiles * 4 }) => {
  const rows = Array.from({ length: footageFiles }, (_, number) => {
    const [startUs, endUs] = [START_US + number * FILE_US, START_US + (number + 1) * FILE_US];
    const row = { number, sessionName: SESSION, startUs, endUs, shownStartUs: startUs, shownEndUs: endUs };
    return row as FootageFileRow;
  });
  const [startUtcMs, endUtcMs] = [START_US / 1000 + shown.startS * 1000, START_US / 1000 + shown.endS * 1000];
  const asked = { dir, cameraId: "door", range: { startUtcMs, endUtcMs } };
  return cameraTimeWithin(asked, rows, new SteppedWork());
};

test("stretches are of ten minutes at most, so that a rate that changes shows", async () => {
  const halfUs = 600_000_000;
  const stampAt = (atUs: number): number => (atUs < halfUs ? atUs : halfUs + (atUs - halfUs) * 1.2);
  await noted(300, { stampAt });
  const time = await told(300);
  expect(time?.stretches.map(({ ratePpm }) => Math.round((ratePpm ?? 0) / 10_000))).toEqual([100, 120]);
  expect(time).toMatchObject({ jumps: [], unknownMs: 0 });
});

test("a clock that goes back by nobody knows how much is not known from there on, until its stamps go on", async () => {
  // ffmpeg counts ticks for half a minute; the recorder is sure of it after two seconds.
  const [backUs, againUs] = [10_000_000, 40_000_000];
  const stampAt = (atUs: number): number => (atUs < backUs ? atUs : Math.max(backUs, atUs - 30_000_000));
  await noted(15, { stampAt, jumps: [{ atUs: backUs + 2_000_000, byUs: null }] });
  const time = await told(15);
  expect(time?.jumps).toEqual([{ atUtcUs: START_US + backUs + 2_000_000, byUs: null }]);
  const [before, after, ...more] = time?.stretches ?? [];
  expect(more).toEqual([]);
  expect(before).toMatchObject({ ratePpm: 1_000_000, startUtcUs: START_US });
  expect(before?.endUtcUs).toBeLessThanOrEqual(START_US + backUs);
  expect(after).toMatchObject({ ratePpm: 1_000_000 });
  expect(after?.startUtcUs).toBeGreaterThan(START_US + againUs);
  expect(time?.unknownMs).toBeGreaterThan(20_000);
});

test("a long footage file that a crash leaves open is known up to its last seconds", async () => {
  const log = new CameraTimeLog(sessionFolder(dir, "door", SESSION), Promise.resolve());
  for (let atUs = 0; atUs < 35_000_000; atUs += STEP_US)
    log.frame(0, START_US + atUs, { stampUs: atUs, pace: 1, jump: null });
  await log.close(1);
  const [stretch] = (await told(1))?.stretches ?? [];
  expect((stretch?.endUtcUs ?? 0) - START_US).toBeGreaterThanOrEqual(30_000_000);
});

test("recordings from before it was kept are read, and nothing is told of their camera's time", async () => {
  expect(await told(3)).toBeNull();
  await writeFile(cameraTimeFile(dir, "door", SESSION), "{}\nno JSON\n");
  expect(await told(3)).toBeNull();
});

test("the camera's clock of day is told once in ten minutes, and where it was set", async () => {
  const log = new CameraTimeLog(sessionFolder(dir, "door", SESSION), Promise.resolve());
  for (let number = 0; number < 300; number++) {
    const atUs = number * FILE_US;
    const aheadUs = atUs < 700_000_000 ? 90_000_000 : 0;
    const dayUtcUs = START_US + atUs + aheadUs + (number % 7) * 10_000;
    log.frame(number, START_US + atUs, { stampUs: atUs, pace: 1, jump: null, dayUtcUs });
    log.frame(number, START_US + atUs + STEP_US, {
      stampUs: atUs + STEP_US,
      pace: 1,
      jump: null,
      dayUtcUs: null,
    });
    await log.close(number);
  }
  const days = (await told(300))?.timesOfDay ?? [];
  const ahead = days.map(({ atUtcUs, cameraUtcUs }) => [
    (atUtcUs - START_US) / 1e6,
    Math.round((cameraUtcUs - atUtcUs) / 1e6),
  ]);
  expect(ahead).toEqual([
    [0, 90],
    [600, 90],
    [700, 0],
  ]);
});
