import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { relative } from "node:path";
import { MediaError } from "#media/media-error.ts";
import { formatNumber } from "#shared/words/amounts.ts";
import { initFile, footageFilePath, sessionFolder, SESSION_FILE } from "../ground/archive-folder.ts";
import type { SessionRow } from "../index/index-rows.ts";
import type { IndexDatabase } from "../index/open-index.ts";
import {
  describeFootageFile,
  findHolesBefore,
  instantsOf,
  readPictureSamples,
  readSessionMedia,
  readSoundSamples,
  type RecordedSamples,
  type SessionMedia,
} from "../index/recorded-footage-file.ts";
import { keepFormat } from "../index/picture-format.ts";
import { footageFileNumbers } from "../index/reconcile.ts";
import { readSessionFile } from "../index/session-indexer.ts";
import type { StoredRow } from "./check-rows.ts";
import { isoOf, type Breach, type Invariant } from "./invariants.ts";

const ROWS = `SELECT g.id, g.number, g.start_us AS startUs, g.end_us AS endUs, g.frame_us AS frameUs,
  g.size_bytes AS sizeBytes, g.arrival_us AS arrivalUs, p.samples, s.samples AS soundSamples FROM segments g
  LEFT JOIN segment_samples p ON p.segment_id = g.id LEFT JOIN segment_sound s ON s.segment_id = g.id
  WHERE g.session_id = ? ORDER BY g.number`;
const HOLES = "SELECT start_us AS startUs, end_us AS endUs FROM holes WHERE segment_id = ? ORDER BY start_us";

/** A file's time comes back from some systems rounded. */
const ARRIVAL_TOLERANCE_US = 1_000;

/** Where breaches and files left out are put. */
export interface Findings {
  readonly broken: Breach[];
  readonly leftOut: string[];
  segments: number;
}

/** A session whose files are held against the index. */
export interface StoredFootage {
  /** The archive's folder. */
  readonly dir: string;
  readonly database: IndexDatabase;
  readonly session: SessionRow;
}

/** Checks I2 to I6 of one session; reads all its media. */
export async function checkSession(footage: StoredFootage, findings: Findings): Promise<void> {
  const { dir, database, session } = footage;
  const rows = database.prepare<[number], StoredRow>(ROWS).all(session.id);
  findings.segments += rows.length;
  const report = reporter(dir, session, findings);
  const media = await checkInit(dir, session, report);
  checkSessionFile(dir, session, report);
  const check = { ...footage, media, report };
  for (const row of rows) await checkFootageFile(check, row);
  await checkFiles(check, new Set(rows.map((row) => row.number)), findings);
}

type Report = (invariant: Invariant, path: string, atUs: number, detail: string) => void;

function reporter(dir: string, session: SessionRow, { broken }: Findings): Report {
  return (invariant, path, atUs, detail) =>
    void broken.push({
      invariant,
      camera: session.cameraId,
      file: relative(dir, path),
      at: isoOf(atUs),
      detail,
    });
}

/** I4 */
async function checkInit(dir: string, session: SessionRow, report: Report): Promise<SessionMedia | null> {
  const path = initFile(dir, session.cameraId, session.name);
  const media = await readMedia(path);
  if (media === null) {
    report("I4", path, session.startUs, "It is missing or cannot be read.");
    return null;
  }
  const { timescale, codec, width, height } = media.track;
  const said = [timescale, codec, width, height, media.sound?.track.codec ?? null];
  const stored = [
    session.timeScale,
    session.codec,
    session.width,
    session.height,
    session.sound?.codec ?? null,
  ];
  if (said.join() !== stored.join()) {
    report("I4", path, session.startUs, `It says ${said.join(", ")}; the row says ${stored.join(", ")}.`);
  }
  return media;
}

async function readMedia(path: string): Promise<SessionMedia | null> {
  try {
    return readSessionMedia(await readFile(path));
  } catch (error) {
    if (error instanceof MediaError || !existsSync(path)) return null;
    throw error;
  }
}

/** I5 */
function checkSessionFile(dir: string, session: SessionRow, report: Report): void {
  const folder = sessionFolder(dir, session.cameraId, session.name);
  const stored = readSessionFile(folder);
  const isSameStart = stored?.startUs === session.startUs && stored.baseTime === session.baseTime;
  if (isSameStart && (stored.ordinal ?? session.ordinal) === session.ordinal) return;
  report(
    "I5",
    `${folder}/${SESSION_FILE}`,
    session.startUs,
    "It is missing, or gives another start or place.",
  );
}

