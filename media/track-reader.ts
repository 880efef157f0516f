import {
  boxesBetween,
  childrenOf,
  findChild,
  largestHeaderBytes,
  boxMissing,
  parseBoxHeader,
  requireChild,
  type Box,
} from "./box-reader.ts";
import { BoxCursor } from "./box-cursor.ts";
import { codecString } from "./codec-string.ts";
import { MediaError } from "./media-error.ts";
import { unityMatrix } from "./movie-boxes.ts";
import type { Track } from "./track.ts";

/** A track and the boxes it was read from. */
export interface TrackBoxes {
  track: Track;
  trak: Box;
  sampleTable: Box;
}

/** The `moov` among top-level boxes; throws `BOX_MISSING`. */
export function requireMovie(bytes: Buffer): Box {
  const moov = boxesBetween(bytes, 0, bytes.length).find((box) => box.type === "moov");
  if (!moov) throw boxMissing("moov", "file");
  return moov;
}

/** Timescale of the movie header (ISO/IEC 14496-12, 8.2.2), in which edits are long. */
export function readMovieTimescale(bytes: Buffer, moov: Box): number {
  return readTimescale(bytes, requireChild(bytes, moov, "mvhd"));
}

const PICTURE_AND_SOUND: readonly Track["handler"][] = ["vide", "soun"];

/** The tracks of picture and sound, or of one of both alone; any other kind is passed over unread. */
export function readTracks(bytes: Buffer, moov: Box, handlers = PICTURE_AND_SOUND): TrackBoxes[] {
  return childrenOf(bytes, moov)
    .filter((box) => box.type === "trak")
    .flatMap((trak) => readTrack(bytes, trak, handlers) ?? []);
}

function readTrack(bytes: Buffer, trak: Box, handlers: readonly Track["handler"][]): TrackBoxes | undefined {
  const named = readHandler(bytes, requireChild(bytes, trak, "mdia", "hdlr"));
  const handler = handlers.find((each) => each === named);
  if (handler === undefined) return undefined;
  const sampleTable = requireChild(bytes, trak, "mdia", "minf", "stbl");
  const sampleEntry = readSampleEntry(bytes, sampleTable);
  const header = readTrackHeader(bytes, requireChild(bytes, trak, "tkhd"));
  const size = handler === "vide" ? shownSize(header, sampleEntry) : { width: 0, height: 0 };
  const timescale = readTimescale(bytes, requireChild(bytes, trak, "mdia", "mdhd"));
  const codec = codecString(sampleEntry, handler);
  const matrix = handler === "vide" ? turned(header.matrix) : undefined;
  const turning = matrix === undefined ? {} : { matrix };
  const track = { trackId: header.trackId, handler, timescale, codec, ...size, ...turning, sampleEntry };
  return { track, trak, sampleTable };
}

// ISO/IEC 14496-12, 8.4.3.
function readHandler(bytes: Buffer, hdlr: Box): string {
  const fields = new BoxCursor(bytes, hdlr);
  fields.skip(8);
  return fields.type();
}

/** Nobody counts finer than in nanoseconds; what is above is damage. */
const mostTimescale = 1_000_000_000;

// mdhd (8.4.2) and mvhd (8.2.2) begin alike: two times, then the timescale.
function readTimescale(bytes: Buffer, header: Box): number {
  const fields = new BoxCursor(bytes, header);
  fields.skip(fields.versionAndFlags().version === 1 ? 16 : 8);
  const timescale = fields.u32();
  if (timescale === 0) throw new MediaError("BOX_INVALID", `The timescale in '${header.type}' is zero.`);
  if (timescale > mostTimescale)
    throw new MediaError("OUT_OF_RANGE", `The timescale in '${header.type}' is ${timescale} a second.`);
  return timescale;
}

