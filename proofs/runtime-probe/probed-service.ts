/** A service of the probe program: slow to end, or deaf to being asked. */
import { writeFileSync } from "node:fs";
import { getHeapStatistics } from "node:v8";
import { setTimeout } from "node:timers/promises";
import { endWhenAsked } from "#runtime/process/end-when-asked.ts";
import { sayReady } from "#runtime/process/ready-line.ts";

const [kind, wholePath = ""] = process.argv.slice(2);
/** Longer than Electron's `kill` leaves to a child, as a recording that is brought to its end. */
const SLOW_END_MS = 3_000;

const facts = { pid: process.pid, heapLimitBytes: getHeapStatistics().heap_size_limit };
sayReady({ listening: "http://127.0.0.1:1", ...facts });
setInterval(() => undefined, 1_000);

if (kind === "slow") {
  const finish = async (): Promise<void> => {
    await setTimeout(SLOW_END_MS);
    writeFileSync(wholePath, "whole");
  };
  endWhenAsked(finish, { withParent: false, onFailure: console.error });
} else {
  process.on("SIGTERM", () => undefined);
}
