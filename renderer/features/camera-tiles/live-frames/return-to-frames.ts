/** A tile that plays live pictures as they are recorded goes back to frames as soon as these can be had. */
import type { LiveFrame, LiveStart } from "#shared/archive-api/live-stream.ts";
import type { LiveConnection } from "./live-connection.ts";
import { isPlayable } from "./picture-format.ts";

interface Timing {
  /** The pause doubles with each time in vain. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** Frames that come at all have come by then. */
  readonly comeMs: number;
  /** Who has played frames for so long may fall back again as if for the first time. */
  readonly wellMs: number;
}

const TIMING: Timing = { firstMs: 5_000, longestMs: 300_000, comeMs: 15_000, wellMs: 60_000 };

export class ReturnToFrames {
  readonly #cameraId: string;
  readonly #connection: Pick<LiveConnection, "isRefused" | "follow">;
  readonly #timing: Timing;
  #pauseMs: number;
  #leftMs = -Infinity;
  #codec: string | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #unfollow: (() => void) | null = null;

  constructor(
    cameraId: string,
    connection: Pick<LiveConnection, "isRefused" | "follow">,
    timing: Timing = TIMING,
  ) {
    this.#cameraId = cameraId;
    this.#connection = connection;
    this.#timing = timing;
    this.#pauseMs = timing.firstMs;
  }

  /** Whether frames are not to be asked for: they were refused a moment ago. */
  get isPausing(): boolean {
    return this.#connection.isRefused || performance.now() - this.#leftMs < this.#pauseMs;
  }

  /** What the camera was found to send that this computer has no decoder for, however it comes. */
  get unplayable(): string | null {
    return this.#codec;
  }

  /** There are pictures: what was found does not count any more. */
  arrive(): void {
    this.#codec = null;
  }

  /** Frames could not be played. @param unplayable there is no decoder for this codec */
  leave(unplayable = this.#codec): void {
    this.#codec = unplayable;
    const isSoon = performance.now() - this.#leftMs < this.#pauseMs + this.#timing.wellMs;
    this.#pauseMs = isSoon ? Math.min(this.#pauseMs * 2, this.#timing.longestMs) : this.#timing.firstMs;
    this.#leftMs = performance.now();
  }

  /**
   * Looks for frames from time to time.
   * @param onFrames they come, and can be played: once
   * @param mayGo whether the tile can be taken over at this moment; the next frame asks again
   */
  look(onFrames: () => void, mayGo: () => boolean = () => true): void {
    this.stop();
    this.#timer = setTimeout(() => {
      if (this.#connection.isRefused || document.hidden) this.look(onFrames, mayGo);
      else this.#probe(onFrames, mayGo);
    }, this.#pauseMs);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#unfollow?.();
    this.#unfollow = null;
  }

  #probe(onFrames: () => void, mayGo: () => boolean): void {
    let hasKey = false;
    let found: "frames" | "nothing" | null = null;
    // What the line has at hand comes before it is known how it is left.
    const settle = (): void => {
      if (found === null || this.#unfollow === null) return;
      // Who goes to frames follows before this one leaves, so that what has come need not come again.
      if (found === "frames") onFrames();
      else this.leave();
      this.stop();
      if (found === "nothing") this.look(onFrames, mayGo);
    };
    const find = (what: "frames" | "nothing"): void => {
      found ??= what;
      settle();
    };
    this.#timer = setTimeout(() => find("nothing"), this.#timing.comeMs);
    this.#unfollow = this.#connection.follow(this.#cameraId, {
      start: ({ codec }: LiveStart) => {
        if (!isPlayable(codec)) find("nothing");
      },
      frame: ({ isKey }: LiveFrame) => {
        hasKey ||= isKey;
        if (hasKey && mayGo()) find("frames");
      },
      lost: () => undefined,
      refused: () => find("nothing"),
    });
    settle();
  }
}
