import { FrameDater } from "./frame-dater.ts";
import { SoundRelation, type PictureClock } from "./sound-relation.ts";

/** A seam in the sound is heard sooner than sound that is apart from its picture by this. */
const APART_US = 25_000;

/**
 * The picture's clock is believed for sound that is said to be of within this of its arrival, until it is known how the
 * two go together. At the start ffmpeg gives out the sound of a second at once.
 */
const EARLY_US = 1_500_000;
const LATE_US = 250_000;

/**
 * Gives packets of sound their instants: beside the picture that was taken with them, or by their own arrival where the
 * two have nothing to do with each other. Packets follow each other without a seam as long as that is true to within
 * what can be heard. Microseconds.
 */
export class SoundDater {
  readonly #relation: SoundRelation;
  readonly #byArrival = new FrameDater();
  #last: { readonly mediaUs: number; readonly instantUs: number } | null = null;

  constructor(picture: PictureClock) {
    this.#relation = new SoundRelation(picture);
  }

  instant(mediaUs: number, arrivalUs: number): number {
    const trueUs = this.#trueInstant(mediaUs, arrivalUs);
    const last = this.#last;
    const nextUs = last === null ? trueUs : last.instantUs + (mediaUs - last.mediaUs);
    const isSeamless = last !== null && mediaUs > last.mediaUs && Math.abs(nextUs - trueUs) <= APART_US;
    const instantUs = isSeamless ? nextUs : Math.max(trueUs, (last?.instantUs ?? -Infinity) + 1_000);
    this.#last = { mediaUs, instantUs };
    return instantUs;
  }

  #trueInstant(mediaUs: number, arrivalUs: number): number {
    const arrivedUs = this.#byArrival.instant({ mediaUs, arrivalUs });
    const besideUs = this.#relation.instant({ mediaUs, arrivalUs });
    const isNear = besideUs !== null && besideUs > arrivedUs - EARLY_US && besideUs < arrivedUs + LATE_US;
    return besideUs !== null && (isNear || this.#relation.isKnown) ? besideUs : arrivedUs;
  }
}
