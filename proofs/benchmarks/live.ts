/**
 * npm run bench -- live [SECONDS [B-FRAMES [sixteen]]]: how far live pictures are behind the camera, photographed:
 * sixteen cameras of 640×360 and 15 frames a second carry their numbers, which a canvas reads off 1, 4 and 16 tiles.
 * Frame by frame, as recorded (HLS), and on a bare page of as many video.js players, in one run; each for SECONDS, ten by
 * default. With `sixteen` sixteen tiles frame by frame alone, for a long look. A stall is a picture that stood for half a
 * second. Processors are measured on Linux.
 */
import { loadavg } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import type { Page } from "playwright-core";
import { screensOf, startConsole, type RunningConsole } from "#e2e/index.ts";
import { makeDemoSite, removeDemoSite } from "#e2e/fixture/test.ts";
import { seenPictures } from "#e2e/proof/burnt-in-number.ts";
import { type NumberedCamera, startNumberedCameras } from "#proofs/numbered-camera/numbered-camera.ts";
import { percentile, printResult, printTable, round2 } from "./report.ts";
import { type BarePage, openBarePage } from "./tiles/bare-page.ts";
import { browserCost } from "./tiles/browser-cost.ts";
import { ConsoleTiles, type TileCount } from "./tiles/console-tiles.ts";

const WANTED = { p95S: 1, stalls: 0, cpuToBareOf16: 1.2 };
const B_FRAMES = Number(process.argv[3] ?? 0);
/** Two seconds from one key frame to the next, as whole groups of a frame and its B-frames as may be. */
const GROUP = 30 - (29 % (B_FRAMES + 1));
const CAMERAS = { count: 16, rate: 15, group: GROUP, bFrames: B_FRAMES };
const IS_SIXTEEN_ALONE = process.argv[4] === "sixteen";
const COUNTS: readonly TileCount[] = IS_SIXTEEN_ALONE ? [16] : [1, 4, 16];
const SETTLE_MS = 8_000;
const MEASURE_MS = Number(process.argv[2] ?? 10) * 1000;
const LOOK_MS = 250;
const STALL_MS = 500;

type Way = "frames" | "hls" | "bare";

interface Measured {
  readonly p50S: number;
  readonly p95S: number;
  readonly maxS: number;
  readonly stalls: number;
  readonly cores: number;
}

/** Counts the times that a picture of a page's videos stood, from now on. */
const WATCH = `(() => {
  window.stalls = 0;
  const round = (window.watchRound = (window.watchRound ?? 0) + 1);
  for (const video of document.querySelectorAll("video")) {
    let last = performance.now();
    const next = (now) => {
      if (round !== window.watchRound) return;
      if (now - last > ${STALL_MS}) window.stalls += 1;
      last = now;
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
  }
})()`;

/** Every tile shows another camera, in this order. */
async function photograph(page: Page, cameras: readonly NumberedCamera[]): Promise<number[]> {
  const delays: number[] = [];
  const endMs = performance.now() + MEASURE_MS;
  while (performance.now() < endMs) {
    const seen = await seenPictures(page.locator("video"));
    for (const [tile, each] of seen.entries()) {
      const delayMs = each === null ? null : (cameras[tile]?.delayMs(each) ?? null);
      if (delayMs !== null) delays.push(delayMs / 1000);
    }
    await wait(LOOK_MS);
  }
  return delays;
}

async function measure(
  page: Page,
  cameras: readonly NumberedCamera[],
  cost: () => ReturnType<typeof browserCost>,
): Promise<Measured> {
  await wait(SETTLE_MS);
  await page.evaluate(WATCH);
  const [before, startedMs] = [await cost(), performance.now()];
  const delays = await photograph(page, cameras);
  const [after, endedMs] = [await cost(), performance.now()];
  return {
    p50S: round2(percentile(delays, 50)),
    p95S: round2(percentile(delays, 95)),
    maxS: round2(Math.max(...delays)),
    stalls: await page.evaluate<number>("window.stalls"),
    cores: round2((after.cpuSeconds - before.cpuSeconds) / ((endedMs - startedMs) / 1000)),
  };
}

