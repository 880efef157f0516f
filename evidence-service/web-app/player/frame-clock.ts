/**
 * Tells which frame is on the screen, frame by frame and without rendering anything: listeners
 * write into the page themselves. Where the browser cannot tell frames, positions stand for them.
 */
export class FrameClock {
  readonly #video: HTMLVideoElement;
  readonly #firstShownS: () => number;
  readonly #startAt: (mediaS: number) => number | null;
  readonly #listeners = new Set<(mediaS: number) => void>();
  #request = 0;
  #shownS: number | null = null;

  /**
   * @param firstShownS where the first shown frame stands on the element's own time line, seconds
   * @param startAt where the frame at a position begins, if that is known: after a seek Firefox gives a frame the time
   *   that it was sent to
   */
  constructor(
    video: HTMLVideoElement,
    firstShownS: () => number,
    startAt: (mediaS: number) => number | null,
  ) {
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

  readonly #position = () => this.#tell(this.#video.currentTime);

  #tell(elementS: number): void {
    const toldS = elementS - this.#firstShownS();
    const mediaS = this.#startAt(toldS) ?? toldS;
    this.#shownS = mediaS;
    for (const listener of this.#listeners) listener(mediaS);
  }
}

/** The compiler takes the callback for granted; browsers before 2024 do not all have it. */
function tellsFrames(video: HTMLVideoElement): boolean {
  return "requestVideoFrameCallback" in video;
}
