import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  exportPlanSchema,
  footageAnswerSchema,
  holdingsAnswerSchema,
  type ExportPlan,
} from "#shared/archive-api/archive-api.ts";
import { verifyArchive } from "./archive-upkeep.ts";
import { ask, startProgram, type ArchiveProgram } from "./testing/archive-program.ts";
import { FRAME_MS, makeNumberedClip, numberAt, shownFrames } from "./testing/numbered-clip.ts";

/** Kills of recorder or archive in one run; fifty with this variable. */
const ROUNDS = process.env["EVIDENCE_DESK_LONG_TESTS"] === "1" ? 50 : 8;
const CAMERAS = ["door", "gate", "yard"];

/** Kills come at any moment of a footage file's life. */
const LONGEST_PAUSE_MS = 1_500;

/** An export that is read while things are killed covers at most this. */
const EXPORT_MS = 10_000;
const LONG = { timeout: 20_000, interval: 50 };

let dir: string;
let program: ArchiveProgram;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-killed-"));
  await writeFile(join(dir, "settings.json"), JSON.stringify({ segmentSeconds: 1, minFreeBytes: 0 }));
  const source = await makeNumberedClip(dir);
  program = await startProgram(dir);
  for (const camera of CAMERAS) {
    const body = { name: camera, area: "House", source };
    expect((await ask(program.url, `/cameras/${camera}`, "PUT", body)).status).toBe(204);
  }
});

afterEach(async () => {
  await program.end("SIGTERM");
  await rm(dir, { recursive: true, force: true });
});

const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(Math.random() * items.length)];

interface Snapshot {
  readonly camera: string;
  readonly query: string;
  readonly footage: unknown;
  readonly plan: ExportPlan;
  /** The whole file's hash, or null when the archive was killed while it was read. */
  readonly hash: Promise<string | null>;
}

async function readJson(path: string): Promise<unknown> {
  return (await ask(program.url, path)).json();
}

async function holdingsOf(cameraIds: readonly string[]) {
  const query = cameraIds.map((id) => `camera=${id}`).join("&");
  return holdingsAnswerSchema.parse(await readJson(`/holdings?${query}`)).holdings;
}

async function hashOf(path: string, plan: ExportPlan): Promise<string | null> {
  try {
    const bytes = Buffer.from(await (await ask(program.url, path)).arrayBuffer());
    expect(bytes.length).toBe(plan.lengthBytes);
    return createHash("sha256").update(bytes).digest("hex");
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** What the archive says of the newest footage of a camera, and an export of it that is being read. */
async function takeSnapshot(): Promise<Snapshot | null> {
  const held = await holdingsOf(CAMERAS);
  const camera = pick(held.filter(({ newestUtcMs }) => newestUtcMs !== null));
  if (camera === undefined || camera.newestUtcMs === null) return null;
  const query = `from=${camera.newestUtcMs - EXPORT_MS}&to=${camera.newestUtcMs}`;
  const path = `/cameras/${camera.cameraId}`;
  const plan = exportPlanSchema.parse(await readJson(`${path}/export.json?${query}`));
  const footage = await readJson(`${path}/footage?${query}`);
  return { camera: camera.cameraId, query, footage, plan, hash: hashOf(`${path}/export.mp4?${query}`, plan) };
}

async function expectWhole({ camera, query, footage, plan, hash }: Snapshot): Promise<void> {
  const before = await hash;
  expect(await readJson(`/cameras/${camera}/footage?${query}`)).toEqual(footage);
  expect(await readJson(`/cameras/${camera}/export.json?${query}`)).toEqual(plan);
  const after = await hashOf(`/cameras/${camera}/export.mp4?${query}`, plan);
  if (before !== null) expect(after).toBe(before);
}

/** Process ids of recorders on record. */
async function recorders(): Promise<number[]> {
  const ids: number[] = [];
  for (const camera of CAMERAS) {
    const folder = join(dir, "footage", camera);
    for (const name of (await readdir(folder)).filter((each) => each.startsWith("recorder-"))) {
      const text = await readFile(join(folder, name), "utf8").catch(() => "{}");
      const { pid } = JSON.parse(text === "" ? "{}" : text) as { pid?: number };
      if (pid !== undefined) ids.push(pid);
    }
  }
  return ids;
}

/** Kills one recorder, or the archive and with it all recorders. Answers which. */
async function killOne(): Promise<"recorder" | "archive"> {
  const pid = Math.random() < 0.6 ? pick(await recorders()) : undefined;
  try {
    if (pid !== undefined) {
      process.kill(pid, "SIGKILL");
      return "recorder";
    }
  } catch (error) {
    // It ended by itself between being read and being killed.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
  await program.end("SIGKILL");
  program = await startProgram(dir);
  return "archive";
}

/** Every frame is where its number says it belongs, and there are as many as the runs are long. */
async function expectTrueFrames(camera: string): Promise<void> {
  const [found] = await holdingsOf([camera]);
  const query = `from=${found?.oldestUtcMs}&to=${found?.newestUtcMs}`;
  const { runs, gaps } = footageAnswerSchema.parse(await readJson(`/cameras/${camera}/footage?${query}`));
  expect(gaps.length).toBe(runs.length - 1);
  const plan = exportPlanSchema.parse(await readJson(`/cameras/${camera}/export.json?${query}`));
  const file = await ask(program.url, `/cameras/${camera}/export.mp4?${query}`);
  const frames = await shownFrames(Buffer.from(await file.arrayBuffer()), join(dir, `${camera}.mp4`));
  const recordedMs = runs.reduce((sum, run) => sum + run.endUtcMs - run.startUtcMs, 0);
  expect(frames).toHaveLength(recordedMs / FRAME_MS);
  const startMs = plan.firstFrameUtcUs / 1000;
  const wrong = frames.filter(({ number, atMs }) => number !== numberAt(startMs + atMs));
  expect(wrong).toEqual([]);
  const isInRun = (atMs: number): boolean =>
    runs.some((run) => startMs + atMs > run.startUtcMs - 1 && startMs + atMs < run.endUtcMs);
  expect(frames.filter(({ atMs }) => !isInRun(atMs))).toEqual([]);
}

test(`killed ${ROUNDS} times at random, the archive loses nothing that it held, and its gaps are true`, async () => {
  const killed = { recorder: 0, archive: 0 };
  const held = async () => (await takeSnapshot()) !== null;
  await expect.poll(held, LONG).toBe(true);
  let snapshots = 0;
  for (let round = 0; round < ROUNDS; round++) {
    await wait(Math.random() * LONGEST_PAUSE_MS);
    const snapshot = await takeSnapshot();
    killed[await killOne()]++;
    if (snapshot === null) continue;
    await expectWhole(snapshot);
    snapshots++;
  }
  expect(snapshots).toBe(ROUNDS);
  // After the archive there is no recorder to kill for some seconds, so that on a slow machine few are.
  expect(killed.archive).toBeGreaterThan(ROUNDS / 10);
  expect(killed.recorder).toBeGreaterThan(0);
  for (const camera of CAMERAS) await expectTrueFrames(camera);
  expect(await program.end("SIGTERM")).toBe(0);
  expect((await verifyArchive(dir)).broken).toEqual([]);
}, 300_000);
