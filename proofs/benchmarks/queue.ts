/**
 * npm run bench -- queue [KEYS]: 200 exports with 10,000 segments are queued and on their way while somebody types: how
 * long from a key to the frame that shows it, beside the same console without exports, before and after; what the page
 * works for a key, and who takes the cores meanwhile.
 */
import { rm } from "node:fs/promises";
import { availableParallelism, loadavg } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { screensOf, startConsole, type RunningConsole } from "#e2e/index.ts";
import { coresBetween, PROGRAMS, programSeconds, type ProgramSeconds } from "./console/cores.ts";
import { beginLatencies, takeLatencies } from "./console/input-latency.ts";
import { addExports, emptySite } from "./console/large-site.ts";
import { type PageWork, workOf, workPer } from "./console/page-work.ts";
import { makeFootage, SHORT_CAMERAS, SHORT_MINUTES } from "./pipeline/footage.ts";
import { median, percentile, printResult, printTable, round2 } from "./report.ts";

const WANTED = { inputP95Ms: 50, inputP95ToIdle: 1.5 };
const EXPORTS = 200;
const SEGMENTS_AN_EXPORT = 50;
const SEGMENT_MS = 4_000;
const KEYS = Number(process.argv[2] ?? 200);

interface Measured {
  readonly latenciesMs: number[];
  /** Events with statuses that the page was sent meanwhile. */
  readonly statusEvents: number;
  readonly segmentsDone: number;
  readonly work: PageWork;
  readonly cores: ProgramSeconds;
}

/** A site with little footage of 16 cameras and, where wanted, exports of it that nobody has sent yet. */
async function siteWith(exports: number) {
  const site = await emptySite("queue");
  const endUtcMs = await makeFootage(site.archive, { hours: 0 });
  const spanMs = SEGMENTS_AN_EXPORT * SEGMENT_MS;
  if (spanMs > SHORT_MINUTES * 60_000) throw new Error("There is less footage than an export asks for.");
  addExports(site, {
    ...{ exports, camerasAnExport: 1, segmentsACamera: SEGMENTS_AN_EXPORT, segmentMs: SEGMENT_MS, endUtcMs },
    cameraId: () => SHORT_CAMERAS[0] ?? "",
    state: "queued",
  });
  return site;
}

async function measure(desk: RunningConsole, isBusy: boolean): Promise<Measured> {
  const { page } = desk;
  const { logOn, tray, areaView } = screensOf(page);
  await logOn.logOn("operator", "operator");
  await areaView.region.getByRole("treeitem").first().waitFor();
  await tray.pinToSidebar();
  if (isBusy) await underWay(page);
  const search = areaView.region.getByRole("searchbox");
  await search.focus();
  const session = await page.context().newCDPSession(page);
  const doneBefore = isBusy ? await verifiedSegments(page) : 0;
  await beginLatencies(page);
  const before = await programSeconds(desk.pid);
  const startedMs = performance.now();
  const { work } = await workOf(session, () => type(page));
  const seconds = (performance.now() - startedMs) / 1000;
  const cores = coresBetween(before, await programSeconds(desk.pid), seconds);
  const { latenciesMs, statusEvents } = await takeLatencies(page);
  const segmentsDone = isBusy ? (await verifiedSegments(page)) - doneBefore : 0;
  return { latenciesMs, statusEvents, segmentsDone, work, cores };
}

/** Into what has the focus: looking for a field anew at each key would be work of the page, too. */
async function type(page: Page): Promise<void> {
  for (let key = 0; key < KEYS; key++) await page.keyboard.press(key % 8 === 7 ? "Control+Backspace" : "c");
}

/** Until segments have come to the service: the oldest export is sent first, far below those in sight. */
async function underWay(page: RunningConsole["page"]): Promise<void> {
  for (let look = 0; look < 120; look++) {
    if ((await verifiedSegments(page)) > 0) return;
    await sleep(500);
  }
  throw new Error("Nothing was sent within a minute.");
}

async function verifiedSegments(page: RunningConsole["page"]): Promise<number> {
  return await page.evaluate<number>(`window.evidenceDesk.request("exports.list").then(({ value }) =>
    value.exports.flatMap(({ cameraExports }) => cameraExports).reduce((sum, { verifiedCount }) => sum + verifiedCount, 0))`);
}

async function run(exports: number): Promise<Measured> {
  const site = await siteWith(exports);
  try {
    const desk = await startConsole({ siteDir: site.root });
    try {
      return await measure(desk, exports > 0);
    } finally {
      await desk.close();
    }
  } finally {
    await rm(dirname(site.root), { recursive: true, force: true });
  }
}

function rowOf(name: string, { latenciesMs, statusEvents, work }: Measured): string[] {
  const wall = [50, 95, 100].map((percent) => percentile(latenciesMs, percent).toFixed(1));
  const perKey = workPer([work], KEYS);
  return [name, ...wall, perKey.taskMs.toFixed(1), perKey.scriptMs.toFixed(1), String(statusEvents)];
}

const idleBefore = await run(0);
const queued = await run(EXPORTS);
const idleAfter = await run(0);
const idleMs = [...idleBefore.latenciesMs, ...idleAfter.latenciesMs];
printTable(
  [`${KEYS} keys`, "p50 ms", "p95 ms", "worst ms", "page ms a key", "script", "status events"],
  [
    rowOf("no exports, before", idleBefore),
    rowOf(`${EXPORTS} exports queued`, queued),
    rowOf("no exports, after", idleAfter),
  ],
);
printTable(
  ["cores meanwhile", "no exports", "queued"],
  PROGRAMS.map((name) => [name, idleBefore.cores[name].toFixed(2), queued.cores[name].toFixed(2)]),
);
const p95 = percentile(queued.latenciesMs, 95);
const idleP95 = percentile(idleMs, 95);
const pageMs = (measured: Measured): number => workPer([measured.work], KEYS).taskMs;
const idlePageMs = (pageMs(idleBefore) + pageMs(idleAfter)) / 2;
const allCores = PROGRAMS.reduce((sum, name) => sum + queued.cores[name], 0);
const ratios = {
  inputP95ToIdle: round2(p95 / idleP95),
  pageWorkToIdle: round2(pageMs(queued) / idlePageMs),
};
printResult({
  bench: "queue",
  figures: {
    ...{ exports: EXPORTS, segments: EXPORTS * SEGMENTS_AN_EXPORT, keys: KEYS },
    ...{ inputP50Ms: round2(median(queued.latenciesMs)), inputP95Ms: round2(p95) },
    ...{ idleP50Ms: round2(median(idleMs)), idleP95Ms: round2(idleP95) },
    ...{ pageMsAKey: round2(pageMs(queued)), idlePageMsAKey: round2(idlePageMs) },
    ...{ statusEvents: queued.statusEvents, segmentsVerifiedMeanwhile: queued.segmentsDone },
    ...{ coresUsed: round2(allCores), coresThere: availableParallelism() },
    loadAverage: round2(loadavg()[0] ?? 0),
  },
  ratios,
  wanted: WANTED,
  met:
    ratios.inputP95ToIdle <= WANTED.inputP95ToIdle &&
    (p95 <= WANTED.inputP95Ms || idleP95 > WANTED.inputP95Ms / WANTED.inputP95ToIdle) &&
    queued.statusEvents > 0,
});
