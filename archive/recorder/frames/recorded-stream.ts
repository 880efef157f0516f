import { canBeOf, statedFormat } from "#media/stated-format.ts";
import { withPictureRatio } from "#media/picture-ratio.ts";
import { ratioOf } from "#shared/domain/picture-ratio.ts";
import type { Track } from "#media/track.ts";
import type { SentStamps } from "./sent-stamps.ts";
import { ArrivalFinder, type Arrived } from "./arrival-finder.ts";
import type { CameraStamp } from "./camera-time-log.ts";
import { FootageWriter, type DatedSample, type FootageWriterOptions } from "./footage-writer.ts";
import { type CameraClock, CameraOwnTime } from "./camera-own-time.ts";
import type { FrameSink } from "./frame-sink.ts";
import { LossMarks } from "./loss-marks.ts";
import { FrameDater, type ClockJump } from "./frame-dater.ts";
import { pipeReader, type PipedSample } from "./pipe-reader.ts";
import { PresentationOrder } from "./presentation-order.ts";
import { SoundDater } from "./sound-dater.ts";
import { shownClock } from "./shown-clock.ts";
import { SteadyStart } from "./steady-start.ts";
import { monotonicUs, wallOriginUs, WallWatch } from "./wall-clock.ts";

/** Frames that wait in ffmpeg: one in its parser, one in its MP4 writer. Sound is not parsed. */
const PICTURE_LAG = 2;
const SOUND_LAG = 1;

/** ISO/IEC 14496-15: ffmpeg writes four bytes of length before each unit. */
const UNIT_LENGTH_BYTES = 4;

/** Frames that are held until the sound has said what it is; it may never do so. */
const EARLY_MAX = 25;

/** So many frames in a row that cannot be of the codec are of another one. */
const FOREIGN_MOST = 3;

/** Packets of sound that wait for the picture; a source may never send one. */
const SOUND_HELD_MAX = 256;

/** For so much of a footage file the first packets of sound may wait to be dated. */
const SOUND_HELD_SHARE = 0.75;

/** Of the time by which frames of another order are decoded before they are shown: what their clock may be off. */
const ROOM_US = 100_000;

/** ffmpeg's words of what is missing come by another way than its frames, and later by so much. */
const SAID_LATER_US = 50_000;

export interface RecordedStreamOptions extends Pick<
  FootageWriterOptions,
  "dir" | "cameraId" | "fileUs" | "sessionUs" | "leftOut" | "ratio" | "onFile" | "onFailure"
> {
  readonly hasSound: boolean;
  /** Gets the picture as it is written, for those who watch. */
  readonly live: FrameSink | null;
  /** Times of picture and sound can be compared. */
  readonly hasSharedTimes: boolean;
  /** The instant of the first frame of a source that is in step with the wall clock; null where arrival tells. */
  readonly inStepFromUs: number | null;
  /** The camera's clock went back, for which the stream before this one had to end; null where it did not. */
  readonly behindJump: ClockJump | null;
  /** The camera's own clock as it comes over the line. */
  readonly stamps: SentStamps;
  /** The picture was given out, whether or not it can be written already. */
  readonly onFrame: () => void;
  /** A frame was written. */
  readonly onWritten: () => void;
  /** The track that a key frame is of which states another format than the head of the stream; null where nobody knows. */
  readonly trackOf: (before: Track, keyFrame: Buffer) => Promise<Track | null>;
  /** The camera changed its picture's format; recording goes on in a new session. */
  readonly onNewFormat: (track: Track) => void;
  /** The camera changed its picture's format, and to which is not known; no more is written. Once. */
  readonly onFormatChanged: () => void;
  /** The wall clock was set; a source that is in step with it must be begun anew. */
  readonly onClockSet: () => void;
}

/**
 * What ffmpeg gives out of one camera, frame by frame, dated and written. Arrivals are counted by the clock that nobody
 * sets; a session ties it to the wall clock.
 */
