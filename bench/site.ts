/**
 * npm run bench -- site [CAMERAS] [EXPORTS]: a console on a site with thousands of cameras and hundreds of finished
 * exports: from logging on to an area view that can be used, what the main process holds, and scrolling beside a list
 * with nothing in it.
 */
import { readFile, rm } from "node:fs/promises";
import { loadavg } from "node:os";
import { dirname } from "node:path";
import { screensOf, startConsole, type RunningConsole } from "#e2e/index.ts";
import { addEmptyList, removeEmptyList, scrollFrames } from "./console/frame-times.ts";
import { addCameras, addExports, emptySite } from "./console/large-site.ts";
import { percentile, printResult, printTable, round2 } from "./report.ts";

const WANTED = { logOnToAreaViewMs: 2_000, mainMB: 300, scrollP95Ms: 17 };
const SEGMENTS_AN_EXPORT = 50;
const FRAMES = 300;
const TREE = "[role=tree]";
const EMPTY_LIST = "bench-empty-list";
const CAMERAS = Number(process.argv[2] ?? 5_000);
const EXPORTS = Number(process.argv[3] ?? 200);

/** Logs on. @returns milliseconds until a camera can be searched for and is found */
async function logOn({ page }: RunningConsole): Promise<number> {
  const screens = screensOf(page);
  await screens.logOn.dialog.waitFor();
  const startedMs = performance.now();
  await screens.logOn.logOn("operator", "operator");
  await screens.areaView.region.getByRole("treeitem").first().waitFor({ timeout: 120_000 });
  await screens.areaView.search(`Camera ${CAMERAS}`);
  await screens.areaView.camera(`Camera ${CAMERAS}`).waitFor();
  const tookMs = performance.now() - startedMs;
  await screens.areaView.search("");
  return tookMs;
}

/** In megabytes, now and at its highest; null where the system does not tell. */
async function memoryOf(pid: number): Promise<{ nowMB: number | null; peakMB: number | null }> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const of = (name: string): number | null => {
    const [, kibibytes] = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status) ?? [];
    return kibibytes === undefined ? null : round2((Number(kibibytes) * 1024) / 1e6);
  };
  return { nowMB: of("VmRSS"), peakMB: of("VmHWM") };
}

/** In turn, so that whatever else the machine does concerns both alike. */
async function scroll({ page }: RunningConsole): Promise<{ ours: number[]; empty: number[] }> {
  const times: { ours: number[]; empty: number[] } = { ours: [], empty: [] };
  for (let round = 0; round < 3; round++) {
    times.ours.push(...(await scrollFrames(page, TREE, FRAMES)));
    await addEmptyList(page, TREE, EMPTY_LIST);
    times.empty.push(...(await scrollFrames(page, `#${EMPTY_LIST}`, FRAMES)));
    await removeEmptyList(page, EMPTY_LIST);
  }
  return times;
}

function report(
  logOnMs: number,
  memory: Awaited<ReturnType<typeof memoryOf>>,
  frames: Awaited<ReturnType<typeof scroll>>,
): void {
  const rows = (["ours", "empty"] as const).map((id) => [
    id === "ours" ? "area view" : "empty list",
    ...[50, 95, 100].map((percent) => percentile(frames[id], percent).toFixed(1)),
  ]);
  printTable([`${frames.ours.length} frames`, "p50 ms", "p95 ms", "worst ms"], rows);
  const figures = {
    ...{ cameras: CAMERAS, exports: EXPORTS, segmentsAnExport: SEGMENTS_AN_EXPORT },
    ...{ logOnToAreaViewMs: round2(logOnMs), mainMB: memory.nowMB, mainPeakMB: memory.peakMB },
    scrollP50Ms: round2(percentile(frames.ours, 50)),
    scrollP95Ms: round2(percentile(frames.ours, 95)),
    emptyP95Ms: round2(percentile(frames.empty, 95)),
    loadAverage: round2(loadavg()[0] ?? 0),
  };
  printTable(
    ["what", "value"],
    Object.entries(figures).map(([name, value]) => [name, String(value)]),
  );
  const met =
    figures.logOnToAreaViewMs <= WANTED.logOnToAreaViewMs &&
    (figures.mainPeakMB ?? 0) <= WANTED.mainMB &&
    figures.scrollP95Ms <= WANTED.scrollP95Ms;
  const ratios = { scrollP95ToEmpty: round2(figures.scrollP95Ms / figures.emptyP95Ms) };
  printResult({ bench: "site", figures, ratios, wanted: WANTED, met });
}

const site = await emptySite("site");
try {
  addCameras(site, CAMERAS);
  const camerasAnExport = 2;
  addExports(site, {
    ...{ exports: EXPORTS, camerasAnExport, segmentsACamera: SEGMENTS_AN_EXPORT / camerasAnExport },
    ...{ endUtcMs: Date.now() - 3_600_000, segmentMs: 4_000, state: "available" },
    cameraId: (index) => `camera-${index + 1}`,
  });
  const desk = await startConsole({ siteDir: site.root });
  try {
    const logOnMs = await logOn(desk);
    const frames = await scroll(desk);
    report(logOnMs, await memoryOf(desk.pid), frames);
  } finally {
    await desk.close();
  }
} finally {
  await rm(dirname(site.root), { recursive: true, force: true });
}
