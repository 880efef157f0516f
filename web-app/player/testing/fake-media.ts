/**
 * A media element, a service and a stream reader for tests: whatever they still have to do or to tell waits in `pending`,
 * and is done in the order in which a test chooses.
 */
import type { WebFrames } from "#shared/web-api/web-api.ts";
import type { ClockedVideo } from "../frame-clock.ts";
import type { SeekingElement } from "../seeker.ts";

type MediaEvent = "seeking" | "seeked";

export interface FakeMediaOptions {
  /** Frames begin there, seconds of the media, unevenly. */
  readonly startsS: readonly number[];
  /** Browsers tell the frame's time, or after a seek the time that they were sent to. */
  readonly tells: "frames" | "positions";
  /** How often the picture after the one that was gone to is shown. */
  readonly pictureSlips: number;
  /** How often a stream reader moves the element elsewhere while it seeks. */
  readonly moves: number;
  /** How often the service does not answer. */
  readonly silences: number;
}

const KNOWN_ON_A_SIDE = 6;
const CURRENT_DATA = 2;

export class FakeMedia implements SeekingElement {
  readonly #options: FakeMediaOptions;
  readonly #left: { slips: number; moves: number; silences: number };
  #originS: number;
  #elementS = 0;
  #isOpen = false;
  #isSeeking = false;
  /** It comes from further back: everything that is needed is loaded. */
  #comesByDetour = false;
  #isDetour = false;
  /** It goes where somebody else has sent it. */
  #isMoved = false;
  #events: MediaEvent[] = [];
  #questions: { answer: () => void; refuse: () => void }[] = [];
  #timers: (() => void)[] = [];
  #untoldS: number | null = null;
  #tellFrame: ((mediaTime: number) => void) | null = null;
  /** The picture on the screen, by its number. */
  picture: number | null = null;
  readonly isPlaying = false;
  readonly speed = 1;
  onEvent: (event: MediaEvent) => void = () => undefined;

  constructor(originS: number, options: FakeMediaOptions) {
    const { pictureSlips: slips, moves, silences } = options;
    [this.#originS, this.#options, this.#left] = [originS, options, { slips, moves, silences }];
  }

  get mediaS(): number {
    return this.#elementS - this.#originS;
  }

  get isSeeking(): boolean {
    return this.#isSeeking;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The browser still has to tell of the picture that it shows. */
  get isUntold(): boolean {
    return this.#untoldS !== null;
  }

  send(mediaS: number): void {
    if (!this.#isOpen) throw new Error("An element without a source was sent elsewhere.");
    if (this.#isSeeking && !this.#isMoved)
      throw new Error("An element that was under way was sent elsewhere.");
    this.#isMoved = false;
    this.#comesByDetour = this.#isDetour;
    this.#isDetour = Math.abs(mediaS - this.#insideS(mediaS)) > 1e-6;
    this.#seekTo(mediaS + this.#originS);
  }

  open(): void {
    this.#isOpen = true;
  }

  /** Another source takes its place; what the one before had still to tell is not told any more. */
  replace(originS: number): void {
    [this.#isOpen, this.#isSeeking, this.#elementS, this.#originS] = [false, false, 0, originS];
    [this.#events, this.picture] = [[], null];
  }

  readonly read = (aroundS: number): Promise<WebFrames> =>
    new Promise((resolve, reject) => {
      this.#questions.push({
        answer: () => resolve(this.#framesAround(aroundS)),
        refuse: () => reject(new Error("The service does not answer.")),
      });
    });

  readonly later = (run: () => void): void => void this.#timers.push(run);

  /** What a frame clock sees of it. */
  video(): ClockedVideo {
    const video = {
      currentTime: 0,
      readyState: CURRENT_DATA,
      addEventListener: () => undefined,
      cancelVideoFrameCallback: () => undefined,
      requestVideoFrameCallback: (told: VideoFrameRequestCallback) => {
        this.#tellFrame = (mediaTime) => told(0, { mediaTime } as VideoFrameCallbackMetadata);
        return 1;
      },
    };
    return video as unknown as ClockedVideo;
  }

  /** What may happen next: each queue keeps its own order, and they have none among themselves. */
  pending(): (() => void)[] {
    const can: (() => void)[] = [];
    const [event, question, timer] = [this.#events[0], this.#questions[0], this.#timers[0]];
    if (event !== undefined) can.push(() => (this.#events.shift(), this.onEvent(event)));
    if (question !== undefined) {
      can.push(() => (this.#questions.shift(), question.answer()));
      if (this.#left.silences > 0) can.push(() => this.#stayAway(question.refuse));
    }
    if (timer !== undefined) can.push(() => (this.#timers.shift(), timer()));
    if (this.#untoldS !== null) can.push(() => this.#tell());
    if (this.#isSeeking) can.push(() => this.#arrive());
    if ((this.#isSeeking || this.#events.includes("seeked")) && this.#left.moves > 0)
      can.push(() => this.#moveOn());
    return can;
  }

  #seekTo(elementS: number): void {
    [this.#elementS, this.#isSeeking] = [elementS, true];
    this.#events.push("seeking");
  }

  #arrive(): void {
    this.#isSeeking = false;
    let picture = this.#frameAt(this.mediaS);
    if (this.#left.slips > 0 && !this.#comesByDetour && picture + 1 < this.#options.startsS.length) {
      this.#left.slips -= 1;
      picture += 1;
    }
    this.picture = picture;
    this.#events.push("seeked");
    const startS = (this.#options.startsS[picture] ?? 0) + this.#originS;
    this.#untoldS = this.#options.tells === "frames" ? startS : Math.max(startS, this.#elementS);
  }

  /** As a stream reader does that takes what is not loaded yet for a hole. */
  #moveOn(): void {
    this.#left.moves -= 1;
    this.#isMoved = true;
    const lastS = this.#options.startsS.at(-1) ?? 0;
    this.#seekTo(Math.min(this.#elementS + 3.1, lastS + this.#originS));
  }

  #stayAway(refuse: () => void): void {
    this.#left.silences -= 1;
    this.#questions.shift();
    refuse();
  }

  #tell(): void {
    const [mediaTime, tell] = [this.#untoldS ?? 0, this.#tellFrame];
    [this.#untoldS, this.#tellFrame] = [null, null];
    tell?.(mediaTime);
  }

  #frameAt(mediaS: number): number {
    return Math.max(
      0,
      this.#options.startsS.findLastIndex((startS) => startS <= mediaS + 1e-6),
    );
  }

  #insideS(mediaS: number): number {
    return (this.#options.startsS[this.#frameAt(mediaS)] ?? 0) + 0.004;
  }

  #framesAround(aroundS: number): WebFrames {
    const { startsS } = this.#options;
    const [from, to] = [this.#frameAt(aroundS) - KNOWN_ON_A_SIDE, this.#frameAt(aroundS) + KNOWN_ON_A_SIDE];
    return {
      startsS: startsS.slice(Math.max(0, from), to),
      isFromFirst: from <= 0,
      isToLast: to >= startsS.length,
    };
  }
}
