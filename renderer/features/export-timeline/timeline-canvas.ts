import {
  paintTimeline,
  timelineColours,
  TIMELINE_HEIGHT_PX,
  type TimelineColours,
  type TimelinePicture,
} from "./timeline-painter.ts";

/** A canvas of the screen's own resolution, painted at most once a frame. */
export class TimelineCanvas {
  private readonly canvas: HTMLCanvasElement;
  private readonly look: () => TimelinePicture;
  private frame: number | null = null;
  private colours: TimelineColours | null = null;

  /** @param look tells, at the moment of painting, what is to be seen */
  constructor(canvas: HTMLCanvasElement, look: () => TimelinePicture) {
    this.canvas = canvas;
    this.look = look;
  }

  resize(widthPx: number): void {
    const ratio = window.devicePixelRatio;
    this.canvas.width = Math.round(widthPx * ratio);
    this.canvas.height = Math.round(TIMELINE_HEIGHT_PX * ratio);
    this.paintSoon();
  }

  paintSoon(): void {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.paint();
    });
  }

  dispose(): void {
    if (this.frame !== null) cancelAnimationFrame(this.frame);
  }

  private paint(): void {
    const context = this.canvas.getContext("2d");
    if (context === null) return;
    const ratio = window.devicePixelRatio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.colours ??= timelineColours(this.canvas);
    paintTimeline(context, this.look(), this.colours);
  }
}
