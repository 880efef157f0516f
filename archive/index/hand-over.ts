import { closeSync, openSync, readSync } from "node:fs";
import { saysMissing } from "#runtime/files/missing-file.ts";
import type { Sample } from "#media/track.ts";
import { footageFilePath, sessionFolder } from "../ground/archive-folder.ts";
import type { FootageIndex } from "./footage-index.ts";
import type { Seam, FootageFileRow, SessionRow } from "./index-rows.ts";
import { unpackSamples } from "./sample-table.ts";
import { instantUs } from "./session-clock.ts";
import { MOST_DRAWN_US } from "./shown-pieces.ts";

/** A session is taken over in its last seconds: the next one is started, delivers, and this one is ended. */
const FILES_LOOKED_AT = 64;

/** Frames compared from the first one of the new session on. */
const COMPARED_FRAMES = 100;

/** A camera that sends the pictures since its last key frame to whoever connects sends them so much later to the second. */
const MOST_LATER_US = 15_000_000;

/** Two recordings overlap when the one before still got frames as the next one got its first, or a moment before. */
const ABOUT_US = 500_000;

/** Over so many times the difference of the two clocks, and this at least, instants are drawn together. */
const DRAWN_OVER = 4;
const DRAWN_OVER_US = 2_000_000;

interface PlacedFrame {
  readonly row: FootageFileRow;
  readonly sample: Sample;
  /** By the clock of its session. */
  readonly atUs: number;
  /** When it arrived, by the clock of the machine at that time. */
  readonly arrivedUs: number;
}

/**
 * Looks for the first frame of a session in the session before it, of which it took over: a camera sends the same bytes
 * to both. From that frame on the new session is shown, however much the two clocks differ: no frame is lost there and
 * none is shown twice.
 * @returns null where the two have nothing in common, or it is not indexed yet
 */
export function findSeam(dir: string, index: FootageIndex, next: SessionRow): Seam | null {
  const before = index.sessions(next.cameraId).findLast(({ ordinal }) => ordinal < next.ordinal);
  if (before === undefined || before.codec !== next.codec) return null;
  const own = framesOf(index, next, index.footageFileRowsOf(next.id).slice(0, 2)).slice(0, COMPARED_FRAMES);
  const rows = index.footageFileRowsOf(before.id);
  const theirs = framesOf(index, before, rows.slice(-FILES_LOOKED_AT));
  const [first, last] = [own[0], theirs.at(-1)];
  // Without an overlap nothing is held twice, and a still picture would be taken for the same one.
  if (first === undefined || last === undefined || last.arrivedUs < first.arrivedUs - ABOUT_US) return null;
  const same = theirs
    .flatMap((frame, at) =>
      distance(frame, first) <= MOST_LATER_US && isSameRun(own, theirs, at) ? [at] : [],
    )
    .sort((a, b) => distance(theirs[a], first) - distance(theirs[b], first))
    .find((at) => hasSameBytes(dir, next.cameraId, [theirs[at], first]));
  if (same === undefined) return null;
  return seamAt(next, theirs.slice(same, same + COMPARED_FRAMES), rows);
}

function framesOf(index: FootageIndex, session: SessionRow, rows: readonly FootageFileRow[]): PlacedFrame[] {
  return rows.flatMap((row) => {
    const { firstDecodeTicks, samples } = unpackSamples(index.samples(row.id));
    let decodeTicks = firstDecodeTicks;
    return samples.map((sample) => {
      const atUs = instantUs(session, decodeTicks + sample.compositionOffsetTicks);
      decodeTicks += sample.durationTicks;
      return { row, sample, atUs, arrivedUs: row.arrivalUs - (row.endUs - atUs) };
    });
  });
}

/** Whether both have the same frames from there on, as far as both go. Sizes say so almost surely. */
function isSameRun(own: readonly PlacedFrame[], theirs: readonly PlacedFrame[], at: number): boolean {
  const length = Math.min(own.length, theirs.length - at);
  for (let place = 0; place < length; place++) {
    const [one, other] = [own[place]!.sample, theirs[at + place]!.sample];
    if (one.sizeBytes !== other.sizeBytes || one.isSync !== other.isSync) return false;
  }
  return own[0]!.sample.isSync;
}

const distance = (frame: PlacedFrame | undefined, other: PlacedFrame): number =>
  frame === undefined ? Infinity : Math.abs(frame.arrivedUs - other.arrivedUs);

function hasSameBytes(
  dir: string,
  cameraId: string,
  [one, other]: readonly [PlacedFrame | undefined, PlacedFrame],
): boolean {
  if (one === undefined) return false;
  const [bytes, others] = [readFrame(dir, cameraId, one), readFrame(dir, cameraId, other)];
  return bytes !== null && others !== null && bytes.equals(others);
}

/** Null where its file is gone. */
function readFrame(dir: string, cameraId: string, { row, sample }: PlacedFrame): Buffer | null {
  const bytes = Buffer.alloc(sample.sizeBytes);
  try {
    const file = openSync(footageFilePath(sessionFolder(dir, cameraId, row.sessionName), row.number), "r");
    try {
      return readSync(file, bytes, 0, bytes.length, sample.offset) === bytes.length ? bytes : null;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (saysMissing(error)) return null;
    throw error;
  }
}

/** @param frames of the session before, from the one on that is the first of the next session, in decode order */
function seamAt(
  next: SessionRow,
  frames: readonly PlacedFrame[],
  rows: readonly FootageFileRow[],
): Seam | null {
  const [first] = frames;
  if (first === undefined) return null;
  // Pictures that follow a key frame and are shown before it belong to the new session too.
  const ofFootageFile = frames.filter(({ row }) => row.id === first.row.id);
  const atUs = ofFootageFile.reduce((least, frame) => Math.min(least, frame.atUs), Infinity);
  const differenceUs = Math.abs(next.startUs - atUs);
  const drawnUs = differenceUs > MOST_DRAWN_US ? 0 : Math.max(DRAWN_OVER * differenceUs, DRAWN_OVER_US);
  const from = rows.findLast(({ startUs }) => startUs <= atUs - drawnUs) ?? rows[0] ?? first.row;
  return {
    session: first.row.sessionName,
    number: first.row.number,
    atUs,
    fromUs: Math.min(from.startUs, atUs),
  };
}
