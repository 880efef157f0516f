/**
 * npm run bench -- index [ROWS_OF_OTHERS]: how long footage and playlist of a day take from the index of a year. One
 * camera has its whole year of 4 s footage files; fifteen others share the rest of the rows, of the same keys. A
 * year of all sixteen would be 126 million rows: what changes with them is the depth of the trees, which is printed.
 */
import { closeSync, openSync, readSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { indexFile } from "#archive/ground/archive-folder.ts";
import { footageIndex, type FootageIndex } from "#archive/index/footage-index.ts";
import { openIndex, type IndexDatabase } from "#archive/index/open-index.ts";
import { footageWithin } from "#archive/index/runs.ts";
import { playlist } from "#archive/playback/playlist.ts";
import { percentile, printResult, printTable, round2 } from "./report.ts";

const FILE_S = 4;
const DAY_MS = 86_400_000;
const DAYS = 365;
const YEAR_ROWS = (DAYS * 86_400) / FILE_S;
const ALL_ROWS = 16 * YEAR_ROWS;
const FILES_A_SESSION = 3_600 / FILE_S;
const START_MS = Date.UTC(2025, 10, 23);
const QUERIES = 60;
const PAGE_BYTES = 4096;
const WANTED = { footageP95Ms: 50, playlistP95Ms: 50 };

/** Rows go in by SQL alone, a session an hour, one footage file in 300 followed by a gap. */
function fill(database: IndexDatabase, camera: string, rows: number): void {
  const numbers = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)";
  const startUs = START_MS * 1000;
  const firstSession =
    Number(database.prepare("SELECT coalesce(max(id), 0) FROM sessions").pluck().get()) + 1;
  const sessions = Math.ceil(rows / FILES_A_SESSION);
  database
    .prepare(
      `${numbers} INSERT INTO sessions (id, camera_id, name, start_us, base_time, time_scale, codec, width, height, ordinal)
       SELECT :first + i, :camera, printf('%013d', :startMs + i * 3600000), :startUs + i * 3600000000, 0, 90000,
         'avc1.64001e', 640, 360, :first + i FROM n`,
    )
    .run({ count: sessions, first: firstSession, camera, startMs: START_MS, startUs });
  database
    .prepare(
      `${numbers} INSERT INTO segments (camera_id, session_id, number, start_us, end_us, frame_us,
         size_bytes, arrival_us, sequence, discontinuity)
       SELECT :camera, :first + i / ${FILES_A_SESSION}, i % ${FILES_A_SESSION}, :startUs + i * 4000000,
         :startUs + i * 4000000 + iif(i % 300 = 299, 2000000, 4000000), 40000, 2000000, :startUs + i * 4000000 + 4100000,
         i, i / 300 FROM n`,
    )
    .run({ count: rows, first: firstSession, camera, startUs });
}

interface Timed {
  readonly wallMs: number[];
  /** What the process itself computed: the same on a busy machine, but for its caches. */
  readonly cpuMs: number[];
}

/** What queries of random days take. */
function time(ask: (range: { startUtcMs: number; endUtcMs: number }) => unknown): Timed {
  const timed: Timed = { wallMs: [], cpuMs: [] };
  for (let query = 0; query < QUERIES; query++) {
    const startUtcMs = START_MS + Math.floor(Math.random() * (DAYS - 1) * DAY_MS);
    const before = performance.now();
    const cpuBefore = process.cpuUsage();
    ask({ startUtcMs, endUtcMs: startUtcMs + DAY_MS });
    const { user, system } = process.cpuUsage(cpuBefore);
    timed.wallMs.push(performance.now() - before);
    timed.cpuMs.push((user + system) / 1000);
  }
  return timed;
}

function timeOnce(work: () => unknown): number {
  const before = performance.now();
  work();
  return round2(performance.now() - before);
}

/** A session that takes over from the newest of the full camera. */
function addNewest(index: FootageIndex): void {
  const startUs = (START_MS + DAYS * DAY_MS) * 1000;
  const clock = { startUs, baseTime: 0, timeScale: 90_000 };
  const picture = { codec: "avc1.64001e", width: 640, height: 360 };
  index.addSession({ cameraId: "camera-1", name: String(startUs / 1000), ...clock, ...picture });
}

