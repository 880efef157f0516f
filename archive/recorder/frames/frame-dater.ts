/** An instant is never earlier than the frame's arrival by more than this, and never later than it. */
export const BAND_US = 200_000;

/** What is left of that at least, where frames are shown at other instants than they come. */
const BAND_LEAST_US = 50_000;

/** How fast instants may drift towards later arrivals inside the band: 50 ms a second. */
const CREEP = 0.05;

/** Stamps and arrivals that go apart by this much between two frames are a jump of the camera's clock. */
const JUMP_US = 2_000_000;

/** The camera's rate is measured over at least this long, and over at most fifteen times as long. */
const RATE_SPAN_US = 4_000_000;

/** What people are told of the rate is measured over at least this long. */
const STEADY_SPAN_US = 60_000_000;

/** Stamps that go on by less say nothing: ffmpeg counts ticks where a camera's clock went back. */
const LEAST_STEP_US = 1_000;

/** Of a step that is not the usual one, and of a wait that is: a clock that was set, if only by so much. */
const SET_US = 150_000;

/** From the last frame the time of the camera is told on for no longer. */
const TOLD_US = 1_000_000;

/** A network that holds frames back for longer than this has not been seen; a camera that jumps has. */
const LONGEST_STALL_US = 10_000_000;

/** Frames come from a stall at least this many times as fast as their stamps say. */
const BURST = 2;

export interface ArrivedStamp {
  /** The time of the frame by the camera's own clock: when it is shown, or decoded where the two differ. */
  readonly mediaUs: number;
  readonly arrivalUs: number;
  /** How far the frame is shown from the instant that is asked for: it must stay that much closer to its arrival. */
  readonly spreadUs?: number;
  /** When the next frames arrived, as far as that is known. */
  readonly laterArrivalsUs?: readonly number[];
}

export interface ClockJump {
  /** By its own count; null where it went back by nobody knows how much. */
  readonly byUs: number | null;
  /** By the clock that only goes forward. */
  readonly atUs: number;
}

interface Dated extends ArrivedStamp {
  readonly instantUs: number;
  /** When it arrived or, where its stamp says nothing, should have arrived by those after it. */
  readonly dueUs: number;
}

/**
 * Gives each frame its instant: what its stamp foretells from the frame before, held to its arrival. Whatever a
 * camera's clock does cannot move footage; a network that is late for once does not, either. All in microseconds;
 * frames come in decode order. The rule, and why: docs/decisions/0050-frames-are-dated-by-arrival.md.
 */
export class FrameDater {
  #last: Dated | null = null;
  #mark: ArrivedStamp | null = null;
  /** The first frame since the last jump. */
  #since: ArrivedStamp | null = null;
  #isCatchingUp = false;
  /** Wall time from one frame to the next, by the last stamps that told it. */
  #usualUs = 0;
  /** Wall time that passes per time of the camera. */
  #pace = 1;
  #jumps = 0;
  #breaks = 0;
  #lastJump: ClockJump | null = null;
  /** For how long stamps have stood still. */
  #stillUs = 0;

  /** How fast the camera's clock runs, wall time per camera time; 1 until it is known to be otherwise. */
  get pace(): number {
    return this.#pace;
  }

