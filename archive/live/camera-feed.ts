import { randomUUID } from "node:crypto";
import type { LiveStart } from "#shared/archive-api/live-stream.ts";
import { codecString } from "#media/codec-string.ts";
import { writeFragmentHeader, writeInitSegment } from "#media/fragment-writer.ts";
import { namedByItsSets } from "#media/parameter-sets.ts";
import type { Track } from "#media/track.ts";
import type { DatedSample } from "../recorder/frames/footage-writer.ts";

/** Media time is counted in microseconds. */
const TIMESCALE = 1_000_000;

/** Frames are decoded so long before they are shown; B-frames need it, whose times go forth and back. */
const ROOM_US = 2_000_000;

/**
 * What every frame is said to last. Nobody knows how long it will: a browser leaves out all frames up to the next key
 * frame where one comes later than twice what the one before was said to last (Media Source Extensions, 3.5.8), and
 * stops playing where nothing is there. It ends with the next frame, however soon that comes.
 */
export const FRAME_LENGTH_US = 30_000_000;

/**
 * Kept in memory of one camera, so that a viewer has a picture at once. Of a camera with more between two key frames
 * the key frame stays and the oldest after it are given up.
 */
export const KEPT_MAX_BYTES = 12 * 1024 * 1024;
export const KEPT_MAX_FRAMES = 4_000;

/** Frames before the newest key frame, for readers that are a little late. */
const EARLIER_FRAMES = 50;

interface FrameTimes {
  /** In media time, microseconds. */
  readonly decodedUs: number;
  /** Shown after it is decoded by this. */
  readonly offsetUs: number;
}

/** A frame as viewers get it. */
export class FedFrame {
  readonly sequence: number;
  readonly isKey: boolean;
  readonly shownUtcMs: number;
  readonly bytes: Buffer;
  readonly #times: FrameTimes;
  #header: Buffer | null = null;

  constructor(frame: Pick<FedFrame, "sequence" | "isKey" | "shownUtcMs" | "bytes">, times: FrameTimes) {
    this.sequence = frame.sequence;
    this.isKey = frame.isKey;
    this.shownUtcMs = frame.shownUtcMs;
    this.bytes = frame.bytes;
    this.#times = times;
  }

  /** `moof` and the header of `mdat`, behind which the frame stands; made when somebody watches. */
  get header(): Buffer {
    return (this.#header ??= this.#makeHeader());
  }

  #makeHeader(): Buffer {
    const { decodedUs, offsetUs } = this.#times;
    const sample = {
      ...{ offset: 0, sizeBytes: this.bytes.length, isSync: this.isKey },
      ...{ durationTicks: FRAME_LENGTH_US, compositionOffsetTicks: offsetUs },
    };
    return writeFragmentHeader(this.sequence, {
      ...{ trackId: 1, baseDecodeTicks: decodedUs, samples: [sample] },
    });
  }
}

/**
 * The newest frames of one camera, which readers take at their own pace: nothing is kept for any of them, and who is too
 * slow goes on at the newest key frame.
 */
export class CameraFeed {
  #start: LiveStart | null = null;
  #zeroUs = 0;
  /** Since the newest key frame, with which it begins. Those after the key frame follow each other without a hole. */
  #key: FedFrame | null = null;
  #after: FedFrame[] = [];
  #afterBytes = 0;
  #earlier: FedFrame[] = [];
  #sequence = 0;
  #lastDecodeUs = -1;
  readonly #onNews: () => void;

  constructor(onNews: () => void) {
    this.#onNews = onNews;
  }

  /** What the frames are of; null while the camera sends nothing. */
  get start(): LiveStart | null {
    return this.#start;
  }

  /** Of the newest frame; 0 before the first. */
  get newestSequence(): number {
    return this.#sequence;
  }

  /** Where a reader begins that has just come. */
  get joinSequence(): number {
    return this.#key?.sequence ?? this.#sequence + 1;
  }

  get keptBytes(): number {
    return this.#afterBytes + (this.#key?.bytes.length ?? 0);
  }

  /** Begins anew, with the next frame, which must be a key frame. */
  begin(picture: Track, first: DatedSample): void {
    const sampleEntry = namedByItsSets(picture.sampleEntry);
    const track = { ...picture, trackId: 1, timescale: TIMESCALE, sampleEntry };
    this.#forget();
    this.#zeroUs = Math.min(first.instantUs, first.decodeUs ?? first.instantUs) - ROOM_US;
    this.#start = {
      generation: randomUUID(),
      codec: codecString(sampleEntry, "vide"),
      zeroUtcMs: this.#zeroUs / 1000,
      head: writeInitSegment([track]).toString("base64"),
    };
  }

  /** Takes the next frame in decode order. */
  frame(frame: DatedSample): void {
    if (this.#start === null || (this.#key === null && !frame.isSync)) return;
    const fed = this.#fed(frame);
    if (fed.isKey) this.#startGroup(fed);
    else {
      this.#after.push(fed);
      this.#afterBytes += fed.bytes.length;
      this.#bound();
    }
    this.#onNews();
  }

  /** Nothing comes any more: what was is not live. */
  end(): void {
    this.#forget();
    this.#start = null;
  }

  /**
   * The frame of a number, or the newest key frame for a reader that is too late for it.
   * @returns null while there is nothing for the reader
   */
  frameFrom(sequence: number): FedFrame | null {
    const key = this.#key;
    if (key === null) return null;
    if (sequence === key.sequence) return key;
    if (sequence < key.sequence) {
      const first = this.#earlier[0]?.sequence ?? Infinity;
      return this.#earlier[sequence - first] ?? key;
    }
    // What was given up cannot be done without: the next key frame is waited for.
    return this.#after[sequence - (this.#after[0]?.sequence ?? Infinity)] ?? null;
  }

  #forget(): void {
    [this.#key, this.#after, this.#afterBytes, this.#earlier] = [null, [], 0, []];
    this.#lastDecodeUs = -1;
  }

  #startGroup(key: FedFrame): void {
    const before = this.#after.length === 0 && this.#key !== null ? [this.#key] : this.#after;
    this.#earlier = before.slice(-EARLIER_FRAMES);
    [this.#key, this.#after, this.#afterBytes] = [key, [], 0];
  }

  /** Half is given up at a time: the list is not gone through with each frame. */
  #bound(): void {
    if (this.#afterBytes <= KEPT_MAX_BYTES && this.#after.length <= KEPT_MAX_FRAMES) return;
    this.#after = this.#after.slice(this.#after.length >> 1);
    this.#afterBytes = this.#after.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  #fed({ instantUs, decodeUs = instantUs, isSync, bytes }: DatedSample): FedFrame {
    const sequence = ++this.#sequence;
    const shownUs = Math.round(instantUs - this.#zeroUs);
    const decodedUs = Math.max(Math.round(decodeUs - this.#zeroUs) - ROOM_US, this.#lastDecodeUs + 1, 0);
    this.#lastDecodeUs = decodedUs;
    const offsetUs = Math.max(0, shownUs - decodedUs);
    const shownUtcMs = (this.#zeroUs + decodedUs + offsetUs) / 1000;
    return new FedFrame({ sequence, isKey: isSync, shownUtcMs, bytes }, { decodedUs, offsetUs });
  }
}
