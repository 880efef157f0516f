/** Offsets beyond this belong to a clock that jumped, unless the camera sends few frames. */
const LONGEST_OFFSET_US = 1_000_000;

/** Of a camera that sends few frames: frames that a B-frame can be away from the one that is sent before it. */
const LONGEST_OFFSET_FRAMES = 8;

/** What is less is rounding. */
const LEAST_OFFSET_US = 1_000;

/** Offsets that are believed at once; later a greater one must come twice, as a jump's does not. */
const FIRST_FRAMES = 16;

/** Until ffmpeg knows how many frames are sent before they are shown, it makes their times of what the stream declares. */
const DECLARED_FRAMES = 4;

/** Frames beside which the next one is put in order. */
const NEIGHBOURS = 32;

/** The instant of a frame goes no further than this to stay in order: times that do are of a clock that jumped. */
const ORDER_MOST_US = 250_000;

/** No two frames are shown at once. */
const LEAST_STEP_US = 1_000;

export interface CodedStamp {
  /** When it is decoded, and when it is shown, by the camera's own clock. */
  readonly decodeUs: number;
  readonly mediaUs: number;
}

interface Shown {
  readonly mediaUs: number;
  readonly instantUs: number;
}

/**
 * Where frames are shown that come in another order than they are shown in (B-frames). Frames come evenly in the order
 * of decoding; each is shown before or after its coming by what its stamps say, so that all of them lie around their
 * arrivals. All in microseconds.
 */
export class PresentationOrder {
  #hasReordering = false;
  #seen = 0;
  #last: CodedStamp | null = null;
  #usualStepUs = 0;
  #leastUs = Infinity;
  #mostUs = 0;
  #doubtUs = 0;
  #shown: Shown[] = [];

  /** How far frames are shown from where they come, by the camera's clock. */
  get spreadUs(): number {
    return this.#hasReordering ? (this.#mostUs - this.#leastUs) / 2 : 0;
  }

  /** By how much a frame can be shown later than it is decoded, by the camera's clock. */
  get mostUs(): number {
    return this.#hasReordering ? this.#mostUs : 0;
  }

  /** What is between a time at which frames are decoded and the same time as one at which they are shown. */
  get #middleUs(): number {
    return (this.#mostUs + this.#leastUs) / 2;
  }

  /**
   * The times of the camera that go with frames' arrivals: they come in the order in which they are decoded. What a
   * stream with B-frames declares of its rate may be wrong by any factor, so that the first of them are told backwards, as
   * far apart as those are that are shown.
   * @param frames the first ones together, or a later one
   */
  comingUs(frames: readonly CodedStamp[]): number[] {
    const times = frames.map(({ decodeUs, mediaUs }) => (this.#hasReordering ? decodeUs : mediaUs));
    const stepUs = usualStepUs(frames);
    if (!this.#hasReordering || stepUs === null) return times;
    for (let at = Math.min(DECLARED_FRAMES, times.length - 1) - 1; at >= 0; at--)
      times[at] = (times[at + 1] ?? 0) - stepUs;
    return times;
  }

  /** Looks at a frame as soon as ffmpeg has given it out, which is before it can be dated. */
  see(frame: CodedStamp): void {
    const offsetUs = frame.mediaUs - frame.decodeUs;
    const longestUs = Math.max(LONGEST_OFFSET_US, LONGEST_OFFSET_FRAMES * this.#usualStepUs);
    if (offsetUs <= longestUs) this.#believe(offsetUs);
    const last = this.#last;
    this.#last = frame;
    if (last === null) return;
    const stepUs = frame.mediaUs - last.mediaUs;
    if (stepUs < -LEAST_OFFSET_US && stepUs > -longestUs) this.#hasReordering = true;
    const decodeStepUs = frame.decodeUs - last.decodeUs;
    if (decodeStepUs < 2 * LONGEST_OFFSET_US) this.#usualStepUs = Math.max(0, decodeStepUs);
  }

  #believe(offsetUs: number): void {
    this.#seen++;
    this.#leastUs = Math.min(this.#leastUs, offsetUs);
    if (offsetUs <= this.#mostUs) return;
    const isBelieved = this.#seen <= FIRST_FRAMES || this.#doubtUs > this.#mostUs + LEAST_OFFSET_US;
    if (isBelieved) this.#mostUs = this.#seen <= FIRST_FRAMES ? offsetUs : Math.min(offsetUs, this.#doubtUs);
    this.#doubtUs = isBelieved ? 0 : offsetUs;
  }

  /** The instant at which a time of the camera is shown, of which it is known where it would be decoded. */
  shownUs(decodedUs: number, pace: number): number {
    return this.#hasReordering ? decodedUs - this.#middleUs * pace : decodedUs;
  }

  /**
   * The instant at which a frame is shown.
   * @param decodedUs its instant in the order in which frames come
   * @param pace wall time that passes per time of the camera
   */
  instant({ decodeUs, mediaUs }: CodedStamp, decodedUs: number, pace: number): number {
    if (!this.#hasReordering) return decodedUs;
    const offsetUs = Math.min(mediaUs - decodeUs, this.#mostUs);
    const instantUs = this.#inOrder(mediaUs, decodedUs + (offsetUs - this.#middleUs) * pace);
    this.#shown.push({ mediaUs, instantUs });
    if (this.#shown.length > NEIGHBOURS) this.#shown.shift();
    return instantUs;
  }

  /** Corrections of the clock must not change the order in which frames are shown. */
  #inOrder(mediaUs: number, wantedUs: number): number {
    const before = this.#shown.filter((frame) => frame.mediaUs < mediaUs);
    const after = this.#shown.filter((frame) => frame.mediaUs > mediaUs);
    const leastUs = Math.max(...before.map(({ instantUs }) => instantUs)) + LEAST_STEP_US;
    const mostUs = Math.min(...after.map(({ instantUs }) => instantUs)) - LEAST_STEP_US;
    const heldUs = Math.min(Math.max(wantedUs, leastUs), mostUs);
    if (Math.abs(heldUs - wantedUs) <= ORDER_MOST_US) return heldUs;
    this.#shown = [];
    return wantedUs;
  }
}

/** From one frame to the next in the order in which they are shown; of those that are sent first, some are not there yet. */
function usualStepUs(frames: readonly CodedStamp[]): number | null {
  const shown = frames.map(({ mediaUs }) => mediaUs).toSorted((a, b) => a - b);
  const steps = shown.slice(1).map((mediaUs, at) => mediaUs - (shown[at] ?? mediaUs));
  const sure = steps.filter((stepUs) => stepUs >= LEAST_OFFSET_US).toSorted((a, b) => a - b);
  return sure[(sure.length - 1) >> 1] ?? null;
}
