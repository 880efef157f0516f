import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { MeasuredProcess } from "./measured-process.ts";

const TICKS_PER_SECOND = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
/** How long nothing may move before a process counts as done, and how often that is looked at. */
const QUIET_LOOKS = 5;
const LOOK_MS = 100;
/** A process that never rests is measured all the same. */
const LOOKS_AT_MOST = 300;

/**
 * Processor seconds of a process and its threads since it began, user and system together, without its children.
 * The fields utime and stime of /proc/PID/stat (proc(5)), which come after the name in brackets.
 */
export function processSeconds({ child }: Pick<MeasuredProcess, "child">): number {
  const stat = readFileSync(`/proc/${child.pid ?? 0}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resolves when none of them works any more: a service hashes on after its last answer. */
export async function untilQuiet(processes: readonly MeasuredProcess[]): Promise<void> {
  const total = () => processes.reduce((sum, one) => sum + processSeconds(one), 0);
  let [before, quiet] = [total(), 0];
  for (let looks = 0; looks < LOOKS_AT_MOST && quiet < QUIET_LOOKS; looks += 1) {
    await sleep(LOOK_MS);
    const now = total();
    quiet = now - before < 2 / TICKS_PER_SECOND ? quiet + 1 : 0;
    before = now;
  }
}
