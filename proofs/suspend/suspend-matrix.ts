import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { DeskUnderTest } from "#proofs/crash-matrix/desk-under-test.ts";
import type { Stage } from "./stages.ts";
import { StandingConsole } from "./standing-console.ts";

/**
 * What happens while an export stands at its stage.
 * - `slept`: everything stops, and the earlier connections are dead after it.
 * - `stopped`: everything stops, and what was on its way arrives after it, with what has expired.
 * - `moved`: nothing stops; the machine is in another network, where the earlier connections are dead.
 */
export type Interruption = "slept" | "stopped" | "moved";

export interface SuspendRow {
  readonly stage: string;
  readonly how: Interruption;
  /** From the resume, or the change of network, until the export has gone on; null when it has not. */
  readonly wentOnAfterS: number | null;
  /** What the console noticed. */
  readonly noticed: readonly string[];
  readonly faults: readonly string[];
}

export interface SuspendOptions {
  readonly stages: readonly Stage[];
  readonly how: Interruption;
  /** How long everything stands still. */
  readonly stopMs: number;
  /** Whether that counts as a quarter of an hour on the clocks of console and service. */
  readonly leaps: boolean;
}

const CLOCK = new URL("./leaping-clock.test-process.ts", import.meta.url);
const SERVICE = fileURLToPath(new URL("./brief-service.test-process.ts", import.meta.url));
/** Starting is most of the work. */
const STARTED_AT_ONCE = 3;

/**
 * Brings an export to each stage, each by a console of its own, with one archive and one evidence service whose tokens
 * and upload addresses expire meanwhile; stops all of their processes at the same moment, and wakes one console after
 * the other: what is timed is not how busy the machine is with all of them.
 */
export async function runSuspendMatrix({
  stages,
  how,
  stopMs,
  leaps,
}: SuspendOptions): Promise<SuspendRow[]> {
  const preload = leaps ? CLOCK : undefined;
  const words = leaps ? ["--import", CLOCK.href, SERVICE] : [SERVICE];
  const desk = await DeskUnderTest.start("96x64", 0, words);
  const consoles: StandingConsole[] = [];
  try {
    for (const [index, stage] of stages.entries()) {
      consoles.push(await StandingConsole.open(desk, stage, preload));
      if (index % STARTED_AT_ONCE === STARTED_AT_ONCE - 1)
        await Promise.all(consoles.map((one) => one.reached()));
    }
    await Promise.all(consoles.map((one) => one.reached()));
    const services = [desk.archive.child.pid ?? 0, desk.service.pid];
    const all = [...consoles.map(({ console }) => console.pid), ...services];
    if (how !== "moved") {
      signalAll(all, "SIGSTOP");
      await sleep(stopMs);
    }
    if (how === "slept") for (const one of consoles) one.sever();
    if (how !== "moved") signalAll(services, "SIGCONT");
    const rows: SuspendRow[] = [];
    for (const one of consoles) rows.push(await goneOn(one, how));
    return rows;
  } finally {
    for (const { console } of consoles) if (!console.isGone) process.kill(console.pid, "SIGCONT");
    await Promise.all(consoles.map((one) => one.close()));
    await desk.stop();
  }
}

async function goneOn(one: StandingConsole, how: Interruption): Promise<SuspendRow> {
  if (how === "moved") one.sever();
  const { pid, wakes } = one.console;
  const wentOnAfterS = await one.goOn(() => process.kill(pid, how === "moved" ? "SIGHUP" : "SIGCONT"));
  const faults = await one.faults();
  return { stage: one.stage.name, how, wentOnAfterS, noticed: wakes, faults };
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) process.kill(pid, signal);
}