interface SessionCheck extends StoredFootage {
  /** Null where the initialization segment cannot be read. */
  readonly media: SessionMedia | null;
  readonly report: Report;
}

/** I2 and I6 */
async function checkFootageFile(
  { dir, database, session, media, report }: SessionCheck,
  row: StoredRow,
): Promise<void> {
  const path = footageFilePath(sessionFolder(dir, session.cameraId, session.name), row.number);
  const details = await stat(path).catch(() => null);
  if (details === null) return report("I2", path, row.startUs, "The file is missing.");
  if (details.size !== row.sizeBytes) {
    return report(
      "I2",
      path,
      row.startUs,
      `It has ${formatNumber(details.size)} bytes; the row says ${formatNumber(row.sizeBytes)}.`,
    );
  }
  if (Math.abs(details.mtimeMs * 1000 - row.arrivalUs) > ARRIVAL_TOLERANCE_US) {
    report(
      "I2",
      path,
      row.startUs,
      `It arrived at ${isoOf(details.mtimeMs * 1000)}; the row says ${isoOf(row.arrivalUs)}.`,
    );
  }
  if (media === null) return;
  const holes = database.prepare(HOLES).all(row.id);
  const format = statedFormatOf(dir, session);
  const read = readWhole({ media, format }, await readFile(path));
  const problem = typeof read === "string" ? read : differenceOf(session, read, { ...row, holes });
  if (problem !== null) report("I6", path, row.startUs, problem);
}

function differenceOf(
  session: SessionRow,
  read: RecordedSamples,
  row: StoredRow & { readonly holes: readonly unknown[] },
): string | null {
  const { number, sizeBytes, arrivalUs, holes } = row;
  const fresh = describeFootageFile(session, read, { number, sizeBytes, arrivalUs });
  if (!isSame(fresh.samples, row.samples)) return "Its frames are not those of the row.";
  if (!isSame(fresh.soundSamples ?? null, row.soundSamples)) return "Its sound is not that of the row.";
  const isInTime =
    fresh.startUs === row.startUs && fresh.endUs === row.endUs && fresh.frameUs === row.frameUs;
  if (!isInTime) return "Its instants are not those of the row.";
  const before = findHolesBefore(read.frames, session.timeScale).map((each) => instantsOf(each, session));
  const isKnown = [fresh.holes, ...before].some((each) => JSON.stringify(each) === JSON.stringify(holes));
  return isKnown ? null : "Its holes are not those of the row.";
}

/** What the files of a session say of its footage files. */
interface SessionFormat {
  readonly media: SessionMedia;
  /** As the first keyframe stated it; null where that was not noted. */
  readonly format: string | null;
}

function statedFormatOf(dir: string, session: SessionRow): string | null {
  return readSessionFile(sessionFolder(dir, session.cameraId, session.name))?.format ?? null;
}

/** Frames and sound of a file as they are indexed, or why they cannot be. */
function readWhole({ media, format }: SessionFormat, bytes: Buffer): RecordedSamples | string {
  try {
    const all = { frames: readPictureSamples(media, bytes), bytes };
    const { frames } = keepFormat(media.track, all, format);
    if (frames.samples.length === 0) return "All its frames are of another format than the session's.";
    return { frames, sound: readSoundSamples(media, bytes) };
  } catch (error) {
    if (error instanceof MediaError) return error.message;
    throw error;
  }
}

const isSame = (one: Buffer | null, other: Buffer | null): boolean =>
  one === null || other === null ? one === other : one.equals(other);

/** I3 */
async function checkFiles(
  { dir, session, media, report }: SessionCheck,
  indexed: ReadonlySet<number>,
  findings: Findings,
): Promise<void> {
  const folder = sessionFolder(dir, session.cameraId, session.name);
  const numbers = footageFileNumbers(await readdir(folder).catch(() => []));
  for (const number of numbers.filter((each) => !indexed.has(each))) {
    const path = footageFilePath(sessionFolder(dir, session.cameraId, session.name), number);
    const format = statedFormatOf(dir, session);
    const read = media === null ? "" : readWhole({ media, format }, await readFile(path));
    if (typeof read === "string") findings.leftOut.push(relative(dir, path));
    else report("I3", path, session.startUs, "It can be read, and the index does not know it.");
  }
}
