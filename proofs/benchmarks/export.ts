/**
 * npm run bench -- export [ROUNDS]: reads the export of an hour and of all footage of a 4 Mbit/s camera to /dev/null,
 * in process and over HTTP, in turn with `cat`, `ffmpeg -c copy` and mediabunny over the same files, and with nginx's
 * `sendfile` of the hour's bytes in one file. It says what came from the disk; the rest lay in the page cache.
 */
import { rm, stat } from "node:fs/promises";
import { loadavg } from "node:os";
import { TOKEN_VARIABLE } from "#archive/command-line.ts";
import { BUILT, buildPrograms, SERVICE_OPTIONS } from "./built-programs.ts";
import {
  copiedSessions,
  COPIED_CAMERA,
  HOUR_MS,
  LINKED_CAMERA,
  LINKED_HOURS,
  longFootage,
  footageFilePaths,
  type LongFootage,
} from "./export/long-footage.ts";
import { runMeasured, usageOf, type Run } from "./export/measured-run.ts";
import { nginxReference } from "./export/nginx-reference.ts";
import { readByCurl } from "./export/read-by-curl.ts";
import { hasNginx } from "./pipeline/nginx-receiver.ts";
import { startProcess } from "./pipeline/measured-process.ts";
import { median, printResult, printTable, round2 } from "./report.ts";

const WANTED = { inProcessToCat: 0.9, httpToNginx1h: 0.6, peakRssMb1h: 150, peakRssMb24h: 150 };
const MEGABYTE = 1e6;

const TOKEN = "token-of-the-bench";

const programs = await buildPrograms({
  "read-in-process": "proofs/benchmarks/export/read-in-process.ts",
  "join-with-mediabunny": "proofs/benchmarks/export/join-with-mediabunny.ts",
});

/** Runs of every way, in rounds. */
class Runs {
  readonly all = new Map<string, Run[]>();

  async add(name: string, run: Promise<Run>): Promise<void> {
    const done = await run;
    this.all.set(name, [...(this.all.get(name) ?? []), done]);
    process.stderr.write(`  ${name.padEnd(28)} ${speed(done).toFixed(0).padStart(5)} MB/s\n`);
  }

  speeds(name: string): number[] {
    return (this.all.get(name) ?? []).map(speed);
  }

  /** Median of what each round gives, as the machine is not equally busy in all of them. */
  ratio(name: string, reference: string): number {
    const references = this.speeds(reference);
    return round2(median(this.speeds(name).map((value, round) => value / (references[round] ?? Number.NaN))));
  }

  /** The largest share of its bytes that a run had to read from the disk. */
  shareOfDisk(name: string): number {
    return round2(Math.max(...(this.all.get(name) ?? []).map((run) => run.diskBytes / run.bytes)));
  }

  peakMb(name: string): number {
    return round2(Math.max(...(this.all.get(name) ?? []).map((run) => run.peakRssBytes)) / MEGABYTE);
  }
}

const speed = ({ bytes, seconds }: Run): number => bytes / MEGABYTE / seconds;

