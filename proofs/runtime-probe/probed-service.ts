/** A service of the probe program: slow to end, or deaf to being asked. */
import { writeFileSync } from "node:fs";
import { getHeapStatistics } from "node:v8";
import { whenAskedToEnd } from "#shared/process/asked-to-end.ts";

const [kind, wholePath = ""] = process.argv.slice(2);
/** Longer than Electron's `kill` leaves to a child, as a recording that is brought to its end. */
const SLOW_END_MS = 3_000;

const facts = { pid: process.pid, heapLimitBytes: getHeapStatistics().heap_size_limit };
process.stdout.write(`${JSON.stringify({ listening: "http://127.0.0.1:1", ...facts })}\n`);
setInterval(() => undefined, 1_000);

if (kind === "slow") {
  whenAskedToEnd(() => {
    setTimeout(() => {
      writeFileSync(wholePath, "whole");
      process.exit(0);
    }, SLOW_END_MS);
  }, false);
} else {
  process.on("SIGTERM", () => undefined);
}
