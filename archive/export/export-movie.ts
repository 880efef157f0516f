import { ProgressiveFileBuilder, type SampleBatch, type VirtualFile } from "#media/progressive-writer.ts";
import type { Edit } from "#media/track.ts";
import type { FootageIndex } from "../index/footage-index.ts";
import type { FootageFileRow, SessionRow } from "../index/index-rows.ts";
import { drawnClock, soundClock } from "../index/session-clock.ts";
import type { SteppedWork } from "../ground/stepped-work.ts";
import type { ExportFormat } from "./export-format.ts";
import { PictureChooser, type ShownPicture } from "./picture-chooser.ts";
import { SoundChooser } from "./sound-chooser.ts";
import type { InstantRange } from "./timed-samples.ts";
import { FileClock, timescaleForGap } from "./file-clock.ts";
import { silenceFor, SilentGaps } from "./silent-gaps.ts";

/**
 * How much of one track comes before the next one's turn: about a footage file, which is then read in one go.
 */
const CHUNK_SECONDS = 4;

/** Index of the picture's track in the file. */
const PICTURE = 0;

interface SoundTrack {
  readonly chooser: SoundChooser;
  /** Undefined where no silence is known for its sound. */
  readonly gaps: SilentGaps | undefined;
  /** Index of the track in the file, once it has a packet. */
  fileTrack: number | undefined;
}

interface TrackBatch {
  readonly index: number;
  readonly batch: SampleBatch;
}

/** The time that a file is of. */
export interface FileTime {
  /** What is shown. */
  readonly range: InstantRange;
  /** Start of the export's first session, microseconds UTC. */
  readonly originUs: number;
  /** No time between two samples in the range is longer. */
  readonly longestGapUs: number;
}

/** A footage file that goes into the file. */
export interface SourceFile {
  readonly session: SessionRow;
  readonly row: FootageFileRow;
  /** Number by which the file's pieces name the footage file. */
  readonly source: number;
}

/** Builds the file of an export footage file by footage file, in order of time. */
export class ExportMovie {
  readonly #index: FootageIndex;
  readonly #format: ExportFormat;
  readonly #builder: ProgressiveFileBuilder;
  readonly #picture: PictureChooser;
  readonly #pictureClock: FileClock;
  readonly #sounds: readonly SoundTrack[];
  /** The tracks of sound in the file, in their order. */
  readonly #soundOrder: SoundTrack[] = [];

  constructor(index: FootageIndex, format: ExportFormat, { range, originUs, longestGapUs }: FileTime) {
    const clockOf = (timescale: number): FileClock =>
      new FileClock(originUs, timescaleForGap(timescale, longestGapUs));
    this.#index = index;
    this.#format = format;
    const literals = [...format.literals];
    this.#pictureClock = clockOf(format.picture.timescale);
    this.#picture = new PictureChooser(range, this.#pictureClock);
    this.#sounds = format.sounds.map((track): SoundTrack => {
      const fileClock = clockOf(track.timescale);
      const silence = silenceFor(track, literals.length);
      if (silence !== undefined) literals.push(silence.bytes);
      const gaps = silence && new SilentGaps(silence.silence, fileClock.timescale);
      return { chooser: new SoundChooser(range, fileClock), gaps, fileTrack: undefined };
    });
    this.#builder = new ProgressiveFileBuilder({ chunkSeconds: CHUNK_SECONDS, literals });
    this.#builder.addTrack({ ...format.picture, timescale: this.#pictureClock.timescale });
  }

  /** In steps of `work`, as a gap can hold hours of silence. */
  async add(footageFile: SourceFile, work: SteppedWork): Promise<void> {
    const picture = this.#pictureBatch(footageFile);
    const sound = this.#soundBatches(footageFile);
    // Silence of a gap is in the file before the footage after it.
    for (const batch of sound.slice(0, -1)) {
      this.#builder.add([batch]);
      await work.step();
    }
    this.#builder.add([picture, sound.at(-1)].filter((batch) => batch !== undefined));
  }

  /** Null when no frame is shown. To be called once, after the last footage file. */
  finish(createdUtcMs: number): { readonly file: VirtualFile; readonly shown: ShownPicture } | null {
    const { shown } = this.#picture;
    if (shown === undefined) return null;
    const startTicks = shown.startTicks - this.#builder.firstDecodeTicks(0);
    const picture = [{ mediaStartTicks: startTicks, durationTicks: shown.endTicks - shown.startTicks }];
    const sounds = this.#soundOrder.map((sound) => this.#soundEdits(sound, shown));
    return { file: this.#builder.finish([picture, ...sounds], { createdUtcMs }), shown };
  }

  #pictureBatch({ session, row, source }: SourceFile): TrackBatch | undefined {
    const literal = this.#format.literalOf(session.id);
    const origin = { clock: drawnClock(session, row), source, literal };
    const batch = this.#picture.choose(row, this.#index.samples(row.id), origin);
    return batch && { index: PICTURE, batch };
  }

  #soundBatches({ session, row, source }: SourceFile): TrackBatch[] {
    const recorded = soundClock(session);
    const clock = recorded && drawnClock(recorded, row);
    const sound = this.#sounds[this.#format.soundOf(session.id) ?? -1];
    const packed = clock && sound ? this.#index.soundSamples(row.id) : null;
    if (clock === null || sound === undefined || packed === null) return [];
    const batch = sound.chooser.choose(row, packed, { clock, source, literal: undefined });
    if (batch === undefined) return [];
    const index = this.#trackOf(sound);
    return (sound.gaps?.fill(batch) ?? [batch]).map((part) => ({ index, batch: part }));
  }

  #trackOf(sound: SoundTrack): number {
    if (sound.fileTrack !== undefined) return sound.fileTrack;
    const track = this.#format.sounds[this.#sounds.indexOf(sound)]!;
    sound.fileTrack = this.#builder.addTrack({ ...track, timescale: sound.chooser.fileClock.timescale });
    this.#soundOrder.push(sound);
    return sound.fileTrack;
  }

  /** The sound begins and ends exactly with the picture, be it within a packet. */
  #soundEdits({ chooser, fileTrack }: SoundTrack, shown: ShownPicture): Edit[] {
    const { fileClock, startTicks, endTicks } = chooser;
    const wantedTicks = fileClock.fromClock(this.#pictureClock, shown.startTicks);
    const heardTicks = Math.max(wantedTicks, startTicks);
    const untilTicks = Math.min(fileClock.fromClock(this.#pictureClock, shown.endTicks), endTicks);
    const mediaStartTicks = heardTicks - this.#builder.firstDecodeTicks(fileTrack ?? PICTURE);
    // Sound that lies wholly outside of the picture is in the file, but a player hears nothing of it.
    const heard = { mediaStartTicks, durationTicks: Math.max(1, untilTicks - heardTicks) };
    const lateTicks = heardTicks - wantedTicks;
    return lateTicks > 0 ? [{ mediaStartTicks: -1, durationTicks: lateTicks }, heard] : [heard];
  }
}
