/** What each stage of an export can do alone, what the whole does, and what `curl` and `cp` do with the same bytes. */
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { mkdir } from "node:fs/promises";
import { type BenchSite, uploadAddress } from "./bench-site.ts";
import type { PartResult } from "./part-result.ts";
import { LONG_CAMERA, LONG_HOURS, SHORT_CAMERAS, SHORT_MINUTES } from "./footage.ts";
import { round2 } from "../report.ts";
import { copyAll, curlAll } from "./references.ts";
import { mb, Speeds } from "./speeds.ts";
import { encrypt, hash, readFootage, stageBlocks, writeToSpool } from "./stages.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const PARALLEL = 5;
const QUEUED_SEGMENTS = 10_000;
const STAGES = [
  "read from the archive",
  "cipher 1.0 (AES-CBC)",
  "cipher 2.0 (AES-GCM)",
  "SHA-256",
  "SHA-512",
  "spool write with fsync",
  "stageBlock",
] as const;

async function oneRound(site: BenchSite, speeds: Speeds, copyFolder: string): Promise<void> {
  const range = { startUtcMs: site.footageEndUtcMs - LONG_HOURS * HOUR_MS, endUtcMs: site.footageEndUtcMs };
  const uploadRange = { ...range, startUtcMs: range.endUtcMs - PARALLEL * HOUR_MS };
  const readUrl = site.exportUrl(LONG_CAMERA, range.startUtcMs, range.startUtcMs + 2 * HOUR_MS);
  await speeds.time(STAGES[0], () => readFootage(readUrl, site.archiveToken));
  await speeds.time(STAGES[1], () => encrypt("1.0"));
  await speeds.time(STAGES[2], () => encrypt("2.0"));
  await speeds.time(STAGES[3], () => hash("sha256"));
  await speeds.time(STAGES[4], () => hash("sha512"));
  await speeds.time(STAGES[5], () => writeToSpool(site.folder));
  const place = await uploadAddress(site);
  await speeds.time(STAGES[6], () => stageBlocks(place));
  const whole = { kind: "whole" as const, cameraIds: [LONG_CAMERA], range };
  speeds.add("whole, 1 upload", (await site.ask({ ...whole, range: uploadRange, uploadsAtOnce: 1 })).figures);
  speeds.add("whole, 5 uploads", (await site.ask({ ...whole, uploadsAtOnce: null })).figures);
  const spooled = await site.ask({ kind: "spool", cameraId: LONG_CAMERA, range: uploadRange });
  speeds.add("read, encrypt and spool", spooled.figures);
  speeds.add("upload, 5 in parallel", (await site.ask({ kind: "upload" })).figures);
  // What references write is kept like what the service has stored: memory that was let go of and taken anew is
  // several times as fast on a virtual machine as memory that was not in use.
  const receiver = site.receiver.ready["listening"] ?? "";
  await speeds.time("curl -T, 5 in parallel", () => curlAll(spooled.paths, receiver));
  await speeds.time("curl -T, on the disk", () => curlAll(spooled.paths, `${receiver}/durable`));
  await mkdir(copyFolder);
  await speeds.time("cp", () => copyAll(spooled.paths, copyFolder));
}

export async function measureSpeeds(site: BenchSite, rounds: number) {
  const speeds = new Speeds();
  for (let round = 1; round <= rounds; round += 1) {
    process.stderr.write(`Round ${round} of ${rounds}\n`);
    await oneRound(site, speeds, join(site.folder, `copies-${round}`));
  }
  const range = {
    startUtcMs: site.footageEndUtcMs - SHORT_MINUTES * MINUTE_MS,
    endUtcMs: site.footageEndUtcMs,
  };
  const many = await site.ask({ kind: "whole", cameraIds: SHORT_CAMERAS, range, uploadsAtOnce: null });
  speeds.add("whole, 16 cameras", many.figures);
  const processes = [site.console, site.archive, site.service];
  const peaks = await Promise.all(
    processes.map(async (one) => [one.name, await one.peakRssBytes()] as const),
  );
  const queue = await site.ask({ kind: "queue", segments: QUEUED_SEGMENTS });
  return { speeds, stalls: many.figures, queue: queue.figures, peaks };
}

type Measured = Awaited<ReturnType<typeof measureSpeeds>>;

/** The whole is held against what this machine's cores allow, uploads against a server that flushes: docs/decisions/0015. */
const WANTED = {
  wholeToAttainable: 0.8,
  uploadToCurlOnTheDisk: 0.9,
  peakRssMb: 250,
  stallP99Ms: 20,
  queueStartMs: 1000,
  ownMsPerSegment: 5,
};

