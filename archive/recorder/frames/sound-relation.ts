import { lineThrough, medianOf } from "./trend.ts";

/** What is known of the picture that sound is to stand beside. Microseconds. */
export interface PictureClock {
  /** Wall time that passes per time of the picture. */
  readonly pace: number;
  /** How often its stamps did not go on as they had. */
  readonly breaks: number;
  /** The instant of a time of the picture, and the other way round; null before the first frame. */
  instantAt(mediaUs: number): number | null;
  mediaAt(instantUs: number): number | null;
  /** The time of the picture that would arrive at a moment; null where the last frame was too long before. */
  comingAt(arrivalUs: number): number | null;
  /** Its first time; null before. */
  readonly firstMediaUs?: number | null;
  /** How much later than it the sound began to come over the line; null where that is not known. */
  readonly soundLaterUs?: number | null;
}

/**
 * What is usual is learnt over this long; sooner where the clocks go apart so fast that it cannot be waited for, which
 * the longer is seen the surer: by this in a second, and by a quarter of it in two.
 */
const LEARN_US = 4_000_000;
const LEARN_LEAST_US = 1_200_000;
const FAST = 0.06;

/** How fast they go apart is told the better the longer they were seen: for as long, where they do not go faster. */
const SURE_US = 2_500_000;
const VERY_FAST = 0.06;

/** Looks that are off by more, from the line that they lie on, are of a machine or a network that is late: they say nothing. */
const QUIET_US = 6_000;

/** Clocks go apart in the second half of the time as they do in the first, to within this share. */
const ALIKE = 0.4;

/**
 * What the stamps say is believed within this of what arrivals say: a camera may send one of the two later. The sound of
 * a second may come at once in the beginning.
 */
const EARLY_US = 1_500_000;
const LATE_US = 250_000;

/** What is learnt is looked at each time that so many more have come. */
const LOOKS_BETWEEN = 3;

/** What is usual afterwards is compared over this long, and at least over half of it. */
const LOOK_US = 2_000_000;

/**
 * Sound is left where it is as long as it is not further from there, and until that was seen twice; where packets come
 * evenly, so many times as far as they are uneven, but for this.
 */
const APART_US = 15_000;
const APART_NOISE = 3;
const APART_LEAST_US = 8_000;

/** Sound that begins so much later than its picture, or sooner, was not only sent so. */
const BEGUN_US = 300_000;
const ALIKE_US = 1_000;

/** What is further off at once is a step, as of sound that was not sent for a while and whose stamps do not say so. */
const STEP_US = 250_000;

/** Sound that came so much later than its stamps say, and not at once with what follows, was not sent meanwhile. */
const PAUSED_US = 1_000_000;

/** How fast one clock runs beside the other is corrected after so long, and looked for over so much at most. */
const RATE_SPAN_US = 8_000_000;
const RATE_SPAN_MOST_US = 4 * RATE_SPAN_US;

/** A packet that came sooner after the one before, by its own length, waited somewhere: its arrival says nothing. */
const ON_TIME = 0.5;

/** Packets last as long as each other to within this; some may be lost between two. */
const SAME_US = 10_000;

/** Stamps that go on by less stand still: ffmpeg counts ticks where a clock went back. */
const STILL_US = 1_000;

/** A packet that is said to be later than usual, and did not come later, is of a clock that was set. */
const SET_US = 60_000;

export interface ArrivedSound {
  /** By the sound's own clock. */
  readonly mediaUs: number;
  readonly arrivalUs: number;
  /** When the next packet arrived, where that is known. */
  readonly nextArrivalUs?: number | undefined;
}

interface Look {
  readonly atUs: number;
  /** What the stamps say less what the arrivals say. */
  readonly apartUs: number;
}

/**
 * Which time of the picture goes with a time of the sound. They begin as one. How far stamps and arrivals of the two are
 * usually apart is a matter of the camera, and stays. Where one of the clocks is set, sound goes on where it would have
 * gone on; where one runs faster than the other, it follows what arrives. Microseconds.
 */
