/** As much of a video element as is needed. */
export type ClockedVideo = Pick<
  HTMLVideoElement,
  "requestVideoFrameCallback" | "cancelVideoFrameCallback" | "addEventListener" | "currentTime" | "readyState"
>;

/** `HTMLMediaElement.HAVE_CURRENT_DATA` */
const HAS_PICTURE = 2;
/** Browsers tell a frame's time to the microsecond. */
const ROUNDING_S = 0.000_5;

/**
 * Tells which frame is on the screen, frame by frame and without rendering anything: listeners
 * write into the page themselves. Where the browser cannot tell frames, positions stand for them.
 */
export class FrameClock {
  readonly #video: ClockedVideo;
  #firstShownS: number;
  readonly #startAt: (mediaS: number) => number | null;
  readonly #listeners = new Set<(mediaS: number) => void>();
  #request = 0;
  #shownS: number | null = null;

  /**
   * @param firstShownS where the first shown frame of the source stands on the element's own time line, seconds
   * @param startAt where the frame at a position begins, if that is known: after a seek Firefox gives a frame the time
   *   that it was sent to
   */
  constructor(video: ClockedVideo, firstShownS: number, startAt: (mediaS: number) => number | null) {
    this.#video = video;
    this.#firstShownS = firstShownS;
    this.#startAt = startAt;
    if (tellsFrames(video)) this.#await();
    else
      for (const event of ["timeupdate", "seeked", "loadeddata"])
        video.addEventListener(event, this.#position);
  }

  /** Time of the frame on the screen, seconds of the media; null before the first. */
  get shownS(): number | null {
    return this.#shownS;
  }

  /** The listener is also told the present frame, if there is one. */
  subscribe(listener: (mediaS: number) => void): () => void {
    this.#listeners.add(listener);
    if (this.#shownS !== null) listener(this.#shownS);
    return () => this.#listeners.delete(listener);
  }

  /** Frames are of another source from now on. */
  changeSource(firstShownS: number): void {
    this.#firstShownS = firstShownS;
  }

  stop(): void {
    this.#listeners.clear();
    if (tellsFrames(this.#video)) this.#video.cancelVideoFrameCallback(this.#request);
  }

  #await(): void {
    this.#request = this.#video.requestVideoFrameCallback((_now, frame) => {
      this.#tell(frame.mediaTime);
      this.#await();
    });
  }

  readonly #position = () => {
    if (this.#video.readyState >= HAS_PICTURE) this.#tell(this.#video.currentTime);
  };

  #tell(elementS: number): void {
    const toldS = elementS - this.#firstShownS;
    // Before the first frame lies what is there only to decode it: it has no time, and is left at once.
    if (toldS < -ROUNDING_S) return;
    const mediaS = this.#startAt(toldS) ?? toldS;
    this.#shownS = mediaS;
    for (const listener of this.#listeners) listener(mediaS);
  }
}

/** The compiler takes the callback for granted; browsers before 2024 do not all have it. */
function tellsFrames(video: ClockedVideo): boolean {
  return "requestVideoFrameCallback" in video;
}
