/**
 * npm run bench -- seek [SEEKS]: a tile's player on a day's playlist of the archive seeks at random; in turn with it
 * the same player on the same files from a plain server.
 */
import { rm } from "node:fs/promises";
import { loadavg } from "node:os";
import { chromium, type Page } from "playwright-core";
import { TOKEN_VARIABLE } from "#archive/command-line.ts";
import { BUILT, SERVICE_OPTIONS } from "./built-programs.ts";
import { startProcess } from "./pipeline/measured-process.ts";
import { median, percentile, printResult, printTable, round2 } from "./report.ts";
import { LONG_CAMERA, seekFootage } from "./seek/seek-footage.ts";
import { MAKE_PLAYER, SEEK } from "./seek/seek-page.ts";
import { staticServer, type StaticServer } from "./seek/static-server.ts";

const WANTED = { p50Ms: 300, p95Ms: 300 };
const DAY_MS = 86_400_000;
const TOKEN = "token-of-the-bench";
const CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];

type Player = "ours" | "bare";

/** A page with both players showing a picture; the bare one's playlist is the archive's. */
async function openPlayers(page: Page, archiveUrl: string, files: StaticServer, endUtcMs: number) {
  const address = `${archiveUrl}/cameras/${LONG_CAMERA}/playlist.m3u8?from=${endUtcMs - DAY_MS}&to=${endUtcMs}`;
  const answer = await fetch(address, { headers: { authorization: `Bearer ${TOKEN}` } });
  if (!answer.ok) throw new Error(`The playlist was refused: ${answer.status}.`);
  files.playlist = await answer.text();
  await page.goto(files.origin);
  const make = (id: Player, source: string, token: string | null): Promise<number> =>
    page.evaluate<number>(
      `(${MAKE_PLAYER})(${JSON.stringify({ id, address: source, token, isPrompt: id === "ours" })})`,
    );
  await make("bare", `${files.origin}/static/playlist.m3u8`, null);
  return make("ours", address, TOKEN);
}

async function measure(page: Page, seeks: number, lastsSeconds: number): Promise<Record<Player, number[]>> {
  const times: Record<Player, number[]> = { ours: [], bare: [] };
  const seek = (id: Player, seconds: number): Promise<number> =>
    page.evaluate<number>(`(${SEEK})(${JSON.stringify({ id, seconds })})`);
  // The same places in every run: multiples of the golden ratio are spread evenly and never near each other.
  for (let index = 1; index <= seeks; index++) {
    const seconds = ((index * 0.618_033_988_75) % 1) * (lastsSeconds - 30);
    const order: Player[] = index % 2 === 0 ? ["ours", "bare"] : ["bare", "ours"];
    for (const id of order) times[id].push(await seek(id, seconds));
  }
  return times;
}

function report(times: Record<Player, number[]>, lastsSeconds: number): void {
  const rows = (["ours", "bare"] as const).map((id) => [
    id === "ours" ? "archive" : "bare player, static files",
    ...[50, 95, 100].map((percent) => percentile(times[id], percent).toFixed(0)),
  ]);
  printTable([`${times.ours.length} seeks`, "p50 ms", "p95 ms", "worst ms"], rows);
  const figures = {
    ...{ seeks: times.ours.length, playlistHours: round2(lastsSeconds / 3600) },
    ...{ p50Ms: round2(median(times.ours)), p95Ms: round2(percentile(times.ours, 95)) },
    ...{ bareP50Ms: round2(median(times.bare)), bareP95Ms: round2(percentile(times.bare, 95)) },
    loadAverage: round2(loadavg()[0] ?? 0),
  };
  const ratios = {
    p50ToBare: round2(figures.p50Ms / figures.bareP50Ms),
    p95ToBare: round2(figures.p95Ms / figures.bareP95Ms),
  };
  const met = figures.p50Ms <= WANTED.p50Ms && figures.p95Ms <= WANTED.p95Ms;
  printResult({ bench: "seek", figures, ratios, wanted: WANTED, met });
}

const { dir, endUtcMs } = await seekFootage();
const files = await staticServer(dir, LONG_CAMERA);
const words = ["--dir", dir, "--port", "0", "--allow-origin", files.origin];
const archive = await startProcess("archive", BUILT.archive, words, {
  ...SERVICE_OPTIONS,
  env: { ...SERVICE_OPTIONS.env, [TOKEN_VARIABLE]: TOKEN },
});
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
  args: CHROMIUM,
});
try {
  const page = await browser.newPage();
  const lastsSeconds = await openPlayers(page, archive.ready["listening"] ?? "", files, endUtcMs);
  report(await measure(page, Number(process.argv[2] ?? 100), lastsSeconds), lastsSeconds);
} finally {
  await browser.close();
  await archive.stop();
  await files.close();
  await rm(dir, { recursive: true, force: true });
}
