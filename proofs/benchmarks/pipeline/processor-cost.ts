import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { cutIntoSegments } from "#shared/domain/time-range.ts";
import { median, printTable, round2 } from "../report.ts";
import type { BenchSite } from "./bench-site.ts";
import { LONG_CAMERA } from "./footage.ts";
import type { PartResult } from "./part-result.ts";
import { HASHING, sendWithNativeTools } from "./native-tools.ts";
import { hasNginx, startNginx, type NginxReceiver } from "./nginx-receiver.ts";
import { processSeconds, untilQuiet } from "./process-seconds.ts";

const HOUR_MS = 3_600_000;
/** Of footage in each run, ours and theirs: about 0.8 GB. */
const HOURS = 4;
const RUNS = 5;
const WANTED = { oursToNativeSeconds: 1.3 };

/** Processor seconds for each gigabyte of footage, by whom they were spent. */
interface Cost {
  readonly archive: number;
  readonly console: number;
  readonly service: number;
}

/**
 * What an export costs in processor time, and what native tools take for the same footage, by turns: `curl`,
 * `sha256sum`, `openssl`, `sha512sum`, nginx, `sha512sum`. Like for like: both in CBC, the one cipher that `openssl enc`
 * has in common with the protocols, and both until what arrived was hashed.
 * @returns null where nginx is missing
 */
export async function costPart(site: BenchSite): Promise<PartResult | null> {
  if (!hasNginx()) {
    process.stderr.write("Processor time is not measured: nginx is missing.\n");
    return null;
  }
  const folder = join(site.folder, "native");
  await mkdir(folder);
  const nginx = await startNginx(folder);
  try {
    const [ours, native, fast]: [Cost[], Cost[], Cost[]] = [[], [], []];
    for (let run = 1; run <= RUNS; run += 1) {
      ours.push(await ourCost(site));
      native.push(await nativeCost(site, nginx, folder, "coreutils"));
      fast.push(await nativeCost(site, nginx, folder, "openssl"));
    }
    return report(ours, native, fast);
  } finally {
    await nginx.stop();
  }
}

function rangeOf({ footageEndUtcMs }: BenchSite) {
  return { startUtcMs: footageEndUtcMs - HOURS * HOUR_MS, endUtcMs: footageEndUtcMs };
}

async function ourCost(site: BenchSite): Promise<Cost> {
  const programs = [site.archive, site.console, site.service];
  await untilQuiet(programs);
  const before = programs.map(processSeconds);
  const whole = {
    kind: "whole",
    cameraIds: [LONG_CAMERA],
    range: rangeOf(site),
    uploadsAtOnce: null,
  } as const;
  const { figures } = await site.ask({ ...whole, protocol: "1.0" });
  await untilQuiet(programs);
  const gigabytes = (figures["bytes"] ?? Number.NaN) / 1e9;
  const [archive = 0, console = 0, service = 0] = programs.map(
    (program, index) => (processSeconds(program) - (before[index] ?? 0)) / gigabytes,
  );
  return { archive, console, service };
}

/** What the tools take stands in the column of the console, nginx and the hashing behind it in that of the service. */
async function nativeCost(
  site: BenchSite,
  nginx: NginxReceiver,
  folder: string,
  hashing: keyof typeof HASHING,
): Promise<Cost> {
  const urls = cutIntoSegments(rangeOf(site)).map(({ startUtcMs, endUtcMs }) =>
    site.exportUrl(LONG_CAMERA, startUtcMs, endUtcMs),
  );
  const gigabytes = (await lengthOf(urls, site.archiveToken)) / 1e9;
  const [archive, server] = [processSeconds(site.archive), processSeconds(nginx)];
  const tools = await sendWithNativeTools(urls, site.archiveToken, nginx, folder, hashing);
  return {
    archive: (processSeconds(site.archive) - archive) / gigabytes,
    console: tools / gigabytes,
    service: (processSeconds(nginx) - server) / gigabytes,
  };
}

async function lengthOf(urls: readonly string[], token: string): Promise<number> {
  const heads = await Promise.all(
    urls.map((url) => fetch(url, { method: "HEAD", headers: { authorization: `Bearer ${token}` } })),
  );
  return heads.reduce((sum, head) => sum + Number(head.headers.get("content-length")), 0);
}

function report(ours: readonly Cost[], native: readonly Cost[], fast: readonly Cost[]): PartResult {
  const of = (costs: readonly Cost[], part: keyof Cost) => median(costs.map((cost) => cost[part]));
  const sum = (cost: Cost) => cost.archive + cost.console + cost.service;
  const whole = (costs: readonly Cost[]) => median(costs.map(sum));
  // Pair by pair, as a machine that others use too is now faster, now slower.
  const ratioTo = (others: readonly Cost[]) =>
    round2(median(ours.map((cost, run) => sum(cost) / sum(others[run] ?? cost))));
  const row = (name: string, figure: (costs: readonly Cost[]) => number) => [
    name,
    ...[ours, native, fast].map((costs) => figure(costs).toFixed(2)),
  ];
  printTable(
    ["processor seconds a GB", "ours", "native", "native, openssl dgst"],
    [
      row("archive", (costs) => of(costs, "archive")),
      row("console | tools", (costs) => of(costs, "console")),
      row("service | nginx", (costs) => of(costs, "service")),
      row("whole", whole),
    ],
  );
  const figures = {
    archiveSecondsPerGb: round2(of(ours, "archive")),
    consoleSecondsPerGb: round2(of(ours, "console")),
    serviceSecondsPerGb: round2(of(ours, "service")),
    oursSecondsPerGb: round2(whole(ours)),
    nativeSecondsPerGb: round2(whole(native)),
    nativeOpensslSecondsPerGb: round2(whole(fast)),
  };
  const ratios = { oursToNativeSeconds: ratioTo(native), oursToNativeOpensslSeconds: ratioTo(fast) };
  return { figures, ratios, wanted: WANTED, met: ratios.oursToNativeSeconds <= WANTED.oursToNativeSeconds };
}
