import { boxesBetween, childrenOf, requireChild, type Box } from "../box-reader.ts";
import { BoxCursor } from "../box-cursor.ts";
import { largestU32 } from "../box-writer.ts";
import { MediaError } from "../media-error.ts";

/** How far to move each track, by track number, in its ticks; tracks that are absent stay. */
export type TrackShifts = ReadonlyMap<number, bigint | number>;

/**
 * A copy of a media segment in which every decode time (`tfdt`, ISO/IEC 14496-12, 8.8.12) is moved. A 32-bit time
 * that becomes too large is widened, and what counts bytes is put right. Segment indexes (`sidx`, 8.16.3) move along,
 * or become free space where they cannot; their timescale is taken to be the track's.
 * @throws MediaError for a damaged media segment, and `OUT_OF_RANGE` when a time would become negative or absurd.
 */
export function withShiftedDecodeTime(mediaSegment: Buffer, shiftTicks: TrackShifts): Buffer {
  const mover = new MediaSegmentMover(mediaSegment, shiftTicks);
  const boxes = boxesBetween(mediaSegment, 0, mediaSegment.length);
  for (const box of boxes) if (box.type === "moof") mover.moveFragment(box);
  for (const box of boxes) if (box.type === "sidx") mover.moveIndex(box);
  return mover.result();
}

/** A tfdt's upper half, to be put in where the box had room only for the lower one. */
interface Insertion {
  at: number;
  upperHalf: Buffer;
}

class MediaSegmentMover {
  readonly #bytes: Buffer;
  readonly #shifts: TrackShifts;
  readonly #insertions: Insertion[] = [];

  constructor(mediaSegment: Buffer, shifts: TrackShifts) {
    this.#bytes = Buffer.from(mediaSegment);
    this.#shifts = shifts;
  }

  moveFragment(moof: Box): void {
    const trafs = childrenOf(this.#bytes, moof).filter((box) => box.type === "traf");
    const insertionsBefore = this.#insertions.length;
    // The sizes are changed last, as the boxes are still being read by them.
    const widened = trafs.map((traf) => this.#moveTrack(traf));
    const grownBytes = (this.#insertions.length - insertionsBefore) * 4;
    if (grownBytes === 0) return;
    trafs.forEach((traf, index) => this.#moveDataOffsets(traf, index === 0, grownBytes));
    trafs.forEach((traf, index) => {
      const tfdt = widened[index];
      if (!tfdt) return;
      this.#grow(tfdt, 4);
      this.#grow(traf, 4);
    });
    this.#grow(moof, grownBytes);
  }

  moveIndex(sidx: Box): void {
    const fields = new BoxCursor(this.#bytes, sidx);
    const { version } = fields.versionAndFlags();
    const shift = this.#shiftOf(fields.u32());
    fields.skip(4);
    const at = fields.position;
    const moved = moveTime(version === 1 ? fields.u64() : fields.u32(), shift);
    const holds = version === 1 || moved <= largestU32;
    if (this.#insertions.length > 0 || !holds) this.#bytes.write("free", sidx.start + 4, "latin1");
    else this.#writeTime(at, version, moved);
  }

  result(): Buffer {
    let done = 0;
    const parts = this.#insertions.flatMap(({ at, upperHalf }) => {
      const before = this.#bytes.subarray(done, at);
      done = at;
      return [before, upperHalf];
    });
    return parts.length === 0 ? this.#bytes : Buffer.concat([...parts, this.#bytes.subarray(done)]);
  }

  /** Gives the `tfdt` if it must become wider. */
  #moveTrack(traf: Box): Box | undefined {
    const header = new BoxCursor(this.#bytes, requireChild(this.#bytes, traf, "tfhd"));
    header.skip(4);
    const shift = this.#shiftOf(header.u32());
    const tfdt = requireChild(this.#bytes, traf, "tfdt");
    const fields = new BoxCursor(this.#bytes, tfdt);
    const { version } = fields.versionAndFlags();
    const at = fields.position;
    const moved = moveTime(version === 1 ? fields.u64() : fields.u32(), shift);
    if (version === 1 || moved <= largestU32) {
      this.#writeTime(at, version, moved);
      return undefined;
    }
    this.#bytes.writeUInt8(1, tfdt.body);
    this.#bytes.writeUInt32BE(moved % (largestU32 + 1), at);
    const upperHalf = Buffer.alloc(4);
    upperHalf.writeUInt32BE(Math.floor(moved / (largestU32 + 1)));
    this.#insertions.push({ at, upperHalf });
    return tfdt;
  }

  #writeTime(at: number, version: number, ticks: number): void {
    if (version === 1) this.#bytes.writeBigUInt64BE(BigInt(ticks), at);
    else this.#bytes.writeUInt32BE(ticks, at);
  }

  // Data offsets count from the moof, from the file's start, or from the track before (8.8.7); the last need no change.
  #moveDataOffsets(traf: Box, isFirst: boolean, grownBytes: number): void {
    const header = new BoxCursor(this.#bytes, requireChild(this.#bytes, traf, "tfhd"));
    const { flags } = header.versionAndFlags();
    header.skip(4);
    if (flags & 1) {
      const at = header.position;
      const allGrownBytes = this.#insertions.length * 4;
      this.#bytes.writeBigUInt64BE(BigInt(header.u64() + allGrownBytes), at);
    } else if (isFirst || flags & 0x20000) {
      for (const trun of childrenOf(this.#bytes, traf)) this.#moveRun(trun, grownBytes);
    }
  }

  #moveRun(trun: Box, grownBytes: number): void {
    if (trun.type !== "trun") return;
    const fields = new BoxCursor(this.#bytes, trun);
    const { flags } = fields.versionAndFlags();
    fields.skip(4);
    if (!(flags & 1)) return;
    const at = fields.position;
    this.#bytes.writeInt32BE(fields.i32() + grownBytes, at);
  }

  #grow(box: Box, bytes: number): void {
    const sizeBytes = box.end - box.start + bytes;
    if (box.body - box.start === 8) this.#bytes.writeUInt32BE(sizeBytes, box.start);
    else this.#bytes.writeBigUInt64BE(BigInt(sizeBytes), box.start + 8);
  }

  #shiftOf(trackId: number): number {
    return Number(this.#shifts.get(trackId) ?? 0);
  }
}

function moveTime(ticks: number, shift: number): number {
  const moved = ticks + shift;
  if (Number.isSafeInteger(moved) && moved >= 0) return moved;
  throw new MediaError("OUT_OF_RANGE", `The decode time ${ticks} cannot be moved by ${shift}.`);
}
