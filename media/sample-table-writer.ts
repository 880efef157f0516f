import { box, fullBox, largestU32, noFlags, u32, type BoxPart } from "./box-writer.ts";
import { MediaError } from "./media-error.ts";
import type { PlacedSample, PlacedTrack } from "./media-layout.ts";
import { RunLengths, TableRows } from "./table-rows.ts";
import type { Track } from "./track.ts";

/**
 * The tables of one progressive track, grown sample by sample: what is kept is what is written, so that a plan of
 * a day needs memory for its tables and not for its samples.
 */
export class TrackTables implements PlacedTrack {
  readonly track: Track;
  readonly #durations = new RunLengths();
  readonly #compositions = new RunLengths();
  readonly #syncNumbers = new TableRows();
  readonly #sizes = new TableRows();
  readonly #chunkRuns = new TableRows();
  readonly #chunkStarts: number[] = [];
  #firstSizeBytes = 0;
  #hasOneSize = true;
  #isReordered = false;
  #lowestComposition = 0;
  #lastChunkCount = -1;
  #chunkCount = 0;
  /** The last sample's duration is written when it is known where the next one begins. */
  #pendingTicks = -1;
  #firstDecodeTicks = 0;
  #nextDecodeTicks = 0;

  constructor(track: Track) {
    this.track = track;
  }

  get timescale(): number {
    return this.track.timescale;
  }

  get sampleCount(): number {
    return this.#sizes.length;
  }

  /** Decode time of the first sample. */
  get firstDecodeTicks(): number {
    return this.#firstDecodeTicks;
  }

  /** What all samples last. */
  get mediaTicks(): number {
    return this.#nextDecodeTicks - this.#firstDecodeTicks;
  }

  /** How far composition times must move up so that no offset is negative. */
  get shiftTicks(): number {
    return -this.#lowestComposition;
  }

  /** The last sample of the batch before lasts until here. */
  beginBatch(firstDecodeTicks: number): void {
    if (this.sampleCount === 0) this.#firstDecodeTicks = firstDecodeTicks;
    else this.#pendingTicks += firstDecodeTicks - this.#nextDecodeTicks;
    this.#nextDecodeTicks = firstDecodeTicks;
  }

  beginChunk(chunkStart: number): void {
    this.#chunkStarts.push(chunkStart);
    this.#chunkCount = 0;
  }

  addSample({ durationTicks, compositionOffsetTicks, isSync }: PlacedSample, sizeBytes: number): void {
    this.#flushDuration();
    this.#pendingTicks = durationTicks;
    this.#nextDecodeTicks += durationTicks;
    this.#compositions.add(compositionOffsetTicks);
    this.#isReordered ||= compositionOffsetTicks !== 0;
    if (compositionOffsetTicks < this.#lowestComposition) this.#lowestComposition = compositionOffsetTicks;
    if (this.sampleCount === 0) this.#firstSizeBytes = sizeBytes;
    this.#hasOneSize &&= sizeBytes === this.#firstSizeBytes;
    this.#sizes.add(sizeBytes);
    if (isSync) this.#syncNumbers.add(this.sampleCount);
    this.#chunkCount++;
  }

  /** A row of `stsc` where the number of samples changes. */
  endChunk(): void {
    if (this.#chunkCount === this.#lastChunkCount) return;
    for (const field of [this.#chunkStarts.length, this.#chunkCount, 1]) this.#chunkRuns.add(field);
    this.#lastChunkCount = this.#chunkCount;
  }

  /** The tables that do not depend on where the media begins; to be called once, after the last sample. */
  finish(): BoxPart[] {
    this.#flushDuration();
    // ISO/IEC 14496-12: stts 8.6.1.2, ctts 8.6.1.3, stss 8.6.2, stsz 8.7.3.2, stsc 8.7.4.
    const tables: BoxPart[] = [this.#durations.toBox("stts")];
    if (this.#isReordered) tables.push(this.#compositions.toBox("ctts", this.shiftTicks));
    // Without a table every sample is a place to start decoding.
    if (this.#syncNumbers.length < this.sampleCount) tables.push(this.#syncNumbers.toBox("stss"));
    return [...tables, this.#sizeTable(), this.#chunkRuns.toBox("stsc", { fieldsPerRow: 3 })];
  }

  /** Length of what `chunkOffsetTable` makes. */
  chunkOffsetTableBytes(wide: boolean): number {
    return 16 + this.#chunkStarts.length * (wide ? 8 : 4);
  }

  /**
   * `stco`, or `co64` when `wide`: where each chunk begins in the file (ISO/IEC 14496-12, 8.7.5).
   * @param mediaStart place in the file of the first media byte.
   */
  chunkOffsetTable(mediaStart: number, wide: boolean): Buffer {
    const starts = this.#chunkStarts;
    const content = Buffer.allocUnsafe(8 + starts.length * (wide ? 8 : 4));
    content.writeUInt32BE(0, 0);
    let at = content.writeUInt32BE(starts.length, 4);
    for (const start of starts) {
      const place = mediaStart + start;
      if (wide) at = content.writeUInt32BE(Math.floor(place / (largestU32 + 1)), at);
      at = content.writeUInt32BE(place % (largestU32 + 1), at);
    }
    return box(wide ? "co64" : "stco", content);
  }

  #flushDuration(): void {
    if (this.#pendingTicks < 0) return;
    checkDuration(this.#pendingTicks);
    this.#durations.add(this.#pendingTicks);
    this.#pendingTicks = -1;
  }

  #sizeTable(): BoxPart {
    const isCommon = this.#hasOneSize && this.#firstSizeBytes > 0;
    if (isCommon) return fullBox("stsz", noFlags, u32(this.#firstSizeBytes, this.sampleCount));
    return this.#sizes.toBox("stsz", { before: u32(0) });
  }
}

function checkDuration(ticks: number): void {
  if (ticks >= 0 && ticks <= largestU32) return;
  throw new MediaError("OUT_OF_RANGE", `A sample cannot last ${ticks} ticks.`);
}
