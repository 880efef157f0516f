import { childrenOf, boxMissing, parseBoxHeader, requireChild, type Box } from "./box-reader.ts";
import { BoxCursor } from "./box-cursor.ts";
import { behindLossFlag } from "./fragment-writer.ts";
import { MediaError } from "./media-error.ts";
import type { Sample } from "./track.ts";

/** The samples of one track in one fragment. */
export interface FragmentTrack {
  trackId: number;
  /** Decode time of the first sample, in the track's ticks. */
  baseDecodeTicks: number;
  /** Offsets are those of the file that holds the fragment. */
  samples: Sample[];
}

/** What a sample is like where nothing nearer to it says otherwise. */
export interface SampleDefaults {
  durationTicks: number;
  sizeBytes: number;
  /** ISO/IEC 14496-12, 8.8.3.1. */
  flags: number;
}

/** Defaults by track number. */
export type InitDefaults = ReadonlyMap<number, SampleDefaults>;

/** More samples in one fragment are a damaged count: at 1000 a second this is over a quarter of an hour. */
const mostSamples = 1 << 20;

/** Bit of the sample flags that says decoding cannot start here (8.8.3.1). */
const nonSyncFlag = 0x10000;

// Flags of `tfhd` (8.8.7) and `trun` (8.8.8).
const tfhdFlags = {
  baseOffset: 1,
  description: 2,
  duration: 8,
  size: 0x10,
  flags: 0x20,
  baseIsMoof: 0x20000,
};
const trunFlags = {
  dataOffset: 1,
  firstFlags: 4,
  duration: 0x100,
  size: 0x200,
  flags: 0x400,
  composition: 0x800,
};

interface FragmentHeader {
  trackId: number;
  /** Where data offsets count from; undefined: from the end of the preceding track's data. */
  baseOffset: number | undefined;
  defaults: Partial<SampleDefaults>;
}

/** A whole `moof`, and where it lies in its file. */
export interface PlacedMoof {
  readonly bytes: Buffer;
  readonly offset: number;
  readonly fileLengthBytes: number;
}

/** Reads the `traf` boxes of a `moof`. */
export function readTrackFragments(moof: PlacedMoof, initDefaults: InitDefaults): FragmentTrack[] {
  const { bytes } = moof;
  const outer = parseBoxHeader(bytes.subarray(0, 16), 0, bytes.length);
  const tracks: FragmentTrack[] = [];
  let dataEnd = moof.offset;
  for (const traf of childrenOf(bytes, outer)) {
    if (traf.type !== "traf") continue;
    const header = readFragmentHeader(moof, requireChild(bytes, traf, "tfhd"), initDefaults);
    const runs = new RunReader(moof, header, header.baseOffset ?? dataEnd);
    for (const child of childrenOf(bytes, traf)) if (child.type === "trun") runs.read(child);
    dataEnd = runs.dataEnd;
    const baseDecodeTicks = readDecodeTime(bytes, requireChild(bytes, traf, "tfdt"));
    tracks.push({ trackId: header.trackId, baseDecodeTicks, samples: runs.samples });
  }
  return tracks;
}

// ISO/IEC 14496-12, 8.8.12.
function readDecodeTime(moof: Buffer, tfdt: Box): number {
  const fields = new BoxCursor(moof, tfdt);
  return fields.versionAndFlags().version === 1 ? fields.u64() : fields.u32();
}

// ISO/IEC 14496-12, 8.8.7.
function readFragmentHeader(moof: PlacedMoof, tfhd: Box, initDefaults: InitDefaults): FragmentHeader {
  const fields = new BoxCursor(moof.bytes, tfhd);
  const { flags } = fields.versionAndFlags();
  const trackId = fields.u32();
  const explicitBase = flags & tfhdFlags.baseOffset ? fields.u64() : undefined;
  if (flags & tfhdFlags.description) fields.skip(4);
  const defaults: Partial<SampleDefaults> = { ...initDefaults.get(trackId) };
  if (flags & tfhdFlags.duration) defaults.durationTicks = fields.u32();
  if (flags & tfhdFlags.size) defaults.sizeBytes = fields.u32();
  if (flags & tfhdFlags.flags) defaults.flags = fields.u32();
  const baseOffset = explicitBase ?? (flags & tfhdFlags.baseIsMoof ? moof.offset : undefined);
  return { trackId, baseOffset, defaults };
}

/** Reads the runs of one track fragment one after the other (ISO/IEC 14496-12, 8.8.8). */
class RunReader {
  readonly samples: Sample[] = [];
  /** Where the data of the last run ends, which is where the next begins unless it says otherwise. */
  dataEnd: number;
  readonly #moof: PlacedMoof;
  readonly #header: FragmentHeader;
  readonly #baseOffset: number;

  constructor(moof: PlacedMoof, header: FragmentHeader, baseOffset: number) {
    this.#moof = moof;
    this.#header = header;
    this.#baseOffset = baseOffset;
    this.dataEnd = baseOffset;
  }

  read(trun: Box): void {
    const fields = new BoxCursor(this.#moof.bytes, trun);
    const { flags } = fields.versionAndFlags();
    const count = fields.u32();
    if (this.samples.length + count > mostSamples) {
      throw new MediaError("OUT_OF_RANGE", `A fragment claims to have ${count} samples.`);
    }
    if (flags & trunFlags.dataOffset) this.dataEnd = this.#baseOffset + fields.i32();
    const firstFlags = flags & trunFlags.firstFlags ? fields.u32() : undefined;
    for (let index = 0; index < count; index++) {
      this.#readSample(fields, flags, index === 0 ? firstFlags : undefined);
    }
  }

  #readSample(fields: BoxCursor, present: number, firstFlags: number | undefined): void {
    const durationTicks = present & trunFlags.duration ? fields.u32() : this.#default("durationTicks");
    const sizeBytes = present & trunFlags.size ? fields.u32() : this.#default("sizeBytes");
    const ownFlags = present & trunFlags.flags ? fields.u32() : undefined;
    const flags = firstFlags ?? ownFlags ?? this.#default("flags");
    // Signed in both versions: offsets of 2^31 do not exist, but writers that put negative ones into version 0 do.
    const compositionOffsetTicks = present & trunFlags.composition ? fields.i32() : 0;
    const offset = this.dataEnd;
    this.dataEnd += sizeBytes;
    if (offset < 0 || this.dataEnd > this.#moof.fileLengthBytes) {
      throw new MediaError(
        "BOX_TRUNCATED",
        `A sample of ${sizeBytes} bytes at ${offset} is outside the file.`,
      );
    }
    const isSync = (flags & nonSyncFlag) === 0;
    const sample = { offset, sizeBytes, durationTicks, compositionOffsetTicks, isSync };
    this.samples.push((flags & behindLossFlag) === 0 ? sample : { ...sample, isBehindLoss: true });
  }

  #default(field: keyof SampleDefaults): number {
    const value = this.#header.defaults[field];
    if (value === undefined) throw boxMissing(`trex for track ${this.#header.trackId}`, "moov");
    return value;
  }
}
