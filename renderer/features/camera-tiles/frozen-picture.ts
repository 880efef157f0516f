/** The picture that a tile shows stays on the screen while another source is opened behind it. */

/** A source that shows its first picture has it on the screen by then, whether or not the browser tells of it. */
const DRAWN_MS = 300;

export class FrozenPicture {
  readonly #host: HTMLElement;
  readonly #video: HTMLVideoElement;
  #canvas: HTMLCanvasElement | null = null;

  constructor(host: HTMLElement, video: HTMLVideoElement) {
    this.#host = host;
    this.#video = video;
  }

  get isShown(): boolean {
    return this.#canvas !== null;
  }

  /** In the middle of a jump a video gives no picture away, though the one before stays on the screen. */
  get isPossible(): boolean {
    return !this.#video.seeking || this.#video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
  }

  freeze(): void {
    const video = this.#video;
    if (this.isShown || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    canvas.getContext("2d")?.drawImage(video, 0, 0);
    this.#host.append(canvas);
    this.#canvas = canvas;
  }

  /** There is nothing that it could stand for. */
  drop(): void {
    this.#canvas?.remove();
    this.#canvas = null;
  }

  /** The new source has a picture: it takes the place as soon as it is drawn. */
  giveWay(): void {
    const canvas = this.#canvas;
    if (canvas === null) return;
    const drop = (): void => {
      if (this.#canvas === canvas) this.drop();
    };
    this.#video.requestVideoFrameCallback(drop);
    setTimeout(drop, DRAWN_MS);
  }
}
