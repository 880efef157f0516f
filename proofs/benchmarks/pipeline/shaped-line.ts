import { execFileSync, spawnSync } from "node:child_process";
import { round2, round3 } from "../report.ts";
import type { BenchSite } from "./bench-site.ts";
import { LONG_CAMERA, LONG_HOURS } from "./footage.ts";
import type { PartResult } from "./part-result.ts";

const HOUR_MS = 3_600_000;
const BITS_PER_SECOND = 1e9;
const WANTED = { lineFilled: 0.97 };
/** Says that this process is the one inside. */
const INSIDE = "EVIDENCE_DESK_BENCH_NAMESPACE";

/**
 * Runs the benchmark once more in a network namespace of its own, where the line to the service can be made slow
 * without anybody else's traffic being touched.
 * @returns whether it did; then there is nothing left to do out here
 */
export function inNamespaceOfItsOwn(words: readonly string[]): boolean {
  const wanted = words.every((word) => /^\d+$/.test(word)) || words.includes("line");
  if (process.env[INSIDE] !== undefined || !wanted || !canBeShaped()) return false;
  const inside = [process.execPath, ...process.argv.slice(1)];
  const script = 'ip link set lo up && exec "$@"';
  const { status } = spawnSync("unshare", ["-n", "sh", "-c", script, "sh", ...inside], {
    stdio: "inherit",
    env: { ...process.env, [INSIDE]: "1" },
  });
  process.exitCode = status ?? 1;
  return true;
}

function canBeShaped(): boolean {
  return spawnSync("unshare", ["-n", "tc", "qdisc", "show", "dev", "lo"], { stdio: "ignore" }).status === 0;
}

/**
 * How full an export keeps a line of 1 Gbit/s, from the beginning of the first upload until the last file has arrived:
 * before that there is nothing to send. Only the files' own bytes count, not what requests and packets add.
 */
export async function linePart(site: BenchSite): Promise<PartResult | null> {
  if (process.env[INSIDE] === undefined) {
    process.stderr.write("The shaped line is not measured: it needs Linux, root and the command tc.\n");
    return null;
  }
  const port = Number(new URL(site.service.ready["listening"] ?? "").port);
  shape(port);
  try {
    const range = {
      startUtcMs: site.footageEndUtcMs - LONG_HOURS * HOUR_MS,
      endUtcMs: site.footageEndUtcMs,
    };
    const whole = { kind: "whole", cameraIds: [LONG_CAMERA], range, uploadsAtOnce: null } as const;
    const { figures } = await site.ask(whole);
    const bits = (figures["bytes"] ?? 0) * 8;
    const bitsPerSecond = (bits * 1000) / (figures["sendingMs"] ?? Number.NaN);
    const filled = bitsPerSecond / BITS_PER_SECOND;
    console.log(`${"line of 1 Gbit/s".padEnd(34)} filled to ${filled.toFixed(3)}`);
    return {
      figures: {
        lineMbitPerSecond: round2(bitsPerSecond / 1e6),
        lineFromFinishMbitPerSecond: round2(bits / 1e3 / (figures["ms"] ?? Number.NaN)),
      },
      ratios: { lineFilled: round3(filled) },
      wanted: WANTED,
      met: filled >= WANTED.lineFilled,
    };
  } finally {
    tc("qdisc", "del", "dev", "lo", "root");
  }
}

/** Only what goes to the service is slow; everything else stays as fast as it was. */
function shape(port: number): void {
  const [rate, packet] = [`${BITS_PER_SECOND}bit`, "256k"];
  tc("qdisc", "add", "dev", "lo", "root", "handle", "1:", "htb", "default", "20");
  tc(
    ..."class add dev lo parent 1: classid 1:10 htb".split(" "),
    "rate",
    rate,
    "burst",
    packet,
    "cburst",
    packet,
  );
  tc(..."class add dev lo parent 1: classid 1:20 htb rate 100gbit quantum 200000".split(" "));
  const filter = "filter add dev lo parent 1: protocol ip u32 match ip dport";
  tc(...filter.split(" "), String(port), "0xffff", "flowid", "1:10");
}

function tc(...words: readonly string[]): void {
  execFileSync("tc", words, { stdio: ["ignore", "ignore", "pipe"] });
}
