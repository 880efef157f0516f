/**
 * npm run bench -- tiles [hour|short|drag|churn]: live tiles of the console against a bare page with as many video.js players of
 * the same playlists, in turn: processor, memory, age of the pictures, frame times while dragging; whether the heap of
 * sixteen tiles stays where it is, for two minutes or for an hour; and how soon a seek shows its picture. In Electron,
 * where the bare page is a window of the same Electron, and in the Chromium shell. `short` takes sixteen tiles alone and
 * no heaps. `drag` drags alone. `churn` compares nothing: it changes cameras, patterns, live and playback for some
 * minutes and counts what the page still holds of it. Processes are measured on Linux; of Electron, main is counted with
 * all that the console does there, and the services are not.
 */
import { loadavg } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import type { Page } from "playwright-core";
import { startConsole, type RunningConsole } from "#e2e/index.ts";
import { makeDemoSite, removeDemoSite } from "#e2e/fixture/test.ts";
import { ageMs, seenPictures } from "#e2e/proof/burnt-in-number.ts";
import { DEMO_CAMERAS } from "#dev/demo-site/footage/demo-cameras.ts";
import { figuresOf, inRuntime, type RuntimeName, runtimesHere } from "./both-runtimes.ts";
import { median, percentile, printResult, printTable, round2 } from "./report.ts";
import { type PageWork, workOf, workPer } from "./console/page-work.ts";
import { type BarePage, openBarePage } from "./tiles/bare-page.ts";
import { browserCost, costOfElectron } from "./tiles/browser-cost.ts";
import { heldAfterChurn } from "./tiles/churn.ts";
import { consoleSeeks } from "./tiles/console-seeks.ts";
import { ConsoleTiles, type TileCount } from "./tiles/console-tiles.ts";
import { dragFrames } from "./tiles/drag-frames.ts";
import { countHeap, grownSince, type Heap, heapOf } from "./tiles/heap.ts";

const WANTED = {
  ...{ cpuToBareOf16: 1.1, memoryToBareOf16: 1.1, dragP95ToBare: 1.1, heapGrowthMB: 1.5 },
  ...{ seekP50Ms: 300, seekP95Ms: 700, partsLeftBehind: 0 },
};
const CAMERAS = DEMO_CAMERAS.map(({ name }) => name);
/** Players have come near to the present by then. */
const SETTLE_MS = 12_000;
const MEASURE_MS = 12_000;
const DRAG_MOVES = 240;
/** Where the mouse is moved over the bare page: as far as over the timeline of one of sixteen tiles. */
const BARE_BOX = { x: 260, y: 200, width: 330, height: 30 };
const MODE = process.argv[2] ?? "all";
const COUNTS: readonly TileCount[] = MODE === "short" ? [16] : [1, 4, 9, 16];
const IS_HOUR = MODE === "hour";
/** In an hour everything that is kept for some minutes, as answers of the archive are, has come and gone. */
const HEAP = IS_HOUR
  ? { beforeMs: 360_000, everyMs: 60_000, times: 60 }
  : { beforeMs: 20_000, everyMs: 15_000, times: 8 };

type Side = "ours" | "bare";

interface Measured {
  readonly cores: number;
  readonly memoryMB: number;
  readonly ageS: number;
}

interface Dragged {
  /** Milliseconds from each frame to the next. */
  readonly frames: number[];
  readonly works: PageWork[];
}

/** Median age of the pictures that a page's videos show, seconds. */
async function ageOfPictures(page: Page): Promise<number> {
  const ages: number[] = [];
  for (let look = 0; look < 5; look++) {
    for (const seen of await seenPictures(page.locator("video"))) if (seen !== null) ages.push(ageMs(seen));
    await wait(200);
  }
  return median(ages) / 1000;
}

class Comparison {
  readonly #desk: RunningConsole;
  readonly #tiles: ConsoleTiles;
  readonly #bare: BarePage;
  readonly #playlists: readonly string[];

  constructor(desk: RunningConsole, tiles: ConsoleTiles, bare: BarePage, playlists: readonly string[]) {
    this.#desk = desk;
    this.#tiles = tiles;
    this.#bare = bare;
    this.#playlists = playlists;
  }

  /** Only one of the two plays at a time. */
  async show(side: Side, count: TileCount): Promise<Page> {
    if (side === "bare") {
      await this.#tiles.rest();
      await this.#bare.show(this.#playlists.slice(0, count), Math.sqrt(count));
    } else {
      await this.#bare.show([], 1);
      await this.#tiles.resume(CAMERAS[0] ?? "");
      await this.#tiles.show(count);
    }
    await wait(SETTLE_MS);
    return side === "bare" ? this.#bare.page : this.#tiles.page;
  }