async function bytesOf(paths: readonly string[]): Promise<number> {
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function cat(paths: readonly string[]): Promise<Run> {
  return runMeasured("sh", ["-c", 'exec cat "$@" > /dev/null', "sh", ...paths], await bytesOf(paths));
}

function inProcess({ dir, endUtcMs }: LongFootage, cameraId: string, hours: number): Promise<Run> {
  const { nodeOptions, env } = SERVICE_OPTIONS;
  const range = [String(endUtcMs - hours * HOUR_MS), String(endUtcMs)];
  const words = [...nodeOptions, programs["read-in-process"], dir, cameraId, ...range];
  return runMeasured(process.execPath, words, null, env);
}

/** An archive in a process of its own for each run, so that its peak of memory is this run's. */
async function overHttp({ dir, endUtcMs }: LongFootage, cameraId: string, hours: number): Promise<Run> {
  const archive = await startProcess("archive", BUILT.archive, ["--dir", dir, "--port", "0"], {
    ...SERVICE_OPTIONS,
    env: { ...SERVICE_OPTIONS.env, [TOKEN_VARIABLE]: TOKEN },
  });
  try {
    const range = `from=${endUtcMs - hours * HOUR_MS}&to=${endUtcMs}`;
    const address = `${archive.ready["listening"] ?? ""}/cameras/${cameraId}/export.mp4?${range}`;
    const authorization = `authorization: Bearer ${TOKEN}`;
    const { bytes, seconds } = await readByCurl(["-H", authorization, address]);
    return { bytes, seconds, ...(await usageOf(archive.child.pid ?? 0)) };
  } finally {
    await archive.stop();
  }
}

/** `ffmpeg -c copy` of an hour; it needs one process for each session. */
async function ffmpegCopy(folder: string): Promise<Run> {
  const paths = await footageFilePaths(folder);
  const input = `concat:${[`${folder}/init.mp4`, ...paths].join("|")}`;
  const output = ["-c", "copy", "-f", "mp4", "-movflags", "frag_keyframe+empty_moov", "/dev/null"];
  const words = ["-v", "error", "-nostdin", "-y", "-i", input, ...output];
  return runMeasured("ffmpeg", words, await bytesOf(paths));
}

async function mediabunny(folder: string): Promise<Run> {
  const paths = [`${folder}/init.mp4`, ...(await footageFilePaths(folder))];
  return runMeasured(process.execPath, [programs["join-with-mediabunny"], ...paths], null);
}

async function measure(footage: LongFootage, rounds: number): Promise<Runs> {
  const runs = new Runs();
  const sessions = await copiedSessions(footage.dir);
  const newest = sessions.at(-1) ?? "";
  const all = (await Promise.all(sessions.map(footageFilePaths))).flat();
  const hour = await footageFilePaths(newest);
  const nginx = hasNginx() ? await nginxReference(hour, await bytesOf(hour)) : null;
  if (nginx === null) console.log("nginx is not installed: there is nothing to judge HTTP by.");
  const measureRound = async (round: number): Promise<void> => {
    process.stderr.write(`Round ${round} of ${rounds}\n`);
    await runs.add("1 h: cat", cat(hour));
    await runs.add("1 h: in process", inProcess(footage, COPIED_CAMERA, 1));
    await runs.add("1 h: over HTTP", overHttp(footage, COPIED_CAMERA, 1));
    if (nginx !== null) await runs.add("1 h: nginx", nginx.run());
    await runs.add("1 h: ffmpeg -c copy", ffmpegCopy(newest));
    await runs.add("1 h: mediabunny", mediabunny(newest));
    await runs.add("all: cat", cat(all));
    await runs.add("all: in process", inProcess(footage, COPIED_CAMERA, footage.hours));
    await runs.add("all: over HTTP", overHttp(footage, COPIED_CAMERA, footage.hours));
  };
  try {
    for (let round = 1; round <= rounds; round++) await measureRound(round);
  } finally {
    await nginx?.stop();
  }
  // A day is a day's tables, whatever its files: for memory, where the disk has no room for all of them.
  await runs.add("24 h: in process", inProcess(footage, LINKED_CAMERA, LINKED_HOURS));
  await runs.add("24 h: over HTTP", overHttp(footage, LINKED_CAMERA, LINKED_HOURS));
  return runs;
}

function report({ hours }: LongFootage, runs: Runs): void {
  const rows = [...runs.all].map(([name, list]) => [
    name,
    ...[median(list.map(speed)).toFixed(0), list.map((run) => speed(run).toFixed(0)).join(" ")],
    ...[median(list.map((run) => run.cpuSeconds)).toFixed(2), runs.peakMb(name).toFixed(0)],
    runs.shareOfDisk(name).toFixed(2),
  ]);
  printTable(["", "MB/s", "each round", "CPU s", "peak RSS MB", "share from disk"], rows);
  const shareFromDisk = round2(Math.max(...[...runs.all.keys()].map((name) => runs.shareOfDisk(name))));
  console.log(
    `"all" is ${hours} h. ${shareFromDisk === 0 ? "All of it came from the page cache." : `Up to ${shareFromDisk} of it came from the disk, the rest from the page cache.`}`,
  );
  const ratios = {
    inProcessToCat: runs.ratio("all: in process", "all: cat"),
    httpToCat: runs.ratio("all: over HTTP", "all: cat"),
    inProcessToCat1h: runs.ratio("1 h: in process", "1 h: cat"),
    ...(runs.all.has("1 h: nginx") ? { httpToNginx1h: runs.ratio("1 h: over HTTP", "1 h: nginx") } : {}),
    httpToCat1h: runs.ratio("1 h: over HTTP", "1 h: cat"),
    inProcessToFfmpeg1h: runs.ratio("1 h: in process", "1 h: ffmpeg -c copy"),
    inProcessToMediabunny1h: runs.ratio("1 h: in process", "1 h: mediabunny"),
  };
  const peakRssMb1h = Math.max(runs.peakMb("1 h: in process"), runs.peakMb("1 h: over HTTP"));
  const ofADay = hours === LINKED_HOURS ? ["24 h", "all"] : ["24 h"];
  const peakRssMb24h = Math.max(
    ...ofADay.flatMap((span) => [runs.peakMb(`${span}: in process`), runs.peakMb(`${span}: over HTTP`)]),
  );
  const names = [...runs.all.keys()];
  const speeds = names.map((name) => [`${keyOf(name)}MBps`, round2(median(runs.speeds(name)))] as const);
  const figures = {
    ...{ hoursOnDisk: hours, ...Object.fromEntries(speeds), peakRssMb1h, peakRssMb24h, shareFromDisk },
    loadAverage: round2(loadavg()[0] ?? 0),
  };
  const met =
    ratios.inProcessToCat >= WANTED.inProcessToCat &&
    (ratios.httpToNginx1h ?? 0) >= WANTED.httpToNginx1h &&
    peakRssMb1h <= WANTED.peakRssMb1h &&
    peakRssMb24h <= WANTED.peakRssMb24h;
  printResult({ bench: "export", figures, ratios, wanted: WANTED, met });
}

/** "1 h: in process" becomes "oneHourInProcess". */
function keyOf(name: string): string {
  const words = name.replace(/^1 h/, "one hour").replace(/^24 h/, "day");
  return words.replaceAll(/[^A-Za-z0-9]+(.)?/g, (_all, next: string | undefined) =>
    (next ?? "").toUpperCase(),
  );
}

const footage = await longFootage();
try {
  report(footage, await measure(footage, Number(process.argv[2] ?? 3)));
} finally {
  if (process.env["EVIDENCE_DESK_KEEP_BENCH"] !== "1")
    await rm(footage.dir, { recursive: true, force: true });
}
