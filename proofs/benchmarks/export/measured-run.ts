import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";

/** What moving some bytes took. */
export interface Run {
  readonly bytes: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakRssBytes: number;
  /** What did not lie in the page cache: nothing where all of it did. */
  readonly diskBytes: number;
}

/** What a process has used so far. */
export type Usage = Omit<Run, "bytes" | "seconds">;

const NO_USAGE: Usage = { cpuSeconds: 0, peakRssBytes: 0, diskBytes: 0 };

const POLL_MS = 20;

/** Ticks of a second in which Linux counts processor time. */
const TICKS_A_SECOND = 100;

/**
 * Runs a program to its end, what it prints thrown away.
 * @param bytes how many it moves; null: its output says, as one line of JSON with that field
 * @param env added to ours
 */
export async function runMeasured(
  program: string,
  words: readonly string[],
  bytes: number | null,
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const startedMs = performance.now();
  const child = spawn(program, words, {
    stdio: ["ignore", bytes === null ? "pipe" : "ignore", "inherit"],
    env: { ...process.env, ...env },
  });
  const output: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => output.push(chunk));
  const ended = once(child, "exit");
  let usage = NO_USAGE;
  const poll = setInterval(() => {
    void usageOf(child.pid ?? 0).then((read) => {
      if (read.peakRssBytes > 0) usage = read;
    });
  }, POLL_MS);
  const [code] = (await ended) as [number | null];
  clearInterval(poll);
  const seconds = (performance.now() - startedMs) / 1000;
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}.`);
  if (bytes !== null) return { bytes, seconds, ...usage };
  // What was printed counts what it used itself, more exactly than looking in from time to time.
  return { ...usage, ...(JSON.parse(Buffer.concat(output).toString()) as Partial<Run>) } as Run;
}

/**
 * What a process has used so far (Linux); zeros where it has ended. What Node tells of its own process counts the
 * memory of the one that started it, too.
 */
export async function usageOf(pid: number): Promise<Usage> {
  const [stat, status, io] = await Promise.all(
    ["stat", "status", "io"].map((name) => readFile(`/proc/${pid}/${name}`, "utf8").catch(() => "")),
  );
  // The name of the program is in brackets and may hold spaces; user and system time are fields 14 and 15.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
  const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status ?? "")?.[1];
  const diskBytes = Number(/^read_bytes: (\d+)$/m.exec(io ?? "")?.[1] ?? 0);
  return { cpuSeconds: ticks / TICKS_A_SECOND, peakRssBytes: Number(kibibytes ?? 0) * 1024, diskBytes };
}
