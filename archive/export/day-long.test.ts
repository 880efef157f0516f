import { link, mkdtemp, rm } from "node:fs/promises";
import { createHash, type Hash } from "node:crypto";
import { mkdirSync, readFileSync, copyFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { browserPath, launchBrowser } from "#media/testing/installed-browser.ts";
import { initFile, footageFilePath, sessionFolder } from "../ground/archive-folder.ts";
import { footageIndex, type FootageIndex } from "../index/footage-index.ts";
import type { SessionRow } from "../index/index-rows.ts";
import { openIndex } from "../index/open-index.ts";
import { reconcile } from "../index/reconcile.ts";
import { withFirstDecodeTicks } from "../index/sample-table.ts";
import { exportDesk } from "./export-desk.ts";
import { exportAddress } from "./testing/export-address.ts";
import { CAMERA, probe, recordNumbered } from "./testing/numbered-footage.ts";
import { endsInMediabunny, numbersInBrowser } from "./testing/shown-pictures.ts";

const START_MS = Date.UTC(2026, 10, 23);
const HOUR_MS = 3_600_000;
const PIECE_MS = 12_000;
const DAY_CAMERA = "day";

/** Makes a day of 24 sessions whose footage files are all one recorded piece's, under names of their own. */
async function fillDay(dir: string, index: FootageIndex): Promise<void> {
  const [recorded] = index.sessions(CAMERA);
  const [footageFile] = index.footageFilesOf(recorded?.id ?? -1);
  if (recorded === undefined || footageFile === undefined) throw new Error("Nothing was recorded.");
  const media = footageFilePath(sessionFolder(dir, CAMERA, recorded.name), footageFile.number);
  const packed = index.samples(footageFile.id);
  for (let hour = 0; hour < 24; hour++) {
    const startUs = (START_MS + hour * HOUR_MS) * 1000;
    const name = String(startUs / 1000);
    mkdirSync(sessionFolder(dir, DAY_CAMERA, name), { recursive: true });
    copyFileSync(initFile(dir, CAMERA, recorded.name), initFile(dir, DAY_CAMERA, name));
    const session = index.addSession({ ...recorded, cameraId: DAY_CAMERA, name, startUs, baseTime: 0 });
    await fillHour(dir, index, session, { media, packed });
  }
}

async function fillHour(
  dir: string,
  index: FootageIndex,
  session: SessionRow,
  piece: { readonly media: string; readonly packed: Buffer },
): Promise<void> {
  const sizeBytes = readFileSync(piece.media).length;
  const numbers = Array.from({ length: HOUR_MS / PIECE_MS }, (_unused, number) => number);
  index.inOneStep(() => {
    for (const number of numbers) {
      const startUs = session.startUs + number * PIECE_MS * 1000;
      const endUs = startUs + PIECE_MS * 1000;
      const decodeTicks = ((number * PIECE_MS) / 1000) * session.timeScale;
      index.addFootageFile(session, {
        ...{ number, startUs, endUs, arrivalUs: endUs, frameUs: 40_000, sizeBytes, holes: [] },
        samples: withFirstDecodeTicks(piece.packed, decodeTicks),
      });
    }
  });
  const names = numbers.map((number) =>
    footageFilePath(sessionFolder(dir, DAY_CAMERA, session.name), number),
  );
  await Promise.all(names.map((name) => link(piece.media, name)));
}

test(
  "an export of a day has every frame, its length, and the recorded bytes",
  { timeout: 240_000 },
  async () => {
    const dir = await mkdtemp(join(tmpdir(), "evidence-desk-day-"));
    const database = openIndex(dir);
    const index = footageIndex(database);
    const piece = { startUtcMs: START_MS - HOUR_MS, encoding: "plain", seconds: 12, firstNumber: 1 } as const;
    await recordNumbered(dir, { ...piece, fileSeconds: 12 });
    await reconcile({ dir, index });
    await fillDay(dir, index);
    const desk = exportDesk(dir, index);
    const address = await exportAddress(desk);
    const planned = await desk.plan({
      cameraId: DAY_CAMERA,
      range: { startUtcMs: START_MS, endUtcMs: START_MS + 24 * HOUR_MS },
    });
    expect(planned.plan).toMatchObject({ frameCount: 24 * 3600 * 25, preRollFrameCount: 0, gaps: [] });
    const answer = await probe<{ streams: { nb_frames: string; duration: string }[] }>(
      ...["-show_entries", "stream=nb_frames,duration", address.of(planned)],
    );
    expect(answer.streams).toEqual([{ nb_frames: "2160000", duration: "86400.000000" }]);
    expect(await endsInMediabunny(address.of(planned))).toEqual({
      first: 0,
      last: expect.closeTo(86_399.96, 4) as number,
      seconds: expect.closeTo(86_400, 4) as number,
    });
    await expectInBrowser(address.of(planned));
    const { header, lengthBytes } = planned.file;
    const exported = createHash("md5");
    for await (const part of desk.read(planned, { start: header.length, end: lengthBytes }))
      exported.update(part as Buffer);
    expect(exported.digest("hex")).toBe(dayOfMedia(dir, index).digest("hex"));
    await address.close();
    database.close();
    await rm(dir, { recursive: true, force: true });
  },
);

/** A browser shows the first picture first, and the right one at the end of the day and far back from there. */
async function expectInBrowser(url: string): Promise<void> {
  if (browserPath === "") return;
  const browser = await launchBrowser();
  const seconds = [86_390.02, 3_601.3, 43_207.74];
  const page = await browser.newPage();
  const shown = await numbersInBrowser(page, url, seconds);
  await browser.close();
  // The piece of 12 s, whose pictures are numbered from 1, again and again.
  expect(shown).toEqual([0, ...seconds].map((at) => 1 + (Math.floor(at * 25) % 300)));
}

/** What the recorded piece holds of media, 7200 times over. */
function dayOfMedia(dir: string, index: FootageIndex): Hash {
  const [session] = index.sessions(CAMERA);
  const bytes = readFileSync(footageFilePath(sessionFolder(dir, CAMERA, session?.name ?? ""), 0));
  const mdat = bytes.indexOf("mdat", 0, "latin1");
  const media = bytes.subarray(mdat + 4, mdat - 4 + bytes.readUInt32BE(mdat - 4));
  const hash = createHash("md5");
  for (let count = 0; count < (24 * HOUR_MS) / PIECE_MS; count++) hash.update(media);
  return hash;
}
