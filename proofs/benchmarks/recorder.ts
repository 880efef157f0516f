/**
 * npm run bench -- recorder [SECONDS]: what an archive that records 16 cameras costs beside ffmpeg itself. The
 * cameras are loops of 4 Mbit/s, which ffmpeg reads in step with the wall clock as it reads a camera.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { camerasAnswerSchema } from "#shared/archive-api/archive-api.ts";
import { locateFfmpeg } from "#archive/recorder/ffmpeg-location.ts";
import { ask, processesNaming, startProgram } from "#archive/testing/archive-program.ts";
import { printResult, printTable, round2 } from "./report.ts";

const CAMERAS = 16;
const CLIP_MBIT = 4;
const WANTED = { archiveShareOfOneCore: 0.15 };

/** Ticks of the processor clock in a second, as Linux tells them to programs (sysconf CLK_TCK). */
const TICKS_A_SECOND = 100;

/** A minute at 4 Mbit/s, a keyframe every 2 s: noise, which cannot be coded smaller than the rate asked for. */
async function makeClip(dir: string): Promise<{ kind: "loop"; file: string }> {
  const rate = `${CLIP_MBIT}M`;
  const source = "testsrc2=size=640x360:rate=25,noise=alls=100:allf=t";
  const coding = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-pix_fmt", "yuv420p"];
  const keyframes = ["-g", "50", "-keyint_min", "50", "-sc_threshold", "0"];
  const constant = ["-b:v", rate, "-minrate", rate, "-maxrate", rate, "-bufsize", rate];
  const input = ["-v", "error", "-f", "lavfi", "-i", source, "-t", "60"];
  await promisify(execFile)(locateFfmpeg() ?? "ffmpeg", [
    ...input,
    ...coding,
    ...keyframes,
    ...constant,
    join(dir, "clip.mp4"),
  ]);
  return { kind: "loop", file: "clip.mp4" };
}

/** Processor seconds that a process has used, of its own (proc(5), fields 14 and 15). */
async function cpuSeconds(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_A_SECOND;
}

async function untilAllRecord(url: string): Promise<void> {
  for (;;) {
    const { cameras } = camerasAnswerSchema.parse(await (await ask(url, "/cameras")).json());
    if (cameras.length === CAMERAS && cameras.every(({ state }) => state === "recording")) return;
    await wait(250);
  }
}

async function footageFilePaths(dir: string): Promise<{ count: number; bytes: number }> {
  const names = await readdir(join(dir, "footage"), { recursive: true });
  const files = names.filter((name) => name.endsWith(".m4s"));
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(dir, "footage", name))).size));
  return { count: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

async function measure(dir: string, seconds: number) {
  const source = await makeClip(dir);
  await writeFile(join(dir, "settings.json"), JSON.stringify({ minFreeBytes: 0 }));
  const program = await startProgram(dir);
  try {
    for (let camera = 1; camera <= CAMERAS; camera++) {
      const body = { name: `Camera ${camera}`, area: "Bench", source };
      await ask(program.url, `/cameras/camera-${camera}`, "PUT", body);
    }
    await untilAllRecord(program.url);
    const archive = program.child.pid ?? 0;
    const recorders = await processesNaming(join(dir, "footage"));
    const sum = async (): Promise<number> =>
      (await Promise.all(recorders.map(cpuSeconds))).reduce((total, each) => total + each, 0);
    const before = {
      at: performance.now(),
      archive: await cpuSeconds(archive),
      ffmpeg: await sum(),
      files: await footageFilePaths(dir),
    };
    await wait(seconds * 1000);
    const lastedSeconds = (performance.now() - before.at) / 1000;
    const after = await footageFilePaths(dir);
    return {
      lastedSeconds,
      archiveShare: ((await cpuSeconds(archive)) - before.archive) / lastedSeconds,
      ffmpegShare: ((await sum()) - before.ffmpeg) / lastedSeconds,
      footageFiles: after.count - before.files.count,
      mbitPerCamera: ((after.bytes - before.files.bytes) * 8) / lastedSeconds / CAMERAS / 1e6,
      recorders: recorders.length,
    };
  } finally {
    await program.end("SIGTERM");
  }
}

async function main(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "evidence-desk-bench-recorder-"));
  try {
    const run = await measure(dir, Number(process.argv[2] ?? "30"));
    const figures = {
      ...{
        cameras: CAMERAS,
        mbitPerCamera: round2(run.mbitPerCamera),
        seconds: round2(run.lastedSeconds),
        recorders: run.recorders,
      },
      ...{ footageFilesIndexed: run.footageFiles, archiveShareOfOneCore: round2(run.archiveShare) },
      ...{ ffmpegShareOfOneCore: round2(run.ffmpegShare), loadAverage1Minute: round2(loadavg()[0] ?? 0) },
    };
    printTable(
      ["what", "value"],
      Object.entries(figures).map(([name, value]) => [name, String(value)]),
    );
    const isMet = run.archiveShare <= WANTED.archiveShareOfOneCore && run.footageFiles >= CAMERAS;
    printResult({ bench: "recorder", figures, ratios: {}, wanted: WANTED, met: isMet });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

await main();