export class SoundRelation {
  readonly #picture: PictureClock;
  /** A time of the sound and the one of the picture that goes with it, and how fast that goes on beside it. */
  #anchor: { readonly soundUs: number; readonly pictureUs: number; readonly rate: number } | null = null;
  #usualUs: number | null = null;
  #looks: Look[] = [];
  /** The last one, of which the next packet will tell whether it came on time. */
  #newest: Look | null = null;
  /** What was corrected since, which tells how fast the clocks go apart. */
  #corrected = { sinceUs: 0, byUs: 0 };
  /** How far it was off when that was seen for the first time. */
  #doubtUs = 0;
  #last: (ArrivedSound & { readonly instantUs: number }) | null = null;
  /** From the packet before the last one to the last, and what is usual. */
  #ownUs = 0;
  #stepUs = 0;
  /** The last packet's stamp stood still. */
  #isStill = false;
  #breaks = 0;
  #hasBroken = false;

  constructor(picture: PictureClock) {
    this.#picture = picture;
  }

  /** Whether it is known how the two go together. */
  get isKnown(): boolean {
    return this.#usualUs !== null;
  }

  /** Takes the next packet in order. @returns its instant beside the picture, or null before the first frame */
  instant(packet: ArrivedSound): number | null {
    this.#anchor ??= {
      soundUs: packet.mediaUs,
      pictureUs: packet.mediaUs + this.#begunLaterUs(packet),
      rate: 1,
    };
    this.#keepOn(packet);
    this.#look(packet);
    const instantUs = this.#picture.instantAt(this.timeOf(packet.mediaUs));
    this.#last = instantUs === null ? null : { ...packet, instantUs };
    return instantUs;
  }

  /** Whether one of the two clocks was set. */
  get hasBroken(): boolean {
    return this.#hasBroken;
  }

  /** The time of the picture that goes with one of the sound. */
  timeOf(mediaUs: number): number {
    const { soundUs, pictureUs, rate } = this.#anchor ?? { soundUs: 0, pictureUs: 0, rate: 1 };
    return pictureUs + (mediaUs - soundUs) * rate;
  }

  /**
   * ffmpeg counts both from their first packets, unless the camera tells how they go together. One that begins to send
   * its sound a second after its picture is not one that sends it late.
   */
  #begunLaterUs({ mediaUs }: ArrivedSound): number {
    const { firstMediaUs = null, soundLaterUs = null, pace } = this.#picture;
    const isCountedAlike = firstMediaUs !== null && Math.abs(mediaUs - firstMediaUs) < ALIKE_US;
    return isCountedAlike && soundLaterUs !== null && Math.abs(soundLaterUs) > BEGUN_US
      ? soundLaterUs / pace
      : 0;
  }

  #anchorAt(soundUs: number, pictureUs: number, rate = this.#anchor?.rate ?? 1): void {
    this.#anchor = { soundUs, pictureUs, rate };
    this.#forgetLooks();
  }

  #forgetLooks(): void {
    this.#looks = [];
    this.#newest = null;
  }

  /** Behind a clock that was set sound goes on where it would have gone on. */
  #keepOn(packet: ArrivedSound): void {
    const last = this.#last;
    const hasPictureSet = this.#picture.breaks !== this.#breaks;
    this.#breaks = this.#picture.breaks;
    if (last === null) return;
    const ownUs = packet.mediaUs - last.mediaUs;
    const waitedUs = packet.arrivalUs - last.arrivalUs;
    // Two that are alike are usual from then on.
    if (ownUs > SAME_US && Math.abs(ownUs - this.#ownUs) < SAME_US / 10) this.#stepUs = ownUs;
    this.#ownUs = ownUs;
    const isSet = this.#isSet(ownUs, waitedUs) || this.#wasPaused(packet, ownUs, waitedUs);
    if (!isSet && !hasPictureSet) return void (this.#isStill = false);
    this.#hasBroken = true;
    // What others follow at once did not come later: this machine, or the network, was late for it.
    const isHeldUp = (packet.nextArrivalUs ?? Infinity) - packet.arrivalUs < this.#stepUs * ON_TIME;
    const isUsual = waitedUs < this.#stepUs + 2 * SET_US || isHeldUp;
    const stepUs = isSet ? (isUsual ? this.#stepUs : waitedUs) : ownUs;
    const rate = this.#anchor?.rate ?? 1;
    const pictureUs = this.#picture.mediaAt(last.instantUs + stepUs * rate * this.#picture.pace);
    if (pictureUs === null) return;
    const wasStill = this.#isStill;
    this.#isStill = ownUs < STILL_US;
    // Behind stamps that stand still sound is corrected by its arrivals all the same.
    if (wasStill && this.#isStill && !hasPictureSet)
      return void (this.#anchor = { soundUs: packet.mediaUs, pictureUs, rate });
    this.#anchorAt(packet.mediaUs, pictureUs);
    this.#corrected = { sinceUs: packet.arrivalUs, byUs: 0 };
  }

  /** Whether the sound's clock was set between two packets. */
  #isSet(ownUs: number, waitedUs: number): boolean {
    if (this.#stepUs === 0) return ownUs <= 0;
    const steps = Math.max(1, Math.round(ownUs / this.#stepUs));
    const isOdd = Math.abs(ownUs - steps * this.#stepUs) > SAME_US * steps;
    return isOdd || (steps > 1 && Math.abs(ownUs - waitedUs) > SET_US);
  }

  /** Whether it was not sent for a while that its stamps do not count. What a network held back comes at once. */
  #wasPaused(
    { arrivalUs, nextArrivalUs = arrivalUs }: ArrivedSound,
    ownUs: number,
    waitedUs: number,
  ): boolean {
    if (this.#stepUs === 0 || waitedUs - ownUs < PAUSED_US) return false;
    return nextArrivalUs - arrivalUs > this.#stepUs * ON_TIME && this.#picture.comingAt(arrivalUs) !== null;
  }

  #look(packet: ArrivedSound): void {
    // What others follow at once waited, too.
    const isOnTime = this.#isOnTime(packet);
    if (this.#newest !== null && isOnTime) this.#looks.push(this.#newest);
    const comingUs = this.#picture.comingAt(packet.arrivalUs);
    this.#newest = null;
    if (comingUs === null || !isOnTime) return;
    const spanUs = this.#usualUs === null ? LEARN_US : LOOK_US;
    this.#looks = this.#looks.filter(({ atUs }) => packet.arrivalUs - atUs <= spanUs);
    const apartUs = (this.timeOf(packet.mediaUs) - comingUs) * this.#picture.pace;
    this.#newest = { atUs: packet.arrivalUs, apartUs };
    const lookedUs = packet.arrivalUs - (this.#looks[0]?.atUs ?? packet.arrivalUs);
    if (this.#usualUs === null) this.#learn(packet, apartUs, lookedUs);
    else if (lookedUs >= LOOK_US / 2) this.#correct(packet, this.#usualUs);
  }

  #isOnTime({ mediaUs, arrivalUs }: ArrivedSound): boolean {
    const last = this.#last;
    if (last === null) return false;
    const ownUs = mediaUs - last.mediaUs;
    return arrivalUs - last.arrivalUs > (ownUs < STILL_US ? this.#stepUs : ownUs) * ON_TIME;
  }

  #learn(packet: ArrivedSound, apartUs: number, lookedUs: number): void {
    if (lookedUs < LEARN_LEAST_US || this.#looks.length % LOOKS_BETWEEN !== 0) return;
    const line = lineOf(this.#looks);
    if (line.usuallyOff > QUIET_US) return;
    const isSure = Math.abs(line.slope) > VERY_FAST || lookedUs >= SURE_US;
    const isDrifting =
      isSure && Math.abs(line.slope) > FAST / (lookedUs / 1e6) ** 2 && isSteady(this.#looks, line.slope);
    if (lookedUs < LEARN_US * 0.95 && !isDrifting) return;
    const saidUs = isDrifting
      ? line.at(this.#beginningUs(packet))
      : medianOf(this.#looks.map((look) => look.apartUs));
    // Stamps that are far away have nothing to do with the picture's clock.
    this.#usualUs = saidUs > -EARLY_US && saidUs < LATE_US ? saidUs : 0;
    if (isDrifting || this.#usualUs !== saidUs)
      this.#moveBy(packet, this.#usualUs - (isDrifting ? apartUs : saidUs), isDrifting ? line.slope : 0);
    this.#looks = [];
    this.#corrected = { sinceUs: packet.arrivalUs, byUs: 0 };
  }

  /** When the time of the picture arrived at which the two began as one. */
  #beginningUs({ arrivalUs }: ArrivedSound): number {
    const beganUs = this.#anchor?.pictureUs ?? 0;
    return arrivalUs - ((this.#picture.comingAt(arrivalUs) ?? beganUs) - beganUs) * this.#picture.pace;
  }

  /** @param slope how fast stamps and arrivals go apart */
  #moveBy({ mediaUs }: ArrivedSound, wallUs: number, slope: number): void {
    const { pace } = this.#picture;
    const rate = (this.#anchor?.rate ?? 1) / (1 + slope);
    this.#anchorAt(mediaUs, this.timeOf(mediaUs) + wallUs / pace, rate);
  }

  #correct(packet: ArrivedSound, usualUs: number): void {
    const middleUs = medianOf(this.#looks.map(({ apartUs }) => apartUs));
    const noiseUs = medianOf(this.#looks.map(({ apartUs }) => Math.abs(apartUs - middleUs)));
    if (noiseUs > 2 * QUIET_US) return;
    const offUs = middleUs - usualUs;
    const spanUs = packet.arrivalUs - this.#corrected.sinceUs;
    const isLong = spanUs >= RATE_SPAN_US;
    const apartUs = Math.min(APART_US, Math.max(APART_LEAST_US, APART_NOISE * noiseUs));
    const isOff = Math.abs(offUs) > apartUs;
    if (!isOff && !isLong) return;
    // What grows from one look to the next is a rate, and no doubt of it.
    const isDoubtful = isOff && Math.abs(offUs - this.#doubtUs) > APART_US + Math.abs(offUs) / 4;
    this.#doubtUs = isDoubtful ? offUs : 0;
    if (isDoubtful) return this.#forgetLooks();
    // Stamps that stand still have no rate.
    if (Math.abs(offUs) > STEP_US || (isOff && this.#isStill)) {
      this.#moveBy(packet, -offUs, 0);
      this.#corrected = { sinceUs: packet.arrivalUs, byUs: 0 };
      return;
    }
    const byUs = this.#corrected.byUs + offUs;
    const slope = isLong && Math.abs(byUs) > 2 * APART_US ? byUs / spanUs : 0;
    if (isOff || slope !== 0) this.#moveBy(packet, -offUs, slope);
    // A clock that goes apart slowly shows it late.
    const isDone = slope !== 0 || spanUs >= RATE_SPAN_MOST_US;
    if (isDone) this.#corrected = { sinceUs: packet.arrivalUs, byUs: 0 };
    else if (isOff) this.#corrected = { ...this.#corrected, byUs };
  }
}

const lineOf = (looks: readonly Look[]) =>
  lineThrough(looks.map(({ atUs, apartUs }) => ({ x: atUs, y: apartUs })));

/** Whether both halves go the same way: a machine that was late for once makes a step. */
function isSteady(looks: readonly Look[], slope: number): boolean {
  const middle = looks.length >> 1;
  const halves = [lineOf(looks.slice(0, middle)), lineOf(looks.slice(middle))];
  return halves.every((half) => Math.abs(half.slope - slope) < ALIKE * Math.abs(slope));
}