export function reportSpeeds({ speeds, stalls, queue, peaks }: Measured): PartResult {
  const slowest = STAGES.toSorted((a, b) => speeds.best(a) - speeds.best(b))[0] ?? STAGES[0];
  for (const name of speeds.names()) {
    const others = speeds.all(name).map((one) => (one / 1e6).toFixed(0));
    console.log(`${name.padEnd(34)} ${mb(speeds.best(name))}   (${others.join(", ")})`);
  }
  const ratios = {
    wholeToSlowestStage: round2(speeds.best("whole, 5 uploads") / speeds.best(slowest)),
    whole1ToSlowestStage: round2(speeds.best("whole, 1 upload") / speeds.best(slowest)),
    wholeToSharedCores: round2(speeds.best("whole, 5 uploads") / sharedCores(speeds)),
    wholeToAttainable: round2(
      speeds.best("whole, 5 uploads") / Math.min(speeds.best(slowest), sharedCores(speeds)),
    ),
    uploadToCurl: round2(speeds.best("upload, 5 in parallel") / speeds.best("curl -T, 5 in parallel")),
    uploadToCurlOnTheDisk: round2(speeds.best("upload, 5 in parallel") / speeds.best("curl -T, on the disk")),
  };
  const figures = {
    ...Object.fromEntries(
      speeds.names().map((name) => [`${keyOf(name)}MBps`, round2(speeds.best(name) / 1e6)]),
    ),
    stallP99Ms: round2(stalls["stallP99Ms"] ?? Number.NaN),
    stallMaxMs: round2(stalls["stallMaxMs"] ?? Number.NaN),
    queueStartMs: round2(queue["startMs"] ?? Number.NaN),
    ownMsPerSegment: round2(queue["ownMsPerSegment"] ?? Number.NaN),
    ownCpuMsPerSegment: round2(queue["ownCpuMsPerSegment"] ?? Number.NaN),
    queueGrownMb: round2((queue["grownBytes"] ?? Number.NaN) / 1e6),
    ...Object.fromEntries(
      peaks.map(([name, bytes]) => [`${keyOf(name)}PeakRssMb`, bytes === null ? null : round2(bytes / 1e6)]),
    ),
    loadAverage: round2(loadavg()[0] ?? 0),
  };
  const peakMb = Math.max(...peaks.map(([, bytes]) => (bytes ?? 0) / 1e6));
  const met =
    ratios.wholeToAttainable >= WANTED.wholeToAttainable &&
    ratios.uploadToCurlOnTheDisk >= WANTED.uploadToCurlOnTheDisk &&
    peakMb <= WANTED.peakRssMb &&
    figures.stallP99Ms < WANTED.stallP99Ms &&
    figures.queueStartMs < WANTED.queueStartMs &&
    figures.ownMsPerSegment <= WANTED.ownMsPerSegment;
  printRest(speeds, slowest, ratios, figures);
  return { figures, ratios, wanted: WANTED, met };
}

/**
 * The speed of a whole whose stages share the cores without a loss, each costing what it costs alone: no more is
 * possible, however well they overlap. Protocol 2.0; the service hashes once more what it has stored.
 */
function sharedCores(speeds: Speeds): number {
  const used = STAGES.filter((stage) => stage !== "cipher 1.0 (AES-CBC)");
  const each = [...used, "SHA-512"].map((stage) => speeds.coreSecondsAByte(stage));
  return availableParallelism() / each.reduce((sum, seconds) => sum + seconds, 0);
}

function printRest(
  speeds: Speeds,
  slowest: string,
  ratios: Readonly<Record<string, number>>,
  figures: Readonly<Record<string, number | null>>,
): void {
  console.log(`\nSlowest stage alone: ${slowest}`);
  for (const stage of STAGES) {
    console.log(
      `${`${stage}, core seconds a GB`.padEnd(44)} ${(speeds.coreSecondsAByte(stage) * 1e9).toFixed(2)}`,
    );
  }
  for (const [name, value] of Object.entries(ratios)) console.log(`${name.padEnd(34)} ${value}`);
  for (const [name, value] of Object.entries(figures)) {
    if (!name.endsWith("MBps")) console.log(`${name.padEnd(34)} ${value}`);
  }
}

/** "whole, 5 uploads" becomes "whole5Uploads". */
function keyOf(name: string): string {
  return name.replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => (next ?? "").toUpperCase());
}
