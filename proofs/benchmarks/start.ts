/**
 * npm run bench -- start [ROUNDS]: how long from starting the console to a window that can be used (something is typed
 * into the log-on dialog), and to the first live picture of an operator who logs on at once and finds the four cameras of
 * yesterday in their tiles; in Electron and in the Chromium shell, in turn. What the page itself says of its first paint,
 * and what the driver of the test takes to attach, stand beside it: the times wanted hold with all of it.
 */
import { loadavg } from "node:os";
import { type RunningConsole, screensOf, startConsole } from "#e2e/index.ts";
import { makeDemoSite, removeDemoSite } from "#e2e/fixture/test.ts";
import { DEMO_CAMERAS } from "#dev/demo-site/footage/demo-cameras.ts";
import { figuresOf, inRuntime, type RuntimeName, runtimesHere } from "./both-runtimes.ts";
import { median, printResult, printTable, round2 } from "./report.ts";

const WANTED = { windowMs: 2_000, firstPictureMs: 4_000 };
const ROUNDS = Number(process.argv[2] ?? 5);
const TILES = 4;

/** Milliseconds from the start, each. */
interface Start {
  /** Playwright has the page. */
  readonly attachedMs: number;
  /** As the page says. */
  readonly firstPaintMs: number;
  readonly windowMs: number;
  readonly firstPictureMs: number;
}

/** Resolves with the instant (epoch, ms) at which a tile has shown a picture. */
const FIRST_PICTURE = `new Promise((resolve) => {
  const seen = new WeakSet();
  const look = () => {
    for (const video of document.querySelectorAll("[data-tile] video")) {
      if (seen.has(video)) continue;
      seen.add(video);
      video.requestVideoFrameCallback(() => resolve(Date.now()));
    }
    requestAnimationFrame(look);
  };
  look();
})`;

const FIRST_PAINT = `performance.timeOrigin +
  (performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN)`;

/** Cameras come to stand in the tiles, and stay there for the starts that are measured. */
async function furnish(siteDir: string): Promise<void> {
  const desk = await startConsole({ siteDir });
  const { logOn, canvas, areaView } = screensOf(desk.page);
  await logOn.logOn("operator", "operator");
  await canvas.choosePattern("2×2");
  for (const [index, { name }] of DEMO_CAMERAS.slice(0, TILES).entries()) {
    await canvas.tile(index + 1).select();
    await areaView.open(name);
    await canvas.tile(index + 1).isPlaying();
  }
  await desk.close();
}

async function timeOneStart(siteDir: string): Promise<Start> {
  const startedUtcMs = Date.now();
  const desk = await startConsole({ siteDir });
  try {
    return await timed(desk, startedUtcMs);
  } finally {
    await desk.close();
  }
}

async function timed({ page }: RunningConsole, startedUtcMs: number): Promise<Start> {
  const since = (utcMs: number) => utcMs - startedUtcMs;
  const attachedMs = since(Date.now());
  const { logOn } = screensOf(page);
  const user = logOn.dialog.getByLabel("User name", { exact: true });
  await user.fill("operator");
  const typedMs = since(Date.now());
  const picture = page.evaluate<number>(FIRST_PICTURE);
  await logOn.enter("operator", "operator");
  const firstPictureMs = since(await picture);
  const firstPaintMs = since(await page.evaluate<number>(FIRST_PAINT));
  // What nobody sees is not usable yet.
  return { attachedMs, firstPaintMs, windowMs: Math.max(typedMs, firstPaintMs), firstPictureMs };
}

/** In turn, so that whatever else the machine does concerns both alike. */
async function measure(
  siteDir: string,
  runtimes: readonly RuntimeName[],
): Promise<Map<RuntimeName, Start[]>> {
  const found = new Map<RuntimeName, Start[]>(runtimes.map((runtime) => [runtime, []]));
  // The first start of each reads programs from the disk that nobody has read yet, and fills caches of scripts.
  for (const runtime of runtimes) await inRuntime(runtime, () => timeOneStart(siteDir));
  for (let round = 0; round < ROUNDS; round++) {
    for (const runtime of runtimes) {
      const start = await inRuntime(runtime, () => timeOneStart(siteDir));
      found.get(runtime)?.push(start);
      process.stderr.write(`  ${runtime} ${JSON.stringify(start)}\n`);
    }
  }
  return found;
}

const inTheMiddle = (starts: readonly Start[]): Start => {
  const of = (key: keyof Start) => Math.round(median(starts.map((start) => start[key])));
  return {
    attachedMs: of("attachedMs"),
    firstPaintMs: of("firstPaintMs"),
    windowMs: of("windowMs"),
    firstPictureMs: of("firstPictureMs"),
  };
};

function report(found: ReadonlyMap<RuntimeName, readonly Start[]>): void {
  const medians = [...found].map(([runtime, starts]) => [runtime, inTheMiddle(starts)] as const);
  printTable(
    [`median of ${ROUNDS} starts, ms`, "attached", "first paint", "usable window", "first picture"],
    [
      ...medians.map(([runtime, start]) => [runtime, ...Object.values(start).map(String)]),
      ["wanted at most", "", "", String(WANTED.windowMs), String(WANTED.firstPictureMs)],
    ],
  );
  const figures = Object.assign(
    {},
    ...medians.map(([runtime, start]) => figuresOf(runtime, { ...start })),
  ) as Record<string, number>;
  const met = medians.every(
    ([, { windowMs, firstPictureMs }]) =>
      windowMs <= WANTED.windowMs && firstPictureMs <= WANTED.firstPictureMs,
  );
  const loadAverage = round2(loadavg()[0] ?? 0);
  printResult({ bench: "start", figures: { ...figures, loadAverage }, ratios: {}, wanted: WANTED, met });
}

const siteDir = await makeDemoSite();
try {
  await furnish(siteDir);
  report(await measure(siteDir, runtimesHere()));
} finally {
  await removeDemoSite(siteDir);
}
