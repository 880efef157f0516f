import {
  box,
  boxParts,
  fullBox,
  i32,
  largestU32,
  noFlags,
  time,
  u16,
  u32,
  type BoxPart,
} from "./box-writer.ts";
import type { Track } from "./track.ts";

/** Seconds from the format's epoch, the start of 1904, to 1970. */
const epochSeconds = 2_082_844_800;

/** Time of a file as the format counts it: whole seconds since 1904. */
export function fileTime(utcMs: number): number {
  return Math.floor(utcMs / 1000) + epochSeconds;
}

// The picture neither turned nor scaled (ISO/IEC 14496-12, 6.2.2).
export const unityMatrix = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

function versionFor(...times: number[]): 0 | 1 {
  return times.some((value) => value > largestU32) ? 1 : 0;
}

export interface MovieHeader {
  timescale: number;
  durationTicks: number;
  createdTime: number;
  nextTrackId: number;
}

/** `mvhd`, ISO/IEC 14496-12, 8.2.2. */
export function movieHeaderBox({ timescale, durationTicks, createdTime, nextTrackId }: MovieHeader): Buffer {
  const version = versionFor(durationTicks, createdTime);
  const times = [time(version, createdTime), time(version, createdTime)];
  const rateAndVolume = [u32(0x10000), u16(0x0100, 0), u32(0, 0)];
  const rest = [...rateAndVolume, unityMatrix, Buffer.alloc(24), u32(nextTrackId)];
  return fullBox(
    "mvhd",
    { version, flags: 0 },
    ...times,
    u32(timescale),
    time(version, durationTicks),
    ...rest,
  );
}

export interface TrackTimes {
  createdTime: number;
  /** What is shown, in the movie's ticks. */
  shownMovieTicks: number;
  /** What is in the file, in the track's ticks. */
  mediaTicks: number;
}

/** The boxes of a `trak` that are made elsewhere. */
export interface TrackContent {
  readonly edts?: Buffer | undefined;
  /** What the `stbl` holds after `stsd`. */
  readonly tables: readonly BoxPart[];
}

/** The parts of a `trak`, whose tables can be large. */
export function trackBox(track: Track, times: TrackTimes, { edts, tables }: TrackContent): BoxPart[] {
  const dataReference = fullBox("dref", noFlags, u32(1), fullBox("url ", { version: 0, flags: 1 }));
  const sampleTable = boxParts("stbl", fullBox("stsd", noFlags, u32(1), track.sampleEntry), ...tables);
  const information = boxParts("minf", mediaTypeBox(track), box("dinf", dataReference), ...sampleTable);
  const media = boxParts("mdia", mediaHeaderBox(track, times), handlerBox(track), ...information);
  return boxParts("trak", trackHeaderBox(track, times), ...(edts ? [edts] : []), ...media);
}

/** Flags: the track is enabled and part of the presentation (ISO/IEC 14496-12, 8.3.2). */
const enabledInMovie = 3;

function trackHeaderBox(track: Track, { createdTime, shownMovieTicks }: TrackTimes): Buffer {
  const version = versionFor(createdTime, shownMovieTicks);
  const created = time(version, createdTime);
  const identity = [created, created, u32(track.trackId, 0), time(version, shownMovieTicks), u32(0, 0)];
  const volume = track.handler === "soun" ? 0x0100 : 0;
  const matrix = track.matrix ?? unityMatrix;
  const look = [u16(0, 0, volume, 0), matrix, u32(track.width * 0x10000, track.height * 0x10000)];
  return fullBox("tkhd", { version, flags: enabledInMovie }, ...identity, ...look);
}

/** Language code "und", undetermined: three letters of five bits (ISO/IEC 14496-12, 8.4.2). */
const undetermined = 0x55c4;

function mediaHeaderBox(track: Track, { createdTime, mediaTicks }: TrackTimes): Buffer {
  const version = versionFor(createdTime, mediaTicks);
  const created = time(version, createdTime);
  const fields = [created, created, u32(track.timescale), time(version, mediaTicks), u16(undetermined, 0)];
  return fullBox("mdhd", { version, flags: 0 }, ...fields);
}

// ISO/IEC 14496-12, 8.4.3.
function handlerBox(track: Track): Buffer {
  const name = track.handler === "vide" ? "Video\0" : "Audio\0";
  const handler = Buffer.from(track.handler, "latin1");
  return fullBox("hdlr", noFlags, u32(0), handler, u32(0, 0, 0), Buffer.from(name, "latin1"));
}

// ISO/IEC 14496-12, 12.1.2 and 12.2.2.
function mediaTypeBox(track: Track): Buffer {
  if (track.handler === "vide") return fullBox("vmhd", { version: 0, flags: 1 }, u16(0, 0, 0, 0));
  return fullBox("smhd", noFlags, i32(0));
}

/** `ftyp`, ISO/IEC 14496-12, 4.3; the first brand is also the major one. */
export function fileTypeBox(...brands: [string, ...string[]]): Buffer {
  return box("ftyp", Buffer.from(brands[0], "latin1"), u32(0x200), Buffer.from(brands.join(""), "latin1"));
}