/** Adds the cameras and fills the tiles. @returns what a bare page needs to show the same */
async function prepare(desk: RunningConsole, tiles: ConsoleTiles, cameras: readonly NumberedCamera[]) {
  const { logOn } = screensOf(desk.page);
  const names = cameras.map((_, place) => `Numbered ${String(place + 1).padStart(2, "0")}`);
  await logOn.logOn("administrator", "administrator");
  for (const [place, name] of names.entries()) {
    const input = { name, area: "Numbered", address: cameras[place]!.url };
    await desk.page.evaluate(async (camera) => {
      const { evidenceDesk } = window as unknown as {
        evidenceDesk: { request(name: string, input: unknown): Promise<unknown> };
      };
      await evidenceDesk.request("cameras.add", camera);
    }, input);
  }
  await desk.page.getByRole("button", { name: "Log off" }).click();
  return { names, ...(await tiles.fill(names)) };
}

/** The console as it is without frames: an archive of an older version. */
async function withoutFrames(
  desk: RunningConsole,
  tiles: ConsoleTiles,
  names: readonly string[],
): Promise<void> {
  await desk.page.getByRole("button", { name: "Log off" }).click();
  await desk.page.route("**/live", (route) => route.fulfill({ status: 404 }));
  await desk.page.reload();
  await tiles.fill(names);
}

async function measureAll(desk: RunningConsole, cameras: readonly NumberedCamera[]) {
  const found = new Map<string, Measured>();
  const tiles = new ConsoleTiles(desk);
  const { names, playlists, token } = await prepare(desk, tiles, cameras);
  const viewport = await desk.page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
  const bare: BarePage = await openBarePage(token, viewport);
  const keep = (way: Way, count: TileCount, measured: Measured): void => {
    found.set(`${way}${count}`, measured);
    process.stderr.write(`  ${way} ${count}: ${JSON.stringify(measured)}\n`);
  };
  const ofConsole = async (way: Way): Promise<void> => {
    for (const count of COUNTS) {
      await tiles.show(count);
      keep(way, count, await measure(desk.page, cameras, () => browserCost(desk.pid, null)));
    }
  };
  try {
    await ofConsole("frames");
    if (IS_SIXTEEN_ALONE) return found;
    await tiles.rest();
    for (const count of COUNTS) {
      await bare.show(playlists.slice(0, count), Math.sqrt(count));
      keep("bare", count, await measure(bare.page, cameras, () => browserCost(process.pid, desk.pid)));
    }
    await bare.show([], 1);
    await withoutFrames(desk, tiles, names);
    await ofConsole("hls");
  } finally {
    await bare.close();
  }
  return found;
}

function report(found: ReadonlyMap<string, Measured>): void {
  const rows = [...found].map(([name, { p50S, p95S, maxS, stalls, cores }]) => [
    name.replace(/(\d+)$/, " $1"),
    ...[p50S, p95S, maxS].map((seconds) => seconds.toFixed(2)),
    ...[String(stalls), (cores * 100).toFixed(0)],
  ]);
  printTable(["what", "p50 s", "p95 s", "worst s", "stalls", "% of a core"], rows);
  const of16 = found.get("frames16")!;
  const bare = found.get("bare16");
  const ratios: { readonly cpuToBareOf16?: number } =
    bare === undefined ? {} : { cpuToBareOf16: round2(of16.cores / bare.cores) };
  const figures = Object.fromEntries(
    [...found].flatMap(([name, measured]) =>
      Object.entries(measured).map(([figure, value]): [string, number] => [
        `${name}${figure[0]!.toUpperCase()}${figure.slice(1)}`,
        value,
      ]),
    ),
  );
  const met =
    of16.p95S <= WANTED.p95S &&
    of16.stalls <= WANTED.stalls &&
    (ratios.cpuToBareOf16 ?? 0) <= WANTED.cpuToBareOf16;
  printResult({
    bench: "live",
    figures: {
      ...figures,
      bFrames: B_FRAMES,
      seconds: MEASURE_MS / 1000,
      loadAverage: round2(loadavg()[0] ?? 0),
    },
    ratios,
    wanted: WANTED,
    met,
  });
}

const cameras = await startNumberedCameras(CAMERAS);
const siteDir = await makeDemoSite();
try {
  const desk = await startConsole({ siteDir });
  try {
    report(await measureAll(desk, cameras));
  } finally {
    await desk.close();
  }
} finally {
  await removeDemoSite(siteDir);
  for (const camera of cameras) await camera.close();
}
