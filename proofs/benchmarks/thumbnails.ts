/**
 * npm run bench -- thumbnails [PICTURES]: still pictures a second that nobody asked for before, asked for all at once;
 * in turn with them one ffmpeg each on the whole fragment, as many at a time.
 */
import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pLimit from "p-limit";
import { initFile, footageFilePath, sessionFolder } from "#archive/ground/archive-folder.ts";
import { footageIndex, type FootageIndex } from "#archive/index/footage-index.ts";
import { openIndex } from "#archive/index/open-index.ts";
import { thumbnails } from "#archive/playback/thumbnails.ts";
import { locateFfmpeg } from "#archive/recorder/ffmpeg-location.ts";
import { printResult, printTable, round2 } from "./report.ts";
import { LONG_CAMERA, seekFootage } from "./seek/seek-footage.ts";

const WANTED = { picturesPerSecond: 10 };
const DAY_MS = 86_400_000;
const ROUNDS = 3;

/** As many as the archive starts. */
const DECODERS = 2;

interface Asked {
  readonly dir: string;
  readonly index: FootageIndex;
  readonly instants: readonly number[];
}

/** The same places in every run: multiples of the golden ratio are spread evenly and never near each other. */
function spreadInstants(endUtcMs: number, count: number): number[] {
  return Array.from({ length: count }, (_unused, place) =>
    Math.floor(endUtcMs - DAY_MS + ((place * 0.618_033_988_75) % 1) * DAY_MS),
  );
}

async function perSecond(count: number, work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return (count * 1000) / (performance.now() - before);
}

function ours({ dir, index, instants }: Asked): Promise<number> {
  const pictures = thumbnails(dir, index);
  return perSecond(instants.length, () => Promise.all(instants.map((at) => pictures.at(LONG_CAMERA, at))));
}

/** The first picture of the same fragments, each joined with its header as any player would read it. */
async function ffmpegAlone({ dir, index, instants }: Asked): Promise<number> {
  const file = join(dir, "fragment");
  const parts = instants.map((at) => {
    const row = index.footageFiles({ cameraId: LONG_CAMERA, range: { startUtcMs: at, endUtcMs: at + 1 } })[0];
    if (row === undefined) throw new Error("The footage has a hole.");
    return [
      initFile(dir, LONG_CAMERA, row.sessionName),
      footageFilePath(sessionFolder(dir, LONG_CAMERA, row.sessionName), row.number),
    ];
  });
  for (const [place, paths] of parts.entries()) {
    await writeFile(
      `${file}-${place}.mp4`,
      Buffer.concat(await Promise.all(paths.map((path) => readFile(path)))),
    );
  }
  const limit = pLimit(DECODERS);
  const decode = (place: number): Promise<unknown> => limit(() => decodeFirst(`${file}-${place}.mp4`));
  return perSecond(instants.length, () => Promise.all(instants.map((_at, place) => decode(place))));
}

function decodeFirst(file: string): Promise<unknown> {
  const words = ["-v", "error", "-nostdin", "-y", "-threads", "1", "-skip_frame", "nokey", "-i", file];
  const still = ["-vf", "scale=320:-2", "-frames:v", "1", `${file}.jpg`];
  return promisify(execFile)(locateFfmpeg() ?? "ffmpeg", [...words, ...still]);
}

function report(count: number, own: readonly number[], reference: readonly number[]): void {
  const best = (speeds: readonly number[]): number => round2(Math.max(...speeds));
  const least = (speeds: readonly number[]): number => round2(Math.min(...speeds));
  const cells = (name: string, speeds: readonly number[]): string[] => [
    name,
    ...speeds.map((speed) => speed.toFixed(1)),
  ];
  const rounds = own.map((_speed, round) => `round ${round + 1}`);
  printTable(
    [`${count} pictures, per second`, ...rounds],
    [cells("archive", own), cells("ffmpeg alone, whole fragment", reference)],
  );
  const figures = {
    ...{ pictures: count, picturesPerSecond: least(own), bestPicturesPerSecond: best(own) },
    ...{ ffmpegPicturesPerSecond: least(reference), loadAverage: round2(loadavg()[0] ?? 0) },
  };
  printResult({
    bench: "thumbnails",
    figures,
    ratios: { toFfmpegAlone: round2(best(own) / best(reference)) },
    wanted: WANTED,
    met: figures.picturesPerSecond >= WANTED.picturesPerSecond,
  });
}

const count = Number(process.argv[2] ?? 50);
const { dir, endUtcMs } = await seekFootage();
const database = openIndex(dir);
try {
  const asked = { dir, index: footageIndex(database), instants: spreadInstants(endUtcMs, count) };
  const own: number[] = [];
  const reference: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await rm(join(dir, "thumbnails"), { recursive: true, force: true });
    own.push(await ours(asked));
    reference.push(await ffmpegAlone(asked));
  }
  report(count, own, reference);
} finally {
  database.close();
  await rm(dir, { recursive: true, force: true });
}