  async cost(side: Side) {
    if (this.#bare.pid !== null)
      return await costOfElectron(side === "ours" ? this.#desk.pid : this.#bare.pid);
    return side === "ours"
      ? await browserCost(this.#desk.pid, null)
      : await browserCost(process.pid, this.#desk.pid);
  }

  async measure(side: Side, count: TileCount): Promise<Measured> {
    const page = await this.show(side, count);
    const before = await this.cost(side);
    const startedMs = performance.now();
    await wait(MEASURE_MS);
    const after = await this.cost(side);
    const seconds = (performance.now() - startedMs) / 1000;
    const cores = (after.cpuSeconds - before.cpuSeconds) / seconds;
    return { cores, memoryMB: after.memoryMB, ageS: await ageOfPictures(page) };
  }

  /** In turn, so that whatever else the machine does concerns both alike. Over the bare page nothing is drawn. */
  async drag(): Promise<Record<Side, Dragged>> {
    const found: Record<Side, Dragged> = { ours: { frames: [], works: [] }, bare: { frames: [], works: [] } };
    for (const side of ["bare", "ours", "ours", "bare"] as const) {
      const page = await this.show(side, 16);
      const box = side === "ours" ? await this.#tiles.timelineBox() : BARE_BOX;
      const session = await page.context().newCDPSession(page);
      const { value, work } = await workOf(session, () => dragFrames(page, box, DRAG_MOVES));
      await session.detach();
      found[side].frames.push(...value);
      found[side].works.push(work);
    }
    return found;
  }
}

/** Heaps after collection while sixteen tiles play. */
async function heapsOver(page: Page): Promise<{ heaps: Heap[]; grown: string[] }> {
  const session = await page.context().newCDPSession(page);
  await wait(HEAP.beforeMs);
  const countedBefore = await countHeap(session);
  const heaps: Heap[] = [await heapOf(session)];
  for (let time = 0; time < HEAP.times; time++) {
    await wait(HEAP.everyMs);
    const heap = await heapOf(session);
    heaps.push(heap);
    process.stderr.write(`  heap ${round2(heap.usedBytes / 1e6)} MB, ${heap.nodes} nodes\n`);
  }
  const grown = grownSince(countedBefore, await countHeap(session)).slice(0, 10);
  return { heaps, grown: grown.map(([key, { count, bytes }]) => `${key}: ${count} more, ${bytes} bytes`) };
}

/** The mean of the last third less that of the first: a single heap is larger or smaller by chance. */
function growthMB(heaps: readonly Heap[]): number {
  const third = Math.max(1, Math.floor(heaps.length / 3));
  const mean = (part: readonly Heap[]): number =>
    part.reduce((sum, { usedBytes }) => sum + usedBytes, 0) / part.length / 1e6;
  return mean(heaps.slice(-third)) - mean(heaps.slice(0, third));
}

async function compare(comparison: Comparison) {
  const rows: Record<Side, Map<TileCount, Measured>> = { ours: new Map(), bare: new Map() };
  for (const [index, count] of COUNTS.entries()) {
    const order: readonly Side[] = index % 2 === 0 ? ["ours", "bare"] : ["bare", "ours"];
    for (const side of order) rows[side].set(count, await comparison.measure(side, count));
  }
  return rows;
}

function printComparison(rows: Awaited<ReturnType<typeof compare>>): void {
  const cells = COUNTS.flatMap((count) =>
    (["ours", "bare"] as const).map((side) => {
      const { cores, memoryMB, ageS } = rows[side].get(count)!;
      const name = `${count} ${side === "ours" ? (count === 1 ? "tile" : "tiles") : "bare"}`;
      return [name, (cores * 100).toFixed(0), memoryMB.toFixed(0), ageS.toFixed(1)];
    }),
  );
  printTable(["what", "% of a core", "memory MB", "age s"], cells);
}

function reportDrags(drags: Record<Side, Dragged>): Found {
  const workOfFrame = ({ works, frames }: Dragged): PageWork => workPer(works, frames.length);
  printTable(
    ["frames while dragging over 16", "p50 ms", "p95 ms", "worst ms", "page ms a frame", "script"],
    (["ours", "bare"] as const).map((side) => {
      const wall = [50, 95, 100].map((percent) => percentile(drags[side].frames, percent).toFixed(1));
      const { taskMs, scriptMs } = workOfFrame(drags[side]);
      return [side, ...wall, taskMs.toFixed(2), scriptMs.toFixed(2)];
    }),
  );
  const p95 = (side: Side): number => round2(percentile(drags[side].frames, 95));
  return {
    figures: {
      ...{ dragP95Ms: p95("ours"), bareDragP95Ms: p95("bare") },
      dragPageMsAFrame: round2(workOfFrame(drags.ours).taskMs),
      bareDragPageMsAFrame: round2(workOfFrame(drags.bare).taskMs),
    },
    ratios: { dragP95ToBare: round2(p95("ours") / p95("bare")) },
  };
}

/** Of one runtime. */
interface Found {
  readonly figures: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, number>>;
}

function reportTiles(rows: Awaited<ReturnType<typeof compare>>): Found {
  printComparison(rows);
  const of = (side: Side, count: TileCount): Measured => rows[side].get(count)!;
  const byCount = COUNTS.flatMap((count) =>
    (["ours", "bare"] as const).flatMap((side): [string, number][] => [
      [`${side}${count}Cores`, round2(of(side, count).cores)],
      [`${side}${count}MB`, round2(of(side, count).memoryMB)],
      [`${side}${count}AgeS`, round2(of(side, count).ageS)],
    ]),
  );
  return {
    figures: Object.fromEntries(byCount),
    ratios: {
      cpuToBareOf16: round2(of("ours", 16).cores / of("bare", 16).cores),
      memoryToBareOf16: round2(of("ours", 16).memoryMB / of("bare", 16).memoryMB),
    },
  };
}

function reportHeaps({ heaps, grown }: Awaited<ReturnType<typeof heapsOver>>): Found {
  console.log(["most grown between the first and the last heap:", ...grown].join("\n  "));
  const figures = {
    heapFirstMB: round2((heaps[0]?.usedBytes ?? 0) / 1e6),
    heapLastMB: round2((heaps.at(-1)?.usedBytes ?? 0) / 1e6),
    heapGrowthMB: round2(growthMB(heaps)),
    heapMinutes: round2((HEAP.everyMs * HEAP.times) / 60_000),
  };
  return { figures, ratios: {} };
}

function reportSeeks(tookMs: readonly number[]): Found {
  const at = (percent: number) => percentile(tookMs, percent);
  const cells = [50, 95, 100].map((percent) => at(percent).toFixed(0));
  printTable(["seeks of a paused tile", "p50 ms", "p95 ms", "worst ms"], [[String(tookMs.length), ...cells]]);
  return { figures: { seekP50Ms: round2(at(50)), seekP95Ms: round2(at(95)) }, ratios: {} };
}

async function reportChurn(tiles: ConsoleTiles): Promise<Found> {
  const { before, after } = await heldAfterChurn(tiles, CAMERAS, (round, held) =>
    process.stderr.write(`  round ${round}: ${JSON.stringify(held)}\n`),
  );
  printTable(
    ["held by the page", "before", "after"],
    Object.entries(before).map(([name, count]) => [
      name,
      String(count),
      String(after[name as keyof typeof after]),
    ]),
  );
  const partsLeftBehind = after.MediaSource - before.MediaSource + after.Worker - before.Worker;
  return {
    figures: { ...after, partsLeftBehind },
    ratios: { nodesToBefore: round2(after.nodes / before.nodes) },
  };
}

async function measureAll(desk: RunningConsole): Promise<Found[]> {
  const tiles = new ConsoleTiles(desk);
  const { playlists, token } = await tiles.fill(CAMERAS);
  if (MODE === "churn") return [await reportChurn(tiles)];
  const viewport = await desk.page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
  const bare = await openBarePage(token, viewport);
  try {
    const comparison = new Comparison(desk, tiles, bare, playlists);
    if (MODE === "drag") return [reportDrags(await comparison.drag())];
    const found = [reportTiles(await compare(comparison)), reportDrags(await comparison.drag())];
    await comparison.show("ours", 16);
    if (MODE !== "short") found.push(reportHeaps(await heapsOver(desk.page)));
    found.push(reportSeeks(await consoleSeeks(desk, CAMERAS[0] ?? "")));
    return found;
  } finally {
    await bare.close();
  }
}

/** @returns everything that was found in one runtime, under names of its own */
async function measureIn(runtime: RuntimeName, siteDir: string): Promise<Found & { met: boolean }> {
  console.log(`${runtime}:`);
  const desk = await startConsole({ siteDir });
  try {
    const found = await measureAll(desk);
    const figures = Object.assign({}, ...found.map((one) => one.figures)) as Found["figures"];
    const ratios = Object.assign({}, ...found.map((one) => one.ratios)) as Found["ratios"];
    const measured: Found["figures"] = { ...figures, ...ratios };
    const met = Object.entries(WANTED).every(([name, wanted]) => (measured[name] ?? 0) <= wanted);
    return { figures: figuresOf(runtime, figures), ratios: figuresOf(runtime, ratios), met };
  } finally {
    await desk.close();
  }
}

const siteDir = await makeDemoSite();
try {
  const all = [];
  for (const runtime of runtimesHere()) all.push(await inRuntime(runtime, () => measureIn(runtime, siteDir)));
  const figures = Object.assign({}, ...all.map((one) => one.figures)) as Found["figures"];
  const ratios = Object.assign({}, ...all.map((one) => one.ratios)) as Found["ratios"];
  printTable(
    ["wanted at most", "figure"],
    Object.entries(WANTED).map(([name, wanted]) => [name, String(wanted)]),
  );
  printResult({
    bench: ["tiles", ...process.argv.slice(2)].join(" "),
    figures: { ...figures, loadAverage: round2(loadavg()[0] ?? 0) },
    ratios,
    wanted: WANTED,
    met: all.every(({ met }) => met),
  });
} finally {
  await removeDemoSite(siteDir);
}
