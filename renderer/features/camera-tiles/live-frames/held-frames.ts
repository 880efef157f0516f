/** The frames of what a camera sends now that a tile holds, in the order in which they are decoded. Pure. */
import { decodedApartUs, lastingFor, lastingUntil, type LiveFrame } from "#shared/archive-api/live-stream.ts";

/** Of a frame that lasts for long, and of one of which nobody knows yet how long it lasts. */
const INSIDE_MS = 500;
const LAST_MS = 100;
/** Where in a frame it is asked for: a frame before it may be said to last into its first half, never further. */
const INSIDE = 0.75;
/** Rounding to microseconds. */
const LEAST_US = 2;

/** A frame and its fragment, of the length that is known. */
export interface HeldFrame {
  readonly frame: LiveFrame;
  readonly bytes: Uint8Array;
}

/** Where a frame can be asked for: not at its edge, where the one beside it is as near. */
export interface FramePlace {
  readonly shownUtcMs: number;
  readonly insideUtcMs: number;
}

export class HeldFrames {
  #frames: LiveFrame[] = [];
  #newestUtcMs = -Infinity;
  #reordered = false;

  /** A frame has come that is shown before one that came before it (B-frames). */
  get isReordered(): boolean {
    return this.#reordered;
  }

  get newest(): LiveFrame | null {
    return this.#frames.at(-1) ?? null;
  }

  get keysUtcMs(): number[] {
    return this.#frames.flatMap(({ isKey, shownUtcMs }) => (isKey ? [shownUtcMs] : []));
  }

  add(frame: LiveFrame): void {
    this.#reordered ||= frame.shownUtcMs < this.#newestUtcMs;
    this.#newestUtcMs = Math.max(this.#newestUtcMs, frame.shownUtcMs);
    this.#frames.push(frame);
  }

  /** Another generation begins. */
  clear(): void {
    this.#frames = [];
    this.#newestUtcMs = -Infinity;
    this.#reordered = false;
  }

  /** Gives up what is decoded before a key frame. */
  cutBefore(isKept: (shownUtcMs: number) => boolean): void {
    const first = this.#frames.findIndex(({ isKey, shownUtcMs }) => isKey && isKept(shownUtcMs));
    if (first > 0) this.#frames = this.#frames.slice(first);
  }

  /** All of which it is known how long they last: all but the newest. A frame that is alone lasts for long. */
  exact(): HeldFrame[] {
    const [only, ...others] = this.#frames;
    if (only !== undefined && others.length === 0) return [{ frame: only, bytes: only.fragment }];
    const nextShown = this.#reordered ? this.#nextShown() : null;
    return others.map((next, at) => {
      const frame = this.#frames[at]!;
      const bytes = lastingUntil(frame.fragment, next.fragment);
      const shownForUs = ((nextShown?.get(frame) ?? NaN) - frame.shownUtcMs) * 1000;
      if (Number.isNaN(shownForUs)) return { frame, bytes };
      // Half of what it takes to the next one to be decoded, at least: else browsers leave that out.
      const leastUs = Math.ceil(decodedApartUs(frame.fragment, next.fragment) / 2) + LEAST_US;
      return { frame, bytes: lastingFor(bytes, Math.max(Math.round(shownForUs), leastUs)) };
    });
  }

  /** When the frame is shown that is shown after each. */
  #nextShown(): Map<LiveFrame, number> {
    const shown = this.#frames.toSorted((a, b) => a.shownUtcMs - b.shownUtcMs);
    return new Map(shown.slice(1).map(({ shownUtcMs }, at) => [shown[at]!, shownUtcMs]));
  }

  /** The newest, lasting as long as the one before it: nothing more comes that could tell. */
  last(): Uint8Array | null {
    const [before, newest] = [this.#frames.at(-2), this.#frames.at(-1)];
    if (before === undefined || newest === undefined) return null;
    return lastingFor(newest.fragment, decodedApartUs(before.fragment, newest.fragment));
  }

  /**
   * The frame so many pictures on or back from the one that is shown at an instant.
   * @returns null where it is not held
   */
  beside(utcMs: number, pictures: number): FramePlace | null {
    const shown = this.#frames.map(({ shownUtcMs }) => shownUtcMs).toSorted((a, b) => a - b);
    // Instants come through media time, which is rounded to microseconds.
    const at = shown.findLastIndex((each) => each <= utcMs + 0.5);
    const shownUtcMs = at < 0 ? undefined : shown[at + pictures];
    if (shownUtcMs === undefined) return null;
    const lengthMs = (shown[at + pictures + 1] ?? shownUtcMs + LAST_MS) - shownUtcMs;
    return { shownUtcMs, insideUtcMs: shownUtcMs + Math.min(INSIDE_MS, lengthMs * INSIDE) };
  }
}
