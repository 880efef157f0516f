import { boxParts, joinParts, largestU32, openBoxHeader, totalBytes, type BoxPart } from "./box-writer.ts";
import { editBox, rescale } from "./edit-list.ts";
import { MediaError } from "./media-error.ts";
import { MediaLayout, type Piece, type SampleBatch, type SampleSequence } from "./media-layout.ts";
import { fileTime, fileTypeBox, movieHeaderBox, trackBox } from "./movie-boxes.ts";
import { TrackTables } from "./sample-table-writer.ts";
import type { Edit, Track } from "./track.ts";

export type { Piece, PlacedSample, SampleBatch, SampleSequence } from "./media-layout.ts";
export type { Edit } from "./track.ts";

/** A track of the file to be made. */
export interface TrackPlan {
  track: Track;
  /** In decode order. The first is decoded at 0, each other when the one before has lasted its duration. */
  samples: SampleSequence;
  /**
   * In the track's ticks; none: everything is shown from composition time 0 on. Best is one, after an empty one where
   * the track starts late. A hole in time is made by a longer duration of the sample before it: the frame stays on
   * screen. Every further edit moves the times after it by a frame or two where there are B-frames (in FFmpeg).
   */
  edits: Edit[];
}

/** A file that is not stored anywhere: its first bytes, and where the rest is copied from. */
export interface VirtualFile {
  header: Buffer;
  pieces: Piece[];
  /** Bytes that pieces refer to and no source holds. */
  literals?: readonly Buffer[];
  lengthBytes: number;
}

/** Short chunks save players memory. */
const usualChunkSeconds = 0.5;

/**
 * Plans a progressive MP4 file with its tables first: `ftyp`, `moov`, `mdat`. A pure function: the same plan gives
 * the same bytes. The media bytes are copied untouched; several tracks take turns of half a second.
 * @param options `createdUtcMs`: written as the time of creation. `literals`: what samples name as theirs
 * @throws MediaError `NO_SAMPLES` for a track without samples, `OUT_OF_RANGE` for numbers no file can hold.
 */
export function planProgressiveFile(
  tracks: TrackPlan[],
  options: { createdUtcMs: number; literals?: readonly Buffer[] },
): VirtualFile {
  const builder = new ProgressiveFileBuilder(options);
  const added = tracks.map(({ track, samples }) => ({
    index: builder.addTrack(track),
    batch: { firstDecodeTicks: 0, samples },
  }));
  builder.add(added);
  return builder.finish(
    tracks.map(({ edits }) => edits),
    options,
  );
}

interface BuilderOptions {
  readonly chunkSeconds?: number;
  readonly literals?: readonly Buffer[] | undefined;
}

/**
 * Plans a progressive MP4 file batch by batch, as from one footage file after the other; memory grows by the
 * tables alone.
 *
 * The first frame shown is the one composed at the first edit's `mediaStartTicks`: readers decode from the sync
 * sample before it and throw away what comes earlier. Composition offsets are written unsigned (`ctts` version 0,
 * which every reader understands); if some are negative, all are moved up by the same amount and the edit list
 * takes it back, so edits are given as if nothing were moved.
 */
export class ProgressiveFileBuilder {
  readonly #tracks: TrackTables[] = [];
  readonly #layout: MediaLayout;
  readonly #literals: readonly Buffer[];

  /** @param options `chunkSeconds`: how much of a track comes before the next one's turn */
  constructor({ chunkSeconds = usualChunkSeconds, literals = [] }: BuilderOptions = {}) {
    this.#literals = literals;
    this.#layout = new MediaLayout(chunkSeconds, literals);
  }

  /** @returns the track's index. @throws MediaError `OUT_OF_RANGE` for a number that is not positive and unique */
  addTrack(track: Track): number {
    const isTaken = this.#tracks.some((known) => known.track.trackId === track.trackId);
    if (!(track.trackId > 0) || isTaken) {
      throw new MediaError("OUT_OF_RANGE", `Track number ${track.trackId} is not positive and unique.`);
    }
    return this.#tracks.push(new TrackTables(track)) - 1;
  }

  /**
   * Adds samples in decode order; the last one of the batch before lasts until the new one begins.
   * @throws MediaError `OUT_OF_RANGE` for numbers no file can hold, or a batch that begins before the last sample
   */
  add(batches: readonly { index: number; batch: SampleBatch }[]): void {
    this.#layout.add(batches.map(({ index, batch }) => ({ track: this.#tracks[index]!, batch })));
  }

  /** Decode time of a track's first sample, which edits count from. */
  firstDecodeTicks(index: number): number {
    return this.#tracks[index]!.firstDecodeTicks;
  }

