import { COLOUR_QUERIES, timelineColours, type TimelineColours } from "./timeline-colours.ts";
import { paintTimeline, TIMELINE_HEIGHT_PX, type TimelinePicture } from "./timeline-painter.ts";

/** A canvas of the screen's own resolution, painted at most once a frame. */
export class TimelineCanvas {
  readonly #canvas: HTMLCanvasElement;
  readonly #look: () => TimelinePicture;
  #frame: number | null = null;
  #colours: TimelineColours | null = null;
  readonly #queries = COLOUR_QUERIES.map((query) => matchMedia(query));

  /** @param look tells, at the moment of painting, what is to be seen */
  constructor(canvas: HTMLCanvasElement, look: () => TimelinePicture) {
    this.#canvas = canvas;
    this.#look = look;
    for (const query of this.#queries) query.addEventListener("change", this.#forgetColours);
  }

  resize(widthPx: number): void {
    const ratio = window.devicePixelRatio;
    this.#canvas.width = Math.round(widthPx * ratio);
    this.#canvas.height = Math.round(TIMELINE_HEIGHT_PX * ratio);
    this.paintSoon();
  }

  paintSoon(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#paint();
    });
  }

  dispose(): void {
    for (const query of this.#queries) query.removeEventListener("change", this.#forgetColours);
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
  }

  readonly #forgetColours = (): void => {
    this.#colours = null;
    this.paintSoon();
  };

  #paint(): void {
    const context = this.#canvas.getContext("2d");
    if (context === null) return;
    const ratio = window.devicePixelRatio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#colours ??= timelineColours(this.#canvas, context);
    paintTimeline(context, this.#look(), this.#colours);
  }
}
