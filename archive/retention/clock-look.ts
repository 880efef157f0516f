import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { uptime } from "node:os";

/** The machine's clocks at one moment. */
export interface ClockLook {
  /** The one that anybody can set. */
  readonly utcMs: number;
  /** Since the machine was started, sleep included; nobody can set it. */
  readonly uptimeMs: number;
  /** Of this run of the machine: uptimes compare within it alone. */
  readonly bootId: string;
}

/** Where the system does not tell one run of the machine from another, only this process knows what has passed. */
const bootId = bootIdOfLinux() ?? randomUUID();

export function lookAtClocks(): ClockLook {
  return { utcMs: Date.now(), uptimeMs: Math.round(uptime() * 1000), bootId };
}

/** random(4); other systems have no such file. */
function bootIdOfLinux(): string | null {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return null;
  }
}