  /** Tells it before the first frame what the first ones say of the pace. */
  expect(pace: number): void {
    if (this.#last === null) this.#pace = pace;
  }

  /** The same over all the time since the last jump, so that nothing late makes much of it; null within a minute. */
  get steadyPace(): number | null {
    const [since, last] = [this.#since, this.#last];
    if (since === null || last === null) return null;
    const wallSpanUs = last.arrivalUs - since.arrivalUs;
    return wallSpanUs < STEADY_SPAN_US ? null : wallSpanUs / (last.mediaUs - since.mediaUs);
  }

  /** How often the camera's clock jumped. */
  get jumps(): number {
    return this.#jumps;
  }

  /** How often its stamps did not go on as they had, if only by a little. */
  get breaks(): number {
    return this.#breaks;
  }

  /** By how much it jumped last, and when. */
  get lastJump(): ClockJump | null {
    return this.#lastJump;
  }

  /** The instant of another time of the same camera, such as its sound's; null before the first frame. */
  instantAt(mediaUs: number): number | null {
    const last = this.#last;
    return last === null ? null : last.instantUs + (mediaUs - last.mediaUs) * this.#pace;
  }

  /** The other way round. */
  mediaAt(instantUs: number): number | null {
    const last = this.#last;
    return last === null ? null : last.mediaUs + (instantUs - last.instantUs) / this.#pace;
  }

  /** The time of the camera that would arrive at a moment; null where the last frame came too long before. */
  comingAt(arrivalUs: number): number | null {
    const last = this.#last;
    if (last === null || arrivalUs - last.arrivalUs > TOLD_US) return null;
    return last.mediaUs + (arrivalUs - last.arrivalUs) / this.#pace;
  }

  /** @returns the instant, later than that of the frame before by a millisecond at least */
  instant(frame: ArrivedStamp): number {
    const last = this.#last;
    let [instantUs, dueUs] = [frame.arrivalUs, frame.arrivalUs];
    if (last !== null) {
      this.#noteBreak(frame, last);
      const foretoldUs = this.#foretold(frame, last);
      if (foretoldUs === null) dueUs = this.#due(frame, last);
      instantUs = this.#held(frame, foretoldUs ?? last.instantUs + dueUs - last.dueUs);
      // What the network held back says nothing of the camera's clock.
      if (!this.#isCatchingUp) this.#measure(frame, last);
      instantUs = Math.max(instantUs, last.instantUs + LEAST_STEP_US);
    }
    this.#last = { ...frame, instantUs, dueUs };
    return instantUs;
  }

  /** A step that is not the usual one, though the wait for the frame was. */
  #noteBreak(frame: ArrivedStamp, last: Dated): void {
    const stepUs = frame.mediaUs - last.mediaUs;
    const toldUs = stepUs * this.#pace;
    const waitedUs = frame.arrivalUs - last.arrivalUs;
    const isUsualWait = Math.abs(waitedUs - this.#usualUs) < SET_US;
    const isOtherStep = Math.abs(toldUs - this.#usualUs) > SET_US && Math.abs(toldUs - waitedUs) > SET_US;
    const isBroken = this.#usualUs > 0 && isUsualWait && isOtherStep;
    if (!isBroken && stepUs >= LEAST_STEP_US && Math.abs(toldUs - waitedUs) < JUMP_US) return;
    this.#breaks++;
    // What was measured across it would be taken for a rate.
    if (isBroken) this.#mark = null;
  }

  /** Where the stamp says that the frame belongs; null where stamps stand still, go back or jump. */
  #foretold(frame: ArrivedStamp, last: Dated): number | null {
    const stepUs = frame.mediaUs - last.mediaUs;
    const waitedUs = Math.max(0, frame.arrivalUs - last.arrivalUs);
    const aheadUs = stepUs * this.#pace - waitedUs;
    const isTold = stepUs >= LEAST_STEP_US && aheadUs < JUMP_US && aheadUs > -LONGEST_STALL_US;
    if (!isTold) return null;
    // Of a clock that was set by little the step says nothing of the next one.
    if (this.#usualUs === 0 || this.#mark !== null) this.#usualUs = stepUs * this.#pace;
    return last.instantUs + stepUs * this.#pace + CREEP * Math.min(waitedUs, stepUs * this.#pace);
  }

  /** When a frame was due whose stamp says nothing: this machine may have been late for it, and not for the next. */
  #due({ arrivalUs, laterArrivalsUs = [] }: ArrivedStamp, last: Dated): number {
    const usuallyUs = laterArrivalsUs.map((laterUs, at) => laterUs - (at + 1) * this.#usualUs);
    return Math.max(Math.min(arrivalUs, ...usuallyUs), arrivalUs - BAND_US, last.dueUs);
  }

  /** Networks only ever delay: an arrival before the foretold instant corrects it at once, a later one slowly. */
  #held(
    { mediaUs, arrivalUs, spreadUs = 0, laterArrivalsUs = [] }: ArrivedStamp,
    foretoldUs: number,
  ): number {
    const lateUs = arrivalUs - foretoldUs;
    const stepUs = mediaUs - (this.#last?.mediaUs ?? mediaUs);
    if (lateUs <= BAND_US || lateUs > LONGEST_STALL_US) this.#isCatchingUp = false;
    else {
      // Behind a stall the frames come in a burst; behind a jump of the camera's clock they come as ever.
      const burstUs = (laterArrivalsUs.at(-1) ?? arrivalUs) - arrivalUs;
      const usualUs = laterArrivalsUs.length * stepUs * this.#pace;
      this.#isCatchingUp = laterArrivalsUs.length > 0 && burstUs * BURST < usualUs;
    }
    if (this.#isCatchingUp) return foretoldUs;
    const bandUs = Math.max(BAND_LEAST_US, BAND_US - spreadUs);
    return Math.max(Math.min(foretoldUs, arrivalUs), arrivalUs - bandUs);
  }

  #measure(frame: ArrivedStamp, last: Dated): void {
    const stepUs = frame.mediaUs - last.mediaUs;
    const waitedUs = frame.arrivalUs - last.arrivalUs;
    this.#noteStill(stepUs, waitedUs, frame.arrivalUs);
    const apartUs = Math.abs(stepUs * this.#pace - waitedUs);
    const hasJumped = stepUs < LEAST_STEP_US || apartUs > Math.max(waitedUs, 1_000_000);
    // A slow camera whose rate is not known yet is not one that jumps.
    const isSaid = apartUs > JUMP_US + waitedUs;
    // By its own count: a slow clock that is set an hour ahead shows an hour more.
    if (isSaid) this.#noteJump(stepUs - waitedUs / this.#pace, frame.arrivalUs);
    if (this.#mark === null || hasJumped) this.#mark = frame;
    if (this.#since === null || isSaid) this.#since = frame;
    const mediaSpanUs = frame.mediaUs - this.#mark.mediaUs;
    const wallSpanUs = frame.arrivalUs - this.#mark.arrivalUs;
    if (wallSpanUs < RATE_SPAN_US || mediaSpanUs <= 0) return;
    const pace = wallSpanUs / mediaSpanUs;
    // What is within the band may be a late arrival at either end.
    const isPlain = Math.abs(wallSpanUs - mediaSpanUs * this.#pace) > BAND_US;
    if (isPlain && pace > 0.25 && pace < 4) this.#pace = pace;
    if (wallSpanUs > 15 * RATE_SPAN_US) this.#mark = frame;
  }

  /** Where a camera's clock goes back ffmpeg lets its stamps stand still, and does not say by how much. */
  #noteStill(stepUs: number, waitedUs: number, atUs: number): void {
    const beforeUs = this.#stillUs;
    this.#stillUs = stepUs < LEAST_STEP_US ? beforeUs + waitedUs : 0;
    if (beforeUs < JUMP_US && this.#stillUs >= JUMP_US) this.#noteJump(null, atUs - this.#stillUs);
  }

  #noteJump(byUs: number | null, atUs: number): void {
    this.#jumps++;
    this.#lastJump = { byUs, atUs };
  }
}
