import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CAMERA, recordNumbered, type RecordedTruth } from "../export/testing/numbered-footage.ts";
import { numbersInFfmpeg } from "../export/testing/shown-pictures.ts";
import { footageIndex } from "../index/footage-index.ts";
import { openIndex, type IndexDatabase } from "../index/open-index.ts";
import { reconcile } from "../index/reconcile.ts";
import { thumbnails, type Thumbnails } from "./thumbnails.ts";

const START_MS = Date.UTC(2026, 10, 23, 12);
const SECONDS = 60;
const KEY_FRAME_MS = 2_000;

let dir = "";
let database: IndexDatabase;
let pictures: Thumbnails;
let truth: RecordedTruth;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-thumbnails-"));
  const session = { startUtcMs: START_MS, encoding: "bFrames", seconds: SECONDS, firstNumber: 7 } as const;
  truth = await recordNumbered(dir, session);
  database = openIndex(dir);
  const index = footageIndex(database);
  await reconcile({ dir, index });
  pictures = thumbnails(dir, index);
}, 60_000);

afterAll(async () => {
  database.close();
  await rm(dir, { recursive: true, force: true });
});

/** The number in the picture of an instant. */
async function shownAt(utcMs: number): Promise<number | undefined> {
  const file = join(dir, `${utcMs}.jpg`);
  await writeFile(file, await pictures.at(CAMERA, utcMs));
  return (await numbersInFfmpeg(file))[0];
}

/** The number of the key frame that is shown at an instant or was before it. */
const keyFrameAt = (utcMs: number): number | undefined =>
  truth.pictures.find(({ instantUs }) => instantUs === (utcMs - (utcMs % KEY_FRAME_MS)) * 1000)?.number;

test("thirty pictures that nobody asked for before each show the key frame at their instant or before it", async () => {
  const instants = Array.from(
    { length: 30 },
    (_unused, place) => START_MS + place * KEY_FRAME_MS + place * 60,
  );
  const shown = await Promise.all(instants.map(shownAt));
  expect(shown).toEqual(instants.map(keyFrameAt));
  expect(new Set(shown).size).toBe(30);
  expect(await readdir(join(dir, "thumbnails", CAMERA, String(START_MS)))).toHaveLength(30);
}, 60_000);

test("a key frame is shown from its own first instant on", async () => {
  const at = START_MS + 3 * KEY_FRAME_MS;
  expect(await shownAt(at)).toBe(keyFrameAt(at));
  expect(await shownAt(at - 1)).toBe(keyFrameAt(at - KEY_FRAME_MS));
});

test("an instant without footage has no picture", async () => {
  const after = START_MS + SECONDS * 1000;
  await expect(pictures.at(CAMERA, after)).rejects.toMatchObject({ code: "NO_FOOTAGE" });
});
