import { setTimeout as pause } from "node:timers/promises";
import { joinStretches } from "../../index/runs.ts";
import { ALWAYS, recordedFolder, TEST_CAMERA, type RecordedFolder } from "../recorded-folder.ts";
import type { CameraCase, Wanted } from "./camera-cases.ts";
import { measureRecording, type MeasuredRecording } from "./measured-recording.ts";
import { startOddCamera } from "./odd-camera.ts";

export interface CaseResult {
  readonly found: Found;
  readonly wanted: Wanted;
  /** What is not as wanted, in words. */
  readonly failures: readonly string[];
  /** Of those, what a machine does not explain that does other things at the same time. */
  readonly inexcusable: readonly string[];
}

interface Found extends MeasuredRecording {
  /** How long ago the newest footage was that could be watched by way of finished footage files, at worst. */
  readonly liveDelayMs: number;
  readonly gaps: number;
  readonly stopMs: number;
  /** What the operator reads. */
  readonly words: string;
  readonly code: string | null;
}

const LOOK_MS = 500;

const STOP_MS = 1_000;

/** Times on a machine that is busy: late by more than this is wrong, and not only late. */
const BUSY = { worstUs: 3_000_000, soundApartUs: 1_000_000 };
const BUSY_STOP_MS = 10_000;

/** Records a camera for as long as its case asks for, and compares. */
export async function recordCase(each: CameraCase): Promise<CaseResult> {
  const folder = await recordedFolder();
  const camera = await startOddCamera(each.oddity);
  try {
    const recorder = folder.record({ kind: "rtsp", url: camera.url });
    const liveDelayMs = await watch(folder, each.seconds * 1000);
    const { state, problem } = recorder;
    const stoppedMs = performance.now();
    const stopUs = Date.now() * 1000;
    await recorder.stop();
    const stopMs = performance.now() - stoppedMs;
    const measured = await measureRecording(folder.dir, TEST_CAMERA, camera, stopUs);
    const runs = joinStretches(folder.index.stretches({ cameraId: TEST_CAMERA, range: ALWAYS }));
    const words = problem === null ? state : `${state}, ${problem.message}`;
    const found = {
      ...measured,
      ...{ liveDelayMs, stopMs, words },
      gaps: runs.length - 1,
      code: problem?.code ?? null,
    };
    const { wanted } = each;
    return {
      ...{ found, wanted },
      failures: failuresOf(found, wanted, STOP_MS),
      inexcusable: failuresOf(found, { ...wanted, ...BUSY }, BUSY_STOP_MS),
    };
  } finally {
    await camera.close();
    await folder.close();
  }
}

/** @returns how old the newest finished footage file was at most, after the first one */
async function watch({ index }: RecordedFolder, lengthMs: number): Promise<number> {
  const endMs = performance.now() + lengthMs;
  let worstMs = 0;
  while (performance.now() < endMs) {
    await pause(Math.min(LOOK_MS, Math.max(0, endMs - performance.now())));
    const newest = index.footageFiles({ cameraId: TEST_CAMERA, range: ALWAYS }).at(-1);
    if (newest !== undefined) worstMs = Math.max(worstMs, Date.now() - newest.endUs / 1000);
  }
  return worstMs;
}

function failuresOf(found: Found, wanted: Wanted, mostStopMs: number): string[] {
  const { share, worstUs, gaps, foreign, soundApartUs, stopMs, code, words } = found;
  const checks: readonly (readonly [boolean, string])[] = [
    [share >= wanted.share, `frames are missing: ${(100 * (1 - share)).toFixed(2)} %`],
    [foreign === 0, `${foreign} frames were not sent so`],
    [Math.abs(worstUs) <= wanted.worstUs, "a frame is misdated"],
    [gaps === wanted.gaps, "there are other gaps than there should be"],
    [soundApartUs === null || Math.abs(soundApartUs) <= wanted.soundApartUs, "sound and picture are apart"],
    [stopMs <= mostStopMs, "stopping takes too long"],
    [code === wanted.code, `the operator should read ${wanted.code ?? "nothing"}`],
    [words.includes(wanted.words), `what the operator reads should hold “${wanted.words}”`],
  ];
  return checks.filter(([isSo]) => !isSo).map(([, said]) => said);
}
