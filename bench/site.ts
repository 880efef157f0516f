/**
 * npm run bench -- site: a site of 5,000 cameras and 200 finished exports of 50 segments each. How long from pressing
 * Log on until the cameras are there, what memory main takes, and whether long lists scroll as smoothly as an empty one.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { screensOf, startConsole, type RunningConsole } from "#e2e/index.ts";
import { printResult, printTable, round2 } from "./report.ts";
import { scrollP95Ms } from "./site/frame-times.ts";
import { LARGE, makeLargeSite } from "./site/large-site.ts";
import { memoryMb } from "./site/process-memory.ts";

const WANTED = { logOnToAreaViewMs: 2000, mainPeakMb: 300, scrollP95Ms: 17 };
/** Long enough for everything that a start sets in motion. */
const SETTLE_MS = 5_000;

const folder = await mkdtemp(join(tmpdir(), "evidence-desk-bench-site-"));
const siteDir = join(folder, "site");
try {
  process.stderr.write("A large site is made; this takes a minute.\n");
  await makeLargeSite(siteDir, LARGE, "available");
  const startedMs = performance.now();
  const desk = await startConsole({ siteDir });
  try {
    report(await measure(desk, performance.now() - startedMs));
  } finally {
    await desk.close();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure({ page, pid }: RunningConsole, windowMs: number) {
  const screens = screensOf(page);
  const startedMs = performance.now();
  await screens.logOn.enter("operator", "operator");
  await screens.areaView.region.getByRole("treeitem").nth(1).waitFor();
  const logOnToAreaViewMs = performance.now() - startedMs;
  await screens.tray.open();
  await screens.tray.pinToSidebar();
  await screens.sidebar.region.getByRole("listitem").first().waitFor();
  const logOnToSidebarMs = performance.now() - startedMs;
  await sleep(SETTLE_MS);
  const memory = await memoryMb(pid);
  const camerasP95Ms = await scrollP95Ms(page, screens.areaView.region);
  const exportsP95Ms = await scrollP95Ms(page, screens.sidebar.region);
  await screens.areaView.search("no camera is called so");
  const emptyP95Ms = await scrollP95Ms(page, screens.areaView.region);
  return {
    ...{ windowMs, logOnToAreaViewMs, logOnToSidebarMs, mainMb: memory.now, mainPeakMb: memory.peak },
    ...{ camerasP95Ms, exportsP95Ms, emptyP95Ms, loadAverage: loadavg()[0] ?? 0 },
  };
}

function report(measured: Awaited<ReturnType<typeof measure>>): void {
  const figures = Object.fromEntries(Object.entries(measured).map(([name, value]) => [name, round2(value)]));
  printTable(
    ["site of 5,000 cameras, 200 exports", "measured"],
    Object.entries(figures).map(([name, value]) => [name, String(value)]),
  );
  const { logOnToAreaViewMs, mainPeakMb, camerasP95Ms, exportsP95Ms, emptyP95Ms } = measured;
  printResult({
    bench: "site",
    figures,
    ratios: {
      camerasToEmptyFrames: round2(camerasP95Ms / emptyP95Ms),
      exportsToEmptyFrames: round2(exportsP95Ms / emptyP95Ms),
    },
    wanted: WANTED,
    met:
      logOnToAreaViewMs <= WANTED.logOnToAreaViewMs &&
      mainPeakMb <= WANTED.mainPeakMb &&
      Math.max(camerasP95Ms, exportsP95Ms) <= WANTED.scrollP95Ms,
  });
}
