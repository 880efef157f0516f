import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/**
 * Where the computer's clock is asked for an instant: something happened, or must not have happened before or after. A
 * clock that is set back ten minutes must stop nothing for ten minutes, so what lasts is measured by `performance.now()`.
 */
const INSTANTS: Readonly<Record<string, string>> = {
  "electron/adapters/archive-client/archive-client.ts": "how far the archive's clock is ahead of this one",
  "electron/adapters/clearance-client/service-clock.ts": "how far the service's clock is ahead of this one",
  "electron/adapters/clearance-client/service-time.ts":
    "the wall's clock beside the one that only goes forward",
  "electron/adapters/http-outcome.ts": "an instant that `Retry-After` names, bounded",
  "electron/adapters/trust/line-explained.ts": "what the clock says, for people",
  "electron/console-program.ts": "the hour of the bandwidth schedule, and days of measured rates",
  "electron/ipc-handlers/export-handlers.ts": "no range ends in the future",
  "electron/ipc-handlers/network-handlers.ts": "whether a certificate has expired",
};

function filesAsking(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return entries
    .filter((name) => name.endsWith(".ts") && !/\.test\.ts$|(^|\/)testing\//.test(name))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((path) => /\bDate\.now\b|new Date\(\)/.test(readFileSync(join(ROOT, path), "utf8")));
}

test("in main and its workers the computer's clock tells instants only, never how long something lasts", () => {
  expect([...filesAsking("electron"), ...filesAsking("shared")].toSorted()).toEqual(
    Object.keys(INSTANTS).toSorted(),
  );
});