export class RecordedStream {
  readonly #options: RecordedStreamOptions;
  readonly #dater = new FrameDater();
  readonly #order = new PresentationOrder();
  readonly #ownTime: CameraOwnTime;
  readonly #soundDater: SoundDater<PipedSample>;
  readonly #arrivals: ArrivalFinder<PipedSample>;
  readonly #start: SteadyStart<PipedSample>;
  readonly #soundArrivals: ArrivalFinder<PipedSample>;
  readonly #wall = new WallWatch();
  #originUs = wallOriginUs();
  #newOriginUs: number | null = null;
  #picture: Track | null = null;
  #sound: Track | null = null;
  #writer: FootageWriter | null = null;
  #format: string | null = null;
  #hasFormatChanged = false;
  #hasNewTrack = false;
  /** While it is found out which format the camera has changed to; whatever is to be written waits for that. */
  #changing: Promise<void> | null = null;
  #firstMediaUs: number | null = null;
  /** What waits until it is known whether there is sound, or which format the picture has. Done, it answers true. */
  #early: (() => boolean)[] = [];
  /** Sound that waits for the first frame to be dated. */
  #soundHeld: Arrived<PipedSample>[] | null = [];
  #emittedUs = 0;
  #hasFrames = false;
  /** Frames in a row that cannot be of the codec. */
  #foreign = 0;
  readonly #saidLosses = new LossMarks();
  /** When the last frame arrived. */
  #arrivedUs = -Infinity;

  /** Take the bytes of the two pipes as they come. @throws MediaError when they are not fragmented MP4 */
  readonly addPicture: (bytes: Buffer) => void;
  readonly addSound: (bytes: Buffer) => void;

