import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** Asks for the time; which zone this computer is in may be asked. */
const ASKS = /\bDate\.now\b|\bDate\["now"\]|\bnew Date\(\s*\)|\bTemporal\.Now\.(?!timeZoneId)|=\s*Date\s*;/;
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
  "electron/adapters/http-exchange.ts": "an instant that `Retry-After` names, bounded",
  "electron/adapters/trust/line-explained.ts": "what the clock says, for people",
  "electron/adapters/trust/shown-chain.ts": "whether a certificate has expired",
  "electron/console-updates.ts": "when updates were looked for",
  "electron/end-after-error.ts": "when the console ended by an error, for the next start",
  "electron/adapters/line-rate/line-meters.ts": "the day of a measured rate",
  "electron/console-program.ts": "the hour of the bandwidth schedule, for an estimate",
  "electron/ipc-handlers/export-handlers.ts": "when an export was asked for",
  "electron/ipc-handlers/network-handlers.ts": "whether a certificate has expired",
  "electron/main.ts": "the name of a saved report",
  "electron/sending-parts/system-clock.ts":
    "both clocks of what sends: the wall's for instants, the other for waits",
  "electron/sending-parts/upload-cap.ts": "the hour of the bandwidth schedule",
};

/**
 * The same in the pages: what time it is is said; what counts down goes by the other clock. What is compared with footage
 * goes by the archive's clock, `archiveNow()`, which asks in `holdings.ts` alone.
 */
const INSTANTS_OF_PAGES: Readonly<Record<string, string>> = {
  "web-app/pages/app-frame.tsx": "the offsets of the zones to choose from",
  "renderer/app-shell/site-clock.tsx": "the site's clock",
  "renderer/features/notification-tray/export-card.tsx": "which date is today's",
  "renderer/features/settings/authority-settings.tsx": "whether a certificate has expired",
  "renderer/features/settings/site-settings.tsx": "the offsets of the zones to choose from",
  "renderer/main-process-client/holdings.ts": "the present by the archive's clock",
};

/**
 * Whatever these do with an instant, it is one of footage, and an archive's clock may be minutes from this one: they have
 * no line above and get none.
 */
const OF_FOOTAGE = [
  "renderer/features/camera-tiles/",
  "renderer/features/export-timeline/",
  "renderer/features/export-wizard/",
  "electron/export-pipeline/",
];

function filesAsking(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return entries
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$|(^|\/)testing\//.test(name))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((path) => ASKS.test(readFileSync(join(ROOT, path), "utf8")));
}

test("in main and its workers the computer's clock tells instants only, never how long something lasts", () => {
  expect([...filesAsking("electron"), ...filesAsking("shared")].toSorted()).toEqual(
    Object.keys(INSTANTS).toSorted(),
  );
});

test("in the pages it does not count down either", () => {
  const asking = ["design-system", "renderer", "web-app"].flatMap(filesAsking);
  expect(asking.toSorted()).toEqual(Object.keys(INSTANTS_OF_PAGES).toSorted());
});

test("footage is not compared with this machine's clock anywhere", () => {
  const listed = [...Object.keys(INSTANTS), ...Object.keys(INSTANTS_OF_PAGES)];
  const asking = [...listed, ...filesAsking("renderer"), ...filesAsking("electron")];
  const isFootages = (path: string) => OF_FOOTAGE.some((folder) => path.startsWith(folder));
  expect(asking.filter(isFootages)).toEqual([]);
});