  /**
   * Ends the plan.
   * @param edits of each track in its order, counted from the decode time of its first sample
   * @throws MediaError `NO_SAMPLES` for a track without samples, and without a track
   */
  finish(edits: readonly (readonly Edit[])[], options: { createdUtcMs: number }): VirtualFile {
    this.#check(edits);
    const movie = new MovieWriter(this.#tracks, edits, fileTime(options.createdUtcMs));
    const { pieces, lengthBytes } = this.#layout;
    const mdatHeader = openBoxHeader("mdat", lengthBytes);
    const fileType = fileTypeBox("isom", "iso2", "mp41");
    const startWith = (wide: boolean) => fileType.length + movie.lengthBytes(wide) + mdatHeader.length;
    const wide = startWith(false) + lengthBytes > largestU32;
    const header = joinParts([fileType, ...movie.toParts(startWith(wide), wide), mdatHeader]);
    return { header, pieces, literals: this.#literals, lengthBytes: header.length + lengthBytes };
  }

  #check(edits: readonly (readonly Edit[])[]): void {
    if (this.#tracks.length === 0)
      throw new MediaError("NO_SAMPLES", "A file without a track was asked for.");
    for (const { track, sampleCount } of this.#tracks) {
      if (sampleCount === 0) throw new MediaError("NO_SAMPLES", `Track ${track.trackId} has no samples.`);
    }
    edits.forEach(checkEdits);
  }
}

/**
 * An empty edit is taken only at the start. FFmpeg and with it Chromium, VLC and others do not honour one further
 * on: they show frames from the start of the file in its place (measured with FFmpeg 5.1 and Chromium 15x).
 */
function checkEdits(edits: readonly Edit[]): void {
  edits.forEach(checkEdit);
  if (edits.length === 0) return;
  const lastEmpty = edits.findLastIndex((edit) => edit.mediaStartTicks === -1);
  if (lastEmpty <= 0 && edits.length > lastEmpty + 1) return;
  throw new MediaError(
    "UNSUPPORTED",
    "An edit that shows nothing is possible only at the start: elsewhere players show other footage instead.",
  );
}

function checkEdit({ mediaStartTicks, durationTicks }: Edit): void {
  const sound = Number.isSafeInteger(mediaStartTicks) && Number.isSafeInteger(durationTicks);
  if (!sound || mediaStartTicks < -1 || durationTicks <= 0) {
    throw new MediaError(
      "OUT_OF_RANGE",
      `An edit of ${durationTicks} ticks from ${mediaStartTicks} is impossible.`,
    );
  }
}

/** Everything about a track but the place of its chunks, which is known only when the header's length is. */
interface TrackParts {
  tables: TrackTables;
  boxes: BoxPart[];
  edits: Edit[];
  shownMovieTicks: number;
}

class MovieWriter {
  readonly #parts: TrackParts[];
  readonly #createdTime: number;
  readonly #timescale: number;
  readonly #lengthWithoutOffsets: number;

  constructor(tracks: readonly TrackTables[], edits: readonly (readonly Edit[])[], createdTime: number) {
    this.#timescale = commonTimescale(tracks.map(({ timescale }) => timescale));
    this.#createdTime = createdTime;
    this.#parts = tracks.map((tables, index) => this.#prepare(tables, edits[index] ?? []));
    this.#lengthWithoutOffsets = totalBytes(this.#assemble(() => []));
  }

  lengthBytes(wide: boolean): number {
    return this.#parts.reduce(
      (sum, { tables }) => sum + tables.chunkOffsetTableBytes(wide),
      this.#lengthWithoutOffsets,
    );
  }

  toParts(mediaStart: number, wide: boolean): BoxPart[] {
    return this.#assemble((tables) => [tables.chunkOffsetTable(mediaStart, wide)]);
  }

  #prepare(tables: TrackTables, asked: readonly Edit[]): TrackParts {
    const boxes = tables.finish();
    const { mediaTicks, shiftTicks, timescale } = tables;
    const edits = shiftedEdits(asked, shiftTicks, mediaTicks);
    const inMovie = (ticks: number) => rescale(ticks, timescale, this.#timescale);
    const shown = edits.length > 0 ? edits.map((edit) => edit.durationTicks) : [mediaTicks];
    const shownMovieTicks = shown.reduce((sum, ticks) => sum + inMovie(ticks), 0);
    return { tables, boxes, edits, shownMovieTicks };
  }

  #assemble(offsetTable: (tables: TrackTables) => BoxPart[]): BoxPart[] {
    const header = movieHeaderBox({
      timescale: this.#timescale,
      durationTicks: Math.max(...this.#parts.map((part) => part.shownMovieTicks)),
      createdTime: this.#createdTime,
      nextTrackId: Math.max(...this.#parts.map((part) => part.tables.track.trackId)) + 1,
    });
    return boxParts(
      "moov",
      header,
      ...this.#parts.flatMap((part) => this.#track(part, offsetTable(part.tables))),
    );
  }

  #track({ tables, boxes, edits, shownMovieTicks }: TrackParts, offsetTable: BoxPart[]): BoxPart[] {
    const times = { createdTime: this.#createdTime, shownMovieTicks, mediaTicks: tables.mediaTicks };
    const timescales = { track: tables.timescale, movie: this.#timescale };
    const edts = edits.length > 0 ? editBox(edits, timescales) : undefined;
    return trackBox(tables.track, times, { edts, tables: [...boxes, ...offsetTable] });
  }
}

function shiftedEdits(edits: readonly Edit[], shiftTicks: number, mediaTicks: number): Edit[] {
  if (edits.length === 0)
    return shiftTicks > 0 ? [{ mediaStartTicks: shiftTicks, durationTicks: mediaTicks }] : [];
  return edits.map(({ mediaStartTicks, durationTicks }) => ({
    mediaStartTicks: mediaStartTicks === -1 ? -1 : mediaStartTicks + shiftTicks,
    durationTicks,
  }));
}

/** Above this some readers' arithmetic with whole days leaves 64 bits. */
const largestTimescale = 0x7fff_ffff;

/**
 * The lowest timescale in which the times of all tracks are whole numbers, as the edit list counts its durations
 * in the movie's ticks and must not round them; the first track's own where that would be too high.
 */
function commonTimescale(timescales: number[]): number {
  const common = timescales.reduce((a, b) => (a / greatestCommonDivisor(a, b)) * b);
  return common <= largestTimescale ? common : timescales[0]!;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
