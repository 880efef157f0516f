import type { WebFrames } from "#shared/web-api/web-api.ts";
import { INSIDE_FRAME_S } from "../wall-clock/shown-time.ts";

/** @param aroundS seconds from the first shown frame */
export type ReadFrames = (aroundS: number) => Promise<WebFrames>;

/** A frame to go to. */
export interface Frame {
  /** Where it begins, and a position inside it, seconds of the media. */
  readonly startS: number;
  readonly insideS: number;
}

/** Of places gone to in quick succession each is known until its picture has come and gone. */
const KEPT_ANSWERS = 8;

/** Browsers tell a frame's time to the microsecond. */
const ROUNDING_S = 0.000_5;

/**
 * Knows when frames begin, as the service says. They are not evenly apart; no browser tells the next one's time, and one
 * takes the position that it was sent to for the time of the frame there.
 */
export class FrameTimes {
  readonly #read: ReadFrames;
  /** The newest first. */
  #known: readonly WebFrames[] = [];
  #asking: Promise<boolean> | null = null;

  constructor(read: ReadFrames) {
    this.#read = read;
  }

  /** Where the frame at a position begins, as far as it is known already. */
  startAt(mediaS: number): number | null {
    const frame = this.#beside(mediaS, 0);
    return frame === null || frame === "unknown" ? null : frame.startS;
  }

  #beside(mediaS: number, direction: 1 | 0 | -1): Frame | null | "unknown" {
    for (const known of this.#known) {
      const frame = frameBeside(known, mediaS, direction);
      if (frame !== "unknown") return frame;
    }
    return "unknown";
  }

  /**
   * The frame at a position (0), the one after it, or before it.
   * @param isWanted whether the answer is still waited for
   * @returns null at the ends, and where the service does not say
   */
  async beside(mediaS: number, direction: 1 | 0 | -1, isWanted = () => true): Promise<Frame | null> {
    let found = this.#beside(mediaS, direction);
    while (found === "unknown" && isWanted()) {
      // One question at a time: of a drag only where it rests is asked for.
      const wasAnother = this.#asking !== null;
      this.#asking ??= this.#ask(mediaS);
      const isAnswered = await this.#asking;
      this.#asking = null;
      found = this.#beside(mediaS, direction);
      if (!isAnswered || (!wasAnother && found === "unknown")) return null;
    }
    return found === "unknown" ? null : found;
  }

  async #ask(mediaS: number): Promise<boolean> {
    try {
      const answer = await this.#read(Math.max(0, mediaS));
      this.#known = [answer, ...this.#known].slice(0, KEPT_ANSWERS);
      return true;
    } catch (error) {
      // Positions are gone to as they are, and steps end; that the service does not answer is said elsewhere.
      console.warn("The frames around the picture are not known.", error);
      return false;
    }
  }
}

/** @returns null at the end of the video, "unknown" at the end of what is known */
export function frameBeside(
  { startsS, isFromFirst, isToLast }: WebFrames,
  mediaS: number,
  direction: 1 | 0 | -1,
): Frame | null | "unknown" {
  const at = startsS.findLastIndex((startS) => startS <= mediaS + ROUNDING_S);
  if (startsS.length === 0 || (at === startsS.length - 1 && !isToLast)) return "unknown";
  if (at < 0 && !isFromFirst) return "unknown";
  const index = Math.max(at, 0) + direction;
  const [startS, nextS] = [startsS[index], startsS[index + 1]];
  if (startS === undefined) return index < 0 && !isFromFirst ? "unknown" : null;
  if (nextS === undefined && !isToLast) return "unknown";
  const halfS = ((nextS ?? Infinity) - startS) / 2;
  return { startS, insideS: startS + Math.min(halfS, INSIDE_FRAME_S) };
}
