import {
  readFragments,
  readInitDefaults,
  readInitSegment,
  type InitDefaults,
} from "#media/fragmented-reader.ts";
import { MediaError } from "#media/media-error.ts";
import type { Track } from "#media/track.ts";

/** One coded frame, or one packet of sound, as ffmpeg gave it out. */
export interface PipedSample {
  /** When it is shown, by the source's own clock, in microseconds. */
  readonly mediaUs: number;
  /** When it is decoded, by the same clock; ffmpeg works it out from what it knows of B-frames. */
  readonly decodeUs: number;
  /** Until the next one, by the same clock. */
  readonly lengthUs: number;
  readonly isSync: boolean;
  readonly bytes: Buffer;
}

export interface PipeListener {
  /** Once, before the first sample. */
  readonly onTrack: (track: Track) => void;
  readonly onSample: (sample: PipedSample) => void;
}

/** Length and type of a box (ISO/IEC 14496-12, 4.2). */
const BOX_HEADER_BYTES = 8;

/** A box beyond this is no frame: the stream is damaged. */
const LARGEST_BOX_BYTES = 64 * 1024 * 1024;

/**
 * Reads fragmented MP4 as it comes from a pipe, one frame a fragment.
 * @returns takes the next bytes; throws MediaError where they are not fragmented MP4
 */
export function pipeReader(listener: PipeListener): (bytes: Buffer) => void {
  const nextBox = boxCutter();
  let head: Buffer[] = [];
  let moof: Buffer | null = null;
  let media: { track: Track; defaults: InitDefaults } | null = null;
  const take = (box: Buffer): void => {
    const type = box.toString("latin1", 4, BOX_HEADER_BYTES);
    if (media === null) {
      head.push(box);
      if (type !== "moov") return;
      media = readHead(Buffer.concat(head));
      head = [];
      listener.onTrack(media.track);
    } else if (type === "moof") moof = box;
    else if (type === "mdat" && moof !== null) {
      for (const sample of readSamples(oneBehindOther(moof, box), media)) listener.onSample(sample);
      moof = null;
    }
  };
  return (bytes) => {
    for (let box = nextBox(bytes); box !== null; box = nextBox(null)) take(box);
  };
}

/** Boxes that came together are not copied: a frame's is nearly all that there is to copy. */
function oneBehindOther(first: Buffer, second: Buffer): Buffer {
  const isAdjacent = first.buffer === second.buffer && first.byteOffset + first.length === second.byteOffset;
  if (!isAdjacent) return Buffer.concat([first, second]);
  return Buffer.from(first.buffer, first.byteOffset, first.length + second.length);
}

/** Cuts whole boxes out of bytes that come in pieces; a large one is put together once, when it is whole. */
function boxCutter(): (more: Buffer | null) => Buffer | null {
  let pieces: Buffer[] = [];
  let lengthBytes = 0;
  const joined = (): Buffer => {
    const all = pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces);
    pieces = [all];
    return all;
  };
  let wantedBytes = BOX_HEADER_BYTES;
  return (more) => {
    if (more !== null && more.length > 0) {
      pieces.push(more);
      lengthBytes += more.length;
    }
    if (lengthBytes < wantedBytes) return null;
    const all = joined();
    wantedBytes = all.readUInt32BE(0);
    if (wantedBytes < BOX_HEADER_BYTES || wantedBytes > LARGEST_BOX_BYTES)
      throw new MediaError("BOX_INVALID", `The recorder gave out a box of ${wantedBytes} bytes.`);
    if (lengthBytes < wantedBytes) return null;
    const box = all.subarray(0, wantedBytes);
    pieces = [all.subarray(wantedBytes)];
    lengthBytes -= wantedBytes;
    wantedBytes = BOX_HEADER_BYTES;
    return box;
  };
}

function readHead(bytes: Buffer): { track: Track; defaults: InitDefaults } {
  const [track] = readInitSegment(bytes);
  if (track === undefined) throw new MediaError("BOX_MISSING", "The recorder gave out no track.");
  return { track, defaults: readInitDefaults(bytes) };
}

function readSamples(
  fragment: Buffer,
  { track, defaults }: { readonly track: Track; readonly defaults: InitDefaults },
): PipedSample[] {
  const [read] = readFragments(fragment, defaults).flatMap(({ tracks }) => tracks);
  let decodeTicks = read?.baseDecodeTicks ?? 0;
  return (read?.samples ?? []).map((sample) => {
    const { compositionOffsetTicks, isSync, offset, sizeBytes, durationTicks } = sample;
    const usOf = (ticks: number): number => (ticks * 1e6) / track.timescale;
    const [mediaUs, decodeUs] = [usOf(decodeTicks + compositionOffsetTicks), usOf(decodeTicks)];
    const lengthUs = usOf(durationTicks);
    decodeTicks += durationTicks;
    return { mediaUs, decodeUs, lengthUs, isSync, bytes: fragment.subarray(offset, offset + sizeBytes) };
  });
}