  constructor(options: RecordedStreamOptions) {
    this.#options = options;
    this.#ownTime = new CameraOwnTime(options.stamps, this.#dater, options.behindJump);
    this.#soundDater = new SoundDater<PipedSample>(
      shownClock(this.#dater, this.#order, {
        hasSharedTimes: options.hasSharedTimes,
        firstMediaUs: () => this.#firstMediaUs,
        soundLaterUs: () => options.stamps()?.soundLaterUs ?? null,
      }),
      (sample, instantUs) => this.#writeSound(sample, instantUs),
      // Held sound is written into the first footage file, which must be open.
      options.fileUs * SOUND_HELD_SHARE,
    );
    const comingUs = (samples: readonly PipedSample[]): number[] => this.#order.comingUs(samples);
    this.#start = new SteadyStart(
      comingUs,
      (arrived, cameUs) => this.#date(arrived, cameUs),
      (pace) => this.#dater.expect(pace),
    );
    this.#arrivals = new ArrivalFinder(PICTURE_LAG, comingUs, (arrived) => this.#start.push(arrived));
    this.#soundArrivals = new ArrivalFinder(
      SOUND_LAG,
      (samples) => samples.map(({ mediaUs }) => mediaUs),
      (arrived) => this.#dateSound(arrived),
    );
    const readPicture = pipeReader({
      onTrack: (track) => this.#begin(track),
      onSample: (sample) => this.#takePicture(sample),
    });
    const readSound = pipeReader({
      onTrack: (track) => (this.#sound = track),
      onSample: (sample) => this.#takeSound(sample),
    });
    this.addPicture = (bytes) => {
      this.#emittedUs = monotonicUs();
      readPicture(bytes);
    };
    this.addSound = (bytes) => readSound(bytes);
  }

  /** What the camera's own clock did; null where frames are dated by it. */
  get cameraClock(): CameraClock | null {
    const pace = this.#dater.steadyPace ?? 1;
    return this.#options.inStepFromUs === null ? { pace, ...this.#ownTime.told } : null;
  }

  /** Resolves when all that ffmpeg gave out is on the disk and told of. */
  async end(): Promise<void> {
    this.#arrivals.end();
    this.#start.end();
    this.#soundArrivals.end();
    this.#soundDater.release();
    this.#writeDue();
    while (this.#changing !== null) await this.#changing;
    this.#options.live?.end();
    await this.#writer?.end();
  }

  #begin(track: Track): void {
    this.#picture = this.#shaped(track);
    this.#arrivals.headUs = this.#emittedUs;
    this.#arrivals.firstUs = this.#options.stamps()?.firstUs ?? null;
  }

  /** In the shape that was set for the camera: what it sends stays as it is. */
  #shaped(track: Track): Track {
    const ratio = ratioOf(this.#options.ratio ?? "");
    return ratio === null ? track : withPictureRatio(track, ratio);
  }

  /** Sound that comes before the picture is dated waits for it. */
  #dateSound(arrived: Arrived<PipedSample>): void {
    if (this.#soundHeld !== null && this.#soundHeld.length < SOUND_HELD_MAX)
      return void this.#soundHeld.push(arrived);
    const { sample, arrivalUs, laterArrivalsUs } = arrived;
    const nextArrivalUs = laterArrivalsUs[0];
    this.#soundDater.take(sample, { mediaUs: sample.mediaUs, arrivalUs, nextArrivalUs });
  }

  #writeSound(sample: PipedSample, instantUs: number): void {
    this.#whenBegun(() => this.#writer?.soundPacket({ ...sample, ...moved({ instantUs }, this.#originUs) }));
  }

  #releaseSound(): void {
    const held = this.#soundHeld ?? [];
    this.#soundHeld = null;
    for (const arrived of held) this.#dateSound(arrived);
  }

  /** @param cameUs by the camera's clock, in the order in which frames come */
  #date({ sample, arrivalUs, laterArrivalsUs }: Arrived<PipedSample>, cameUs: number): void {
    const { pace } = this.#dater;
    const spreadUs = this.#order.spreadUs * pace;
    const decodeUs = this.#dater.instant({ mediaUs: cameUs, arrivalUs, spreadUs, laterArrivalsUs });
    const coded = { mediaUs: sample.mediaUs, decodeUs: cameUs };
    const instant = { decodeUs, instantUs: this.#order.instant(coded, decodeUs, pace) };
    this.#write({ ...sample, isBehindLoss: this.#isBehindLoss(arrivalUs) }, instant, {
      ...this.#ownTime.of(sample.mediaUs, arrivalUs),
      pace: this.#dater.pace,
    });
    this.#releaseSound();
    this.#soundDater.passed(arrivalUs);
  }

  /** ffmpeg said that packets of the camera are missing. */
  noteLoss(): void {
    this.#saidLosses.note(monotonicUs());
  }

  /** What comes through the gate is counted there; of what goes past it ffmpeg tells. */
  #isBehindLoss(arrivalUs: number): boolean {
    const afterUs = this.#arrivedUs;
    this.#arrivedUs = arrivalUs;
    const isSaid = this.#saidLosses.isBetween(afterUs, arrivalUs + SAID_LATER_US);
    return isSaid || this.#options.stamps()?.losses.isBetween(afterUs, arrivalUs) === true;
  }

  #takePicture(sample: PipedSample): void {
    this.#options.onFrame();
    if (this.#isForeign(sample)) return;
    this.#order.see(sample);
    this.#firstMediaUs ??= sample.mediaUs;
    this.#lookAtWall();
    if (this.#options.inStepFromUs === null) this.#arrivals.push(sample, this.#emittedUs);
    else this.#write(sample, this.#inStep(sample));
  }

  /** Frames of another codec, which ffmpeg takes for what the camera said at first, are not written. */
  #isForeign({ bytes }: PipedSample): boolean {
    const track = this.#picture;
    if (track === null || canBeOf(track, bytes, UNIT_LENGTH_BYTES)) {
      this.#foreign = 0;
      this.#hasFrames = true;
      return false;
    }
    this.#foreign++;
    if (this.#foreign === FOREIGN_MOST) this.#noteOtherCodec();
    return true;
  }

  /** The camera sends another codec than it said: it must be asked anew what it sends. @throws Error where it always did */
  #noteOtherCodec(): void {
    if (this.#hasFormatChanged) return;
    if (!this.#hasFrames) throw new Error("The camera sends pictures of another codec than it says.");
    this.#hasFormatChanged = true;
    this.#options.onFormatChanged();
  }

  #takeSound(sample: PipedSample): void {
    if (this.#options.inStepFromUs === null) this.#soundArrivals.push(sample, monotonicUs());
    else this.#whenBegun(() => this.#writer?.soundPacket({ ...sample, ...this.#inStep(sample) }));
  }

  /** The instant in a source whose clock is the wall's, picture and sound alike. */
  #inStep({ mediaUs, decodeUs }: PipedSample): Instant {
    const zeroUs = (this.#options.inStepFromUs ?? 0) - (this.#firstMediaUs ?? 0);
    return { instantUs: zeroUs + mediaUs, decodeUs: zeroUs + decodeUs };
  }

  #write(sample: WrittenSample, instant: Instant, camera?: CameraStamp): void {
    this.#early.push(() => this.#writeNow(sample, instant, camera));
    // The sound says what it is at the same time as the picture, by another pipe.
    const isWaiting = this.#options.hasSound && this.#sound === null;
    if (!isWaiting || this.#early.length >= EARLY_MAX) this.#writeDue();
  }

  /** In order: what cannot be written yet is waited for by all that came after it. */
  #writeDue(): void {
    for (let work = this.#early[0]; work !== undefined && this.#changing === null; work = this.#early[0]) {
      if (!work()) return;
      this.#early.shift();
    }
  }

  #whenBegun(work: () => void): void {
    const whole = (): boolean => {
      work();
      return true;
    };
    if (this.#writer === null) this.#early.push(whole);
    else whole();
  }

  /** @returns false where it must be found out first which format the camera has changed to */
  #writeNow(sample: WrittenSample, instant: Instant, camera?: CameraStamp): boolean {
    const track = this.#picture;
    if (track === null || this.#hasFormatChanged) return true;
    if (!sample.isSync && this.#writer === null) return true;
    if (sample.isSync && this.#isOtherFormat(track, sample.bytes)) {
      this.#changing = this.#changeFormat(track, sample.bytes);
      return false;
    }
    const hasNewOrigin = sample.isSync && this.#takeNewOrigin();
    const isNew = this.#writer === null || hasNewOrigin || this.#hasNewTrack;
    this.#hasNewTrack = false;
    if (isNew && this.#writer !== null) this.#soundDater.release();
    const isFirst = this.#writer === null;
    this.#writer ??= this.#newWriter(track);
    const dated = { ...sample, ...moved(instant, this.#zeroUs()) };
    const withTime =
      camera === undefined ? dated : { ...dated, camera: this.#onWall(camera, dated, isFirst) };
    this.#writer.frame(withTime);
    if (isNew) this.#options.live?.begin(track, dated);
    this.#options.live?.frame(dated);
    this.#options.onWritten();
    return true;
  }

  /** The connection stays, and with it every frame: a session with another head follows from the same ffmpeg. */
  async #changeFormat(before: Track, keyFrame: Buffer): Promise<void> {
    const track = await this.#options.trackOf(before, keyFrame).catch(() => null);
    this.#changing = null;
    if (track === null) {
      this.#hasFormatChanged = true;
      this.#options.onFormatChanged();
    } else {
      this.#picture = this.#shaped(track);
      this.#format = statedFormat(track, keyFrame, UNIT_LENGTH_BYTES);
      this.#writer?.changePicture(this.#picture);
      this.#hasNewTrack = true;
      this.#options.onNewFormat(track);
    }
    this.#writeDue();
  }

  /** What is said of the camera's clock, with its jump on the wall clock. */
  #onWall(camera: CameraStamp, { instantUs }: Instant, isFirst: boolean): CameraStamp {
    const { jump } = camera;
    if (jump !== null) return { ...camera, jump: { ...jump, atUs: jump.atUs + this.#zeroUs() } };
    const { behindJump } = this.#options;
    const isBehind = isFirst && behindJump !== null;
    return isBehind ? { ...camera, jump: { byUs: behindJump.byUs, atUs: instantUs } } : camera;
  }

  /** What makes wall instants of the stream's own, which are the wall's already where it is in step. */
  #zeroUs(): number {
    return this.#options.inStepFromUs === null ? this.#originUs : 0;
  }

  #newWriter(picture: Track): FootageWriter {
    const formatOf = (keyFrame: Buffer): string | null => statedFormat(picture, keyFrame, UNIT_LENGTH_BYTES);
    const roomUs = (): number => {
      const mostUs = this.#order.mostUs * this.#dater.pace;
      return mostUs === 0 ? 0 : mostUs + ROOM_US;
    };
    return new FootageWriter({ ...this.#options, picture, sound: this.#sound, formatOf, roomUs });
  }

  /** The first key frame that states a format settles it: ffmpeg's head says the same. */
  #isOtherFormat(track: Track, keyFrame: Buffer): boolean {
    const stated = statedFormat(track, keyFrame, UNIT_LENGTH_BYTES);
    this.#format ??= stated;
    return stated !== null && stated !== this.#format;
  }

  #lookAtWall(): void {
    const found = this.#wall.newOriginUs(this.#originUs, this.#emittedUs);
    if (found === null) return;
    if (this.#options.inStepFromUs !== null) return this.#options.onClockSet();
    this.#newOriginUs = found;
    this.#writer?.rollSoon();
  }

  /**
   * A session is tied to the wall clock once, so that the new time counts from the next session on.
   * @returns whether there is a new time
   */
  #takeNewOrigin(): boolean {
    if (this.#newOriginUs === null) return false;
    this.#originUs = this.#newOriginUs;
    this.#newOriginUs = null;
    return true;
  }
}

type WrittenSample = PipedSample & Pick<DatedSample, "isBehindLoss">;

/** When a frame is shown and when it is decoded. */
type Instant = Pick<DatedSample, "instantUs" | "decodeUs">;

const moved = ({ instantUs, decodeUs }: Instant, byUs: number): Instant => ({
  instantUs: instantUs + byUs,
  ...(decodeUs === undefined ? {} : { decodeUs: decodeUs + byUs }),
});
