import { networkInterfaces, uptime } from "node:os";

const LOOK_EVERY_MS = 1_000;
/** So much later than it should, a look shows that this process, or the whole machine, stood still. */
const STOOD_STILL_MS = 8_000;
/** A change of network comes in several steps. */
const ONCE_IN_MS = 2_000;

/** This process or machine went on after it had stood still, or the machine is in another network. */
export type WakeReason = "stopped" | "slept" | "network";

/** What is looked at; clocks in milliseconds. */
export interface WakeSigns {
  /** Only goes forward; stands still while the machine sleeps. */
  readonly runningMs: number;
  /** Only goes forward, also while the machine sleeps. */
  readonly uptimeMs: number;
  /** Addresses of the machine, in one text. */
  readonly network: string;
}

export function signsNow(): WakeSigns {
  const addresses = Object.entries(networkInterfaces()).flatMap(([name, all = []]) =>
    all.filter(({ internal }) => !internal).map(({ address }) => `${name} ${address}`),
  );
  return {
    runningMs: performance.now(),
    uptimeMs: uptime() * 1000,
    network: addresses.toSorted().join(", "),
  };
}

/** What happened between two looks, or null for nothing. */
export function wakeBetween(before: WakeSigns, after: WakeSigns): WakeReason | null {
  const ranMs = after.runningMs - before.runningMs;
  if (after.uptimeMs - before.uptimeMs - ranMs > STOOD_STILL_MS) return "slept";
  if (ranMs > STOOD_STILL_MS) return "stopped";
  // Without any address there is nowhere to go; the next look may show one.
  return after.network !== before.network && after.network !== "" ? "network" : null;
}

/**
 * Tells when everything that waits or is on its way had better begin anew. Needs nothing of the system: it is what
 * happened between two looks, a second apart.
 * @returns ends the watching; `wake` is for whoever is told by the system
 */
export function watchForWake(
  onWake: (reason: WakeReason) => void,
  signs: () => WakeSigns = signsNow,
  everyMs: number = LOOK_EVERY_MS,
): { wake(reason: WakeReason): void; stop(): void } {
  let before = signs();
  let toldAtMs = -Infinity;
  const wake = (reason: WakeReason) => {
    const nowMs = performance.now();
    if (nowMs - toldAtMs < ONCE_IN_MS) return;
    toldAtMs = nowMs;
    onWake(reason);
  };
  const timer = setInterval(() => {
    const after = signs();
    const reason = wakeBetween(before, after);
    // A network that is away for a moment is compared with what it was before.
    before = after.network === "" ? { ...after, network: before.network } : after;
    if (reason !== null) wake(reason);
  }, everyMs);
  timer.unref();
  return { wake, stop: () => clearInterval(timer) };
}
