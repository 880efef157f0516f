import { boxesBetween, childrenOf, missing, requireChild, type Box } from "./box-reader.ts";
import { BoxCursor } from "./box-cursor.ts";
import { codecString } from "./codec-string.ts";
import { MediaError } from "./media-error.ts";
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
  if (!moov) throw missing("moov", "file");
  return moov;
}

/** Timescale of the movie header (ISO/IEC 14496-12, 8.2.2), in which edits are long. */
export function readMovieTimescale(bytes: Buffer, moov: Box): number {
  return readTimescale(bytes, requireChild(bytes, moov, "mvhd"));
}

/** The tracks of picture and sound; any other kind is passed over. */
export function readTracks(bytes: Buffer, moov: Box): TrackBoxes[] {
  return childrenOf(bytes, moov)
    .filter((box) => box.type === "trak")
    .flatMap((trak) => readTrack(bytes, trak) ?? []);
}

function readTrack(bytes: Buffer, trak: Box): TrackBoxes | undefined {
  const handler = readHandler(bytes, requireChild(bytes, trak, "mdia", "hdlr"));
  if (handler !== "vide" && handler !== "soun") return undefined;
  const sampleTable = requireChild(bytes, trak, "mdia", "minf", "stbl");
  const sampleEntry = readSampleEntry(bytes, requireChild(bytes, sampleTable, "stsd"));
  const header = readTrackHeader(bytes, requireChild(bytes, trak, "tkhd"));
  const size = handler === "vide" ? shownSize(header, sampleEntry) : { width: 0, height: 0 };
  const timescale = readTimescale(bytes, requireChild(bytes, trak, "mdia", "mdhd"));
  const codec = codecString(sampleEntry, handler);
  const track = { trackId: header.trackId, handler, timescale, codec, ...size, sampleEntry } as const;
  return { track, trak, sampleTable };
}

// ISO/IEC 14496-12, 8.4.3.
function readHandler(bytes: Buffer, hdlr: Box): string {
  const fields = new BoxCursor(bytes, hdlr);
  fields.skip(8);
  return fields.type();
}

// mdhd (8.4.2) and mvhd (8.2.2) begin alike: two times, then the timescale.
function readTimescale(bytes: Buffer, header: Box): number {
  const fields = new BoxCursor(bytes, header);
  fields.skip(fields.versionAndFlags().version === 1 ? 16 : 8);
  const timescale = fields.u32();
  if (timescale === 0) throw new MediaError("BOX_INVALID", `The timescale in '${header.type}' is zero.`);
  return timescale;
}

// ISO/IEC 14496-12, 8.3.2; width and height are 16.16 fixed-point numbers at the very end.
function readTrackHeader(bytes: Buffer, tkhd: Box): { trackId: number; width: number; height: number } {
  const fields = new BoxCursor(bytes, tkhd);
  const wide = fields.versionAndFlags().version === 1;
  fields.skip(wide ? 16 : 8);
  const trackId = fields.u32();
  fields.skip((wide ? 12 : 8) + 52);
  const [width, height] = [fields.u32() >>> 16, fields.u32() >>> 16];
  if (trackId === 0) throw new MediaError("BOX_INVALID", "A track has the number zero.");
  return { trackId, width, height };
}

// ISO/IEC 14496-12, 8.5.2.
function readSampleEntry(bytes: Buffer, stsd: Box): Buffer {
  const fields = new BoxCursor(bytes, stsd);
  fields.skip(4);
  const count = fields.u32();
  if (count !== 1) throw new MediaError("UNSUPPORTED", `A track has ${count} sample descriptions, not one.`);
  const [entry] = boxesBetween(bytes, fields.position, stsd.end);
  if (!entry) throw missing("sample entry", "stsd");
  // A copy, so that a track does not keep the whole buffer in memory.
  return Buffer.from(bytes.subarray(entry.start, entry.end));
}

// Some writers leave the track header's size at zero; the sample entry (12.1.3) then tells the coded size.
function shownSize(header: { width: number; height: number }, sampleEntry: Buffer) {
  if (header.width > 0 && header.height > 0) return { width: header.width, height: header.height };
  const fields = new BoxCursor(sampleEntry, { type: "stsd", start: 0, body: 32, end: sampleEntry.length });
  return { width: fields.u16(), height: fields.u16() };
}
