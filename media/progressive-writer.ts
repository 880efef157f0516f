import { box, largestU32, openBoxHeader } from "./box-writer.ts";
import { editBox, rescale } from "./edit-list.ts";
import { MediaError } from "./media-error.ts";
import { layOutMedia, type MediaLayout, type Piece, type PlacedSample } from "./media-layout.ts";
import { fileTime, fileTypeBox, movieHeaderBox, trackBox } from "./movie-boxes.ts";
import {
  chunkOffsetTable,
  chunkOffsetTableBytes,
  samplesPerChunkTable,
  timeAndSizeTables,
} from "./sample-table-writer.ts";
import type { Edit, Track } from "./track.ts";

export type { Piece, PlacedSample } from "./media-layout.ts";
export type { Edit } from "./track.ts";

/** A track of the file to be made. */
export interface TrackPlan {
  track: Track;
  /** In decode order. The first is decoded at 0, each other when the one before has lasted its duration. */
  samples: PlacedSample[];
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
  lengthBytes: number;
}

/**
 * Plans a progressive MP4 file with its tables first: `ftyp`, `moov`, `mdat`. A pure function: the same plan gives
 * the same bytes. The media bytes are copied untouched; several tracks take turns of half a second.
 *
 * The first frame shown is the one composed at the first edit's `mediaStartTicks`: readers decode from the sync
 * sample before it and throw away what comes earlier. Composition offsets are written unsigned (`ctts` version 0,
 * which every reader understands); if some are negative, all are moved up by the same amount and the edit list
 * takes it back, so `edits` is given as if nothing were moved.
 * @param options `createdUtcMs`: written as the time of creation.
 * @throws MediaError `NO_SAMPLES` for a track without samples, `OUT_OF_RANGE` for numbers no file can hold.
 */
export function planProgressiveFile(tracks: TrackPlan[], options: { createdUtcMs: number }): VirtualFile {
  checkPlan(tracks);
  const layout = layOutMedia(tracks);
  const movie = new MovieWriter(tracks, layout, fileTime(options.createdUtcMs));
  const mdatHeader = openBoxHeader("mdat", layout.lengthBytes);
  const fileType = fileTypeBox("isom", "iso2", "mp41");
  const startWith = (wide: boolean) => fileType.length + movie.lengthBytes(wide) + mdatHeader.length;
  const wide = startWith(false) + layout.lengthBytes > largestU32;
  const header = Buffer.concat([fileType, movie.toBox(startWith(wide), wide), mdatHeader]);
  return { header, pieces: layout.pieces, lengthBytes: header.length + layout.lengthBytes };
}

function checkPlan(tracks: readonly TrackPlan[]): void {
  if (tracks.length === 0) throw new MediaError("NO_SAMPLES", "A file without a track was asked for.");
  const ids = new Set<number>();
  for (const { track, samples, edits } of tracks) {
    if (samples.length === 0) throw new MediaError("NO_SAMPLES", `Track ${track.trackId} has no samples.`);
    if (!(track.trackId > 0) || ids.has(track.trackId)) {
      throw new MediaError("OUT_OF_RANGE", `Track number ${track.trackId} is not positive and unique.`);
    }
    ids.add(track.trackId);
    checkEdits(edits);
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
  plan: TrackPlan;
  mediaTicks: number;
  edits: Edit[];
  shownMovieTicks: number;
  tables: Buffer[];
}

class MovieWriter {
  readonly #parts: TrackParts[];
  readonly #layout: MediaLayout;
  readonly #createdTime: number;
  readonly #timescale: number;
  readonly #lengthWithoutOffsets: number;

  constructor(tracks: readonly TrackPlan[], layout: MediaLayout, createdTime: number) {
    this.#timescale = commonTimescale(tracks.map(({ track }) => track.timescale));
    this.#layout = layout;
    this.#createdTime = createdTime;
    this.#parts = tracks.map((plan, index) => this.#prepare(plan, index));
    this.#lengthWithoutOffsets = this.#assemble(() => []).length;
  }

  lengthBytes(wide: boolean): number {
    const tables = this.#layout.chunks.map((chunks) => chunkOffsetTableBytes(chunks, wide));
    return tables.reduce((sum, lengthBytes) => sum + lengthBytes, this.#lengthWithoutOffsets);
  }

  toBox(mediaStart: number, wide: boolean): Buffer {
    return this.#assemble((index) => [chunkOffsetTable(this.#layout.chunks[index]!, mediaStart, wide)]);
  }

  #prepare(plan: TrackPlan, index: number): TrackParts {
    const { mediaTicks, shiftTicks } = measure(plan.samples);
    const edits = shiftedEdits(plan.edits, shiftTicks, mediaTicks);
    const inMovie = (ticks: number) => rescale(ticks, plan.track.timescale, this.#timescale);
    const shown = edits.length > 0 ? edits.map((edit) => edit.durationTicks) : [mediaTicks];
    const shownMovieTicks = shown.reduce((sum, ticks) => sum + inMovie(ticks), 0);
    const chunkTable = samplesPerChunkTable(this.#layout.chunks[index]!);
    const tables = [...timeAndSizeTables(plan.samples, shiftTicks), chunkTable];
    return { plan, mediaTicks, edits, shownMovieTicks, tables };
  }

  #assemble(offsetTable: (trackIndex: number) => Buffer[]): Buffer {
    const header = movieHeaderBox({
      timescale: this.#timescale,
      durationTicks: Math.max(...this.#parts.map((part) => part.shownMovieTicks)),
      createdTime: this.#createdTime,
      nextTrackId: Math.max(...this.#parts.map((part) => part.plan.track.trackId)) + 1,
    });
    return box("moov", header, ...this.#parts.map((part, index) => this.#track(part, offsetTable(index))));
  }

  #track({ plan, mediaTicks, edits, shownMovieTicks, tables }: TrackParts, offsetTable: Buffer[]): Buffer {
    const times = { createdTime: this.#createdTime, shownMovieTicks, mediaTicks };
    const { track } = plan;
    const list = edits.length > 0 ? editBox(edits, track.timescale, this.#timescale) : undefined;
    return trackBox(track, times, list, [...tables, ...offsetTable]);
  }
}

/** What the samples last, and how far their composition times must move up so that no offset is negative. */
function measure(samples: readonly PlacedSample[]): { mediaTicks: number; shiftTicks: number } {
  let [mediaTicks, lowest] = [0, 0];
  for (const sample of samples) {
    mediaTicks += sample.durationTicks;
    if (sample.compositionOffsetTicks < lowest) lowest = sample.compositionOffsetTicks;
  }
  return { mediaTicks, shiftTicks: -lowest };
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
