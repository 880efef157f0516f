import type { SentStamps } from "./sent-stamps.ts";
import type { ClockJump, FrameDater } from "./frame-dater.ts";

/** Stamps that go on by less stand still: ffmpeg counts ticks where a camera's clock went back. */
const LEAST_STEP_US = 1_000;

/** People are told of a jump by more; a clock that is steered now and then is none that they would look after. */
const SAID_LEAST_US = 1_000_000;

/** What was seen of the camera's own clock; footage is not dated by it. */
export interface CameraClock {
  /** Wall time that passes per time of the camera; 1 until it is known. */
  readonly pace: number;
  readonly jumps: number;
  readonly lastJump: ClockJump | null;
}

export interface OwnTime {
  /** By the camera's own clock, whose zero is anywhere. */
  readonly stampUs: number;
  /** Which that clock made before the frame. */
  readonly jump: ClockJump | null;
  /** Its clock of day at the frame, UTC; null where it said nothing of it since the frame before. */
  readonly dayUtcUs: number | null;
}

/** A report is about a moment beside the frame; one that is about another says nothing of this one. */
const DAY_BESIDE_US = 60_000_000;

/**
 * What the camera's own clock says of each frame: as it came over the line, where it is known, and as ffmpeg tells it
 * otherwise, which lets the stamps stand still when that clock goes back. Microseconds.
 */
export class CameraOwnTime {
  readonly #stamps: SentStamps;
  readonly #dater: FrameDater;
  #mediaUs = -Infinity;
  /** What ffmpeg's times are ahead of those on the line. */
  #shiftUs = 0;
  #lookedUs = -Infinity;
  #daterJumps = 0;
  #jumps = 0;
  #lastJump: ClockJump | null;

  /** @param behind the jump for which the stream before this one had to end, null where there was none */
  constructor(stamps: SentStamps, dater: FrameDater, behind: ClockJump | null) {
    [this.#stamps, this.#dater, this.#lastJump] = [stamps, dater, behind];
    if (behind !== null) this.#jumps = 1;
  }

  /** Jumps that people are told of, and the last of them. */
  get told(): { readonly jumps: number; readonly lastJump: ClockJump | null } {
    return { jumps: this.#jumps, lastJump: this.#lastJump };
  }

  /** Takes the next frame, when it was dated. @param mediaUs as ffmpeg tells it */
  of(mediaUs: number, arrivalUs: number): OwnTime {
    const isStill = Math.abs(mediaUs - this.#mediaUs) < LEAST_STEP_US;
    this.#mediaUs = mediaUs;
    const watch = this.#stamps();
    const came = watch?.cameBy(arrivalUs) ?? null;
    const day = watch?.dayBetween(this.#lookedUs, arrivalUs) ?? null;
    const jump = watch === null ? this.#daterJump() : watch.jumpBetween(this.#lookedUs, arrivalUs);
    this.#lookedUs = arrivalUs;
    if (jump !== null) this.#tell(jump);
    if (came !== null && !isStill) this.#shiftUs = mediaUs - came.stampUs;
    const stampUs = came !== null && isStill ? came.stampUs + this.#shiftUs : mediaUs;
    const sinceUs = came === null || day === null ? Infinity : came.stampUs - day.stampUs;
    const isBeside = day !== null && Math.abs(sinceUs) < DAY_BESIDE_US;
    return { stampUs, jump, dayUtcUs: isBeside ? day.utcUs + sinceUs : null };
  }

  #daterJump(): ClockJump | null {
    if (this.#dater.jumps === this.#daterJumps) return null;
    this.#daterJumps = this.#dater.jumps;
    return this.#dater.lastJump;
  }

  #tell({ byUs, atUs }: ClockJump): void {
    if (byUs !== null && Math.abs(byUs) < SAID_LEAST_US) return;
    this.#jumps++;
    this.#lastJump = { byUs, atUs };
  }
}
