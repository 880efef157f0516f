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
  "electron/adapters/trust/shown-chain.ts": "whether a certificate has expired",
  "electron/console-program.ts": "the hour of the bandwidth schedule, and days of measured rates",
  "electron/ipc-handlers/export-handlers.ts": "no range ends in the future",
  "electron/ipc-handlers/network-handlers.ts": "whether a certificate has expired",
  "electron/main.ts":
    "when the console ended by an error, for the next start, and the name of a saved report",
};

/** The same in the pages: what time it is is said or compared with footage; what counts down goes by the other clock. */
const INSTANTS_OF_PAGES: Readonly<Record<string, string>> = {
  "evidence-service/web-app/pages/app-frame.tsx": "the offsets of the zones to choose from",
  "renderer/app-shell/top-bar.tsx": "the site's clock",
  "renderer/features/camera-tiles/playback-piece.ts": "no footage is of the future",
  "renderer/features/camera-tiles/present.ts": "where playback meets live",
  "renderer/features/camera-tiles/stepped-play.ts": "where playback meets live",
  "renderer/features/camera-tiles/tile-controls.tsx": "whether a picture is of today",
  "renderer/features/camera-tiles/tile-player.ts": "where playback meets live",
  "renderer/features/export-timeline/export-timeline.tsx": "no range ends in the future",
  "renderer/features/export-timeline/handle-slider.tsx": "no range ends in the future",
  "renderer/features/export-timeline/timeline-controller.ts": "where the present is drawn",
  "renderer/features/export-timeline/timeline-marks.ts": "which date is today's",
  "renderer/features/export-wizard/range-report.tsx": "no range ends in the future",
  "renderer/features/export-wizard/use-wizard.ts": "no range ends in the future",
  "renderer/features/notification-tray/export-card.tsx": "which date is today's",
  "renderer/features/settings/authority-settings.tsx": "whether a certificate has expired",
  "renderer/features/settings/site-settings.tsx": "the offsets of the zones to choose from",
  "renderer/main-process-client/holdings.ts": "the present by the archive's clock",
};

function filesAsking(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return entries
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$|(^|\/)testing\//.test(name))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((path) => /\bDate\.now\b|new Date\(\)/.test(readFileSync(join(ROOT, path), "utf8")));
}

test("in main and its workers the computer's clock tells instants only, never how long something lasts", () => {
  expect([...filesAsking("electron"), ...filesAsking("shared")].toSorted()).toEqual(
    Object.keys(INSTANTS).toSorted(),
  );
});

test("in the pages it does not count down either", () => {
  const asking = [...filesAsking("renderer"), ...filesAsking("evidence-service/web-app")];
  expect(asking.toSorted()).toEqual(Object.keys(INSTANTS_OF_PAGES).toSorted());
});
