import type { Frame } from "playwright-core";
import { toMainUrl } from "./custom-protocol.ts";

const framesSeen = new WeakMap<Frame, WebFrameMain>();

/** Stand-in for Electron's `WebFrameMain`, as much of it as sender checks need. */
export class WebFrameMain {
  private readonly frame: Frame;

  private constructor(frame: Frame) {
    this.frame = frame;
  }
  /** One object a frame, as in Electron: sender checks compare by identity. */
  static of(frame: Frame): WebFrameMain {
    const known = framesSeen.get(frame) ?? new WebFrameMain(frame);
    framesSeen.set(frame, known);
    return known;
  }
  get url(): string {
    return toMainUrl(this.frame.url());
  }
  /** Scheme and host, as Electron writes it for a standard scheme; Node's URL would say "null". */
  get origin(): string {
    return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]+/i.exec(this.url)?.[0] ?? "null";
  }
  get parent(): WebFrameMain | null {
    const parent = this.frame.parentFrame();
    return parent ? WebFrameMain.of(parent) : null;
  }
  get top(): WebFrameMain | null {
    return this.parent?.top ?? this;
  }
  get name(): string {
    return this.frame.name();
  }
  isDestroyed(): boolean {
    return this.frame.isDetached();
  }
}