// ISO/IEC 14496-12, 8.3.2; width and height are 16.16 fixed-point numbers at the very end.
function readTrackHeader(
  bytes: Buffer,
  tkhd: Box,
): { trackId: number; width: number; height: number; matrix: Buffer } {
  const fields = new BoxCursor(bytes, tkhd);
  const wide = fields.versionAndFlags().version === 1;
  fields.skip(wide ? 16 : 8);
  const trackId = fields.u32();
  fields.skip((wide ? 12 : 8) + 16);
  const matrixAt = fields.skip(matrixBytes);
  const [width, height] = [fields.u32() >>> 16, fields.u32() >>> 16];
  if (trackId === 0) throw new MediaError("BOX_INVALID", "A track has the number zero.");
  return { trackId, width, height, matrix: Buffer.from(bytes.subarray(matrixAt, matrixAt + matrixBytes)) };
}

const matrixBytes = 36;

/** Some writers leave it at zero, which would show nothing at all, and mean that nothing is turned. */
function turned(matrix: Buffer): Buffer | undefined {
  return matrix.equals(unityMatrix) || matrix.every((byte) => byte === 0) ? undefined : matrix;
}

/**
 * The description of a track's samples (ISO/IEC 14496-12, 8.5.2). A file may hold several; the samples' chunks say which of
 * them are used (8.7.4), and more than one cannot stand in one track here.
 */
function readSampleEntry(bytes: Buffer, sampleTable: Box): Buffer {
  const entries = readSampleEntries(bytes, requireChild(bytes, sampleTable, "stsd"));
  const used = [...usedDescriptions(bytes, sampleTable)].map((number) => entries[number - 1]);
  // Without samples, as in an initialization segment, fragments could use any of them.
  const [first, ...others] = used.length === 0 ? entries : used;
  if (first === undefined || others.includes(undefined))
    throw new MediaError("BOX_INVALID", "Samples refer to a description that is not there.");
  if (others.some((other) => other?.equals(first) !== true))
    throw new MediaError("UNSUPPORTED", "It changes its format in the middle.");
  const type = first.toString("latin1", 4, 8);
  if (type === "encv" || type === "enca")
    throw new MediaError(
      "UNSUPPORTED",
      "It is encrypted by its maker and can be played only with a licence.",
    );
  return first;
}

function readSampleEntries(bytes: Buffer, stsd: Box): Buffer[] {
  const fields = new BoxCursor(bytes, stsd);
  fields.skip(4);
  const count = fields.u32();
  const entries: Buffer[] = [];
  // What fills the box behind the last entry is passed over.
  for (let at = fields.position; entries.length < count && at < stsd.end;) {
    const entry = parseBoxHeader(
      bytes.subarray(at, Math.min(at + largestHeaderBytes, stsd.end)),
      at,
      stsd.end,
    );
    // A copy, so that a track does not keep the whole buffer in memory.
    entries.push(Buffer.from(bytes.subarray(entry.start, entry.end)));
    at = entry.end;
  }
  if (entries.length === 0 || entries.length < count) throw boxMissing("sample entry", "stsd");
  return entries;
}

/** Numbers of the descriptions that chunks name. */
function usedDescriptions(bytes: Buffer, sampleTable: Box): Set<number> {
  const stsc = findChild(bytes, sampleTable, "stsc");
  const used = new Set<number>();
  if (stsc === undefined) return used;
  const fields = new BoxCursor(bytes, stsc);
  fields.skip(4);
  const count = fields.u32();
  const start = fields.skip(count * 12);
  for (let row = 0; row < count; row++) used.add(bytes.readUInt32BE(start + row * 12 + 8));
  return used;
}

// Some writers leave the track header's size at zero; the sample entry (12.1.3) then tells the coded size.
function shownSize(header: { width: number; height: number }, sampleEntry: Buffer) {
  if (header.width > 0 && header.height > 0) return { width: header.width, height: header.height };
  const fields = new BoxCursor(sampleEntry, { type: "stsd", start: 0, body: 32, end: sampleEntry.length });
  return { width: fields.u16(), height: fields.u16() };
}