function figuresOf(name: string, { wallMs, cpuMs }: Timed): Record<string, number> {
  return {
    ...{ [`${name}P50Ms`]: round2(percentile(wallMs, 50)), [`${name}P95Ms`]: round2(percentile(wallMs, 95)) },
    ...{
      [`${name}CpuP50Ms`]: round2(percentile(cpuMs, 50)),
      [`${name}CpuP95Ms`]: round2(percentile(cpuMs, 95)),
    },
  };
}

/** Levels of each tree of `segments`, by following the first child from page to page (SQLite file format, 1.6). */
function treeDepths(path: string, trees: readonly Tree[]): Record<string, number> {
  const file = openSync(path, "r");
  const depth = (number: number): number => {
    const page = Buffer.alloc(PAGE_BYTES);
    readSync(file, page, 0, PAGE_BYTES, (number - 1) * PAGE_BYTES);
    // Types 2 and 5 are inner pages; the first cell begins with the number of the first child.
    if (page[0] !== 2 && page[0] !== 5) return 1;
    return 1 + depth(page.readUInt32BE(page.readUInt16BE(12)));
  };
  const depths = trees.map(({ name, rootpage }) => [`depthOf_${name}`, depth(rootpage)] as const);
  closeSync(file);
  return Object.fromEntries(depths);
}

interface Tree {
  readonly name: string;
  readonly rootpage: number;
}

const treesOf = (database: IndexDatabase): Tree[] =>
  database.prepare<[], Tree>("SELECT name, rootpage FROM sqlite_schema WHERE tbl_name = 'segments'").all();

function plansOf(database: IndexDatabase): string[] {
  const text = `EXPLAIN QUERY PLAN SELECT g.id FROM segments g JOIN sessions s ON s.id = g.session_id
    WHERE g.camera_id = 'camera-1' AND g.start_us >= 1 AND g.start_us < 2 AND g.end_us > 1
    ORDER BY g.start_us`;
  return database
    .prepare<[], { detail: string }>(text)
    .all()
    .map(({ detail }) => detail);
}

async function measure(dir: string, otherRows: number): Promise<void> {
  const database = openIndex(dir);
  database.pragma("synchronous = OFF");
  const filling = performance.now();
  for (let camera = 1; camera <= 16; camera++) {
    const rows = camera === 1 ? YEAR_ROWS : Math.ceil(otherRows / 15);
    database.transaction(() => fill(database, `camera-${camera}`, rows))();
    process.stderr.write(`  camera-${camera}: ${rows} rows\n`);
  }
  database.pragma("wal_checkpoint(TRUNCATE)");
  const fillSeconds = (performance.now() - filling) / 1000;
  const index = footageIndex(database);
  const footage = time((range) => footageWithin(range, index.stretches({ cameraId: "camera-1", range })));
  const vod = time((range) => playlist(index.footageFiles({ cameraId: "camera-1", range }), "vod"));
  const retentionMs = timeOnce(() => index.oldestUnlocked(200));
  const newSessionMs = timeOnce(() => addNewest(index));
  const rows = Number(database.prepare("SELECT count(*) FROM segments").pluck().get());
  const trees = treesOf(database);
  const plans = plansOf(database);
  database.close();
  const figures = {
    ...{ rows, rowsOfAYearOf16Cameras: ALL_ROWS, rowsOfQueriedCamera: YEAR_ROWS, queries: QUERIES },
    ...{ fillSeconds: round2(fillSeconds), indexGB: round2((await stat(indexFile(dir))).size / 1e9) },
    ...figuresOf("footage", footage),
    ...figuresOf("playlist", vod),
    ...{ retentionLookMs: retentionMs, newSessionMs },
    ...treeDepths(indexFile(dir), trees),
    ...{ queryPlan: plans.join("; "), loadAverage1Minute: round2(loadavg()[0] ?? 0) },
  };
  printTable(
    ["what", "value"],
    Object.entries(figures).map(([name, value]) => [name, String(value)]),
  );
  const met =
    percentile(footage.wallMs, 95) < WANTED.footageP95Ms && percentile(vod.wallMs, 95) < WANTED.playlistP95Ms;
  printResult({
    bench: "index",
    figures,
    ratios: { rowsToAYearOf16Cameras: round2(rows / ALL_ROWS) },
    wanted: WANTED,
    met,
  });
}

async function main(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "evidence-desk-bench-index-"));
  try {
    await measure(dir, Number(process.argv[2] ?? "2500000"));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

await main();
