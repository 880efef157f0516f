import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { cameraFolder } from "../ground/archive-folder.ts";
import { joinStretches } from "../index/runs.ts";
import { makeAacUnits } from "../testing/odd-camera/aac-units.ts";
import { makeAnnexBClip } from "../testing/odd-camera/annex-b-clip.ts";
import { measureRecording, type MeasuredRecording } from "../testing/odd-camera/measured-recording.ts";
import { startOddCamera, type OddCamera, type Oddity } from "../testing/odd-camera/odd-camera.ts";
import { ALWAYS, recordedFolder, TEST_CAMERA, type RecordedFolder } from "../testing/recorded-folder.ts";
import { locateFfmpeg } from "./ffmpeg-location.ts";
import type { FrameSink } from "./frames/frame-sink.ts";

const LONG = { timeout: 40_000, interval: 100 };

/** Frames that wait inside ffmpeg, which a kill loses. */
const HELD_FRAMES = 2;

/** Programs beside the one in use, with the system's separator between them. */
const OTHERS = "EVIDENCE_DESK_OTHER_FFMPEG";
const own = locateFfmpeg() ?? "ffmpeg";
const others = (process.env[OTHERS] ?? "").split(delimiter).filter((path) => path !== "");
const versions = [own, ...others];

let folder: RecordedFolder;

beforeEach(async () => {
  folder = await recordedFolder();
});

afterEach(() => folder.close());

/** Lets recorders use a program until the test is over. */
function use(program: string): void {
  const before = process.env["EVIDENCE_DESK_FFMPEG"];
  process.env["EVIDENCE_DESK_FFMPEG"] = program;
  onTestFinished(() => {
    if (before === undefined) delete process.env["EVIDENCE_DESK_FFMPEG"];
    else process.env["EVIDENCE_DESK_FFMPEG"] = before;
  });
}

const fileCount = (): number => folder.index.footageFiles({ cameraId: TEST_CAMERA, range: ALWAYS }).length;

/** Ends a recorder in some way at a moment, and says which. @param given resolves with each frame that is given out */
type End = (camera: OddCamera, given: () => Promise<number>) => Promise<number>;

/** Counts frames that are given out, and tells of the next one before anything else can happen. */
function frameCount(): { sink: FrameSink; next: () => Promise<number> } {
  let count = 0;
  let waiting: ((count: number) => void)[] = [];
  const tell = (): void => {
    for (const resolve of waiting) resolve(count);
    waiting = [];
  };
  const sink = { begin: () => undefined, end: () => undefined, frame: () => (count++, tell()) };
  return { sink, next: () => new Promise((resolve) => waiting.push(resolve)) };
}

/** Records until it is ended; frames count that were sent up to the moment that is answered. */
async function recorded(oddity: Oddity, end: End): Promise<MeasuredRecording> {
  const camera = await startOddCamera(oddity);
  try {
    const { sink, next } = frameCount();
    const source = { kind: "rtsp", url: camera.url } as const;
    const recorder = folder.record(source, { fileSeconds: 1, live: sink });
    await expect.poll(fileCount, LONG).toBeGreaterThanOrEqual(2);
    expect(recorder.problem).toBeNull();
    const stopUs = await end(camera, next);
    await recorder.stop();
    return await measureRecording(folder.dir, TEST_CAMERA, camera, stopUs);
  } finally {
    await camera.close();
  }
}

test.skipIf(others.length > 0)(`with other versions is tried where ${OTHERS} names them`, (context) =>
  context.skip(`no other ffmpeg is named by ${OTHERS}`),
);

describe.each(versions)("recording with %s", (program) => {
  test("stops at once, and loses no frame", async () => {
    use(program);
    const clip = await makeAnnexBClip({ codec: "h264", size: "160x90", rate: 10, group: 10, seconds: 20 });
    const soundUnits = await makeAacUnits(20);
    const found = await recorded({ clip, fps: 10, sound: "aac", soundUnits }, () =>
      Promise.resolve(Date.now() * 1000),
    );
    expect(found).toMatchObject({ share: 1, foreign: 0 });
    // The one that is on its way while the recorder is told to stop has not arrived.
    expect(found.missing).toBeLessThanOrEqual(1);
    expect(found.soundApartUs).not.toBeNull();
    expect(joinStretches(folder.index.stretches({ cameraId: TEST_CAMERA, range: ALWAYS }))).toHaveLength(1);
  }, 60_000);

  test("is killed and loses no more than the two frames inside it", async () => {
    use(program);
    const clip = await makeAnnexBClip({ codec: "h265", size: "160x90", rate: 10, group: 10, seconds: 20 });
    const found = await recorded({ clip, fps: 10 }, async (camera, given) => {
      const pid = await pidOfFfmpeg();
      // A frame that is on its way to ffmpeg is not lost inside it.
      while (camera.sent().pictures.length - (await given()) > HELD_FRAMES);
      process.kill(pid, "SIGKILL");
      return Date.now() * 1000;
    });
    expect(found.foreign).toBe(0);
    expect(found.missing).toBeLessThanOrEqual(HELD_FRAMES);
  }, 60_000);
});

async function pidOfFfmpeg(): Promise<number> {
  const names = await readdir(cameraFolder(folder.dir, TEST_CAMERA));
  const record = names.find((name) => name.startsWith("recorder-")) ?? "";
  const text = readFileSync(join(cameraFolder(folder.dir, TEST_CAMERA), record), "utf8");
  return (JSON.parse(text) as { pid: number }).pid;
}
