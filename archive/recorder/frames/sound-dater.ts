import { FrameDater } from "./frame-dater.ts";
import { SoundRelation, type ArrivedSound, type PictureClock } from "./sound-relation.ts";

/** A seam in the sound is heard sooner than sound that is apart from its picture by this. */
const APART_US = 12_000;

/**
 * The picture's clock is believed for sound that is said to be of within this of its arrival, until it is known how the
 * two go together. At the start ffmpeg gives out the sound of a second at once.
 */
const EARLY_US = 1_500_000;
const LATE_US = 250_000;

/** What it takes to see that two clocks go apart by two thirds of a per cent. */
const HELD_MOST_US = 3_000_000;

interface Held<Sample> {
  readonly sample: Sample;
  readonly mediaUs: number;
  /** Where it belongs by what is known of the two clocks when it comes, and the time of the picture that goes with that. */
  readonly trueUs: number;
  readonly pictureUs: number | null;
}

/**
 * Gives packets of sound their instants: beside the picture that was taken with them, or by their own arrival where the
 * two have nothing to do with each other. Packets follow each other without a seam as long as that is true to within
 * what can be heard. The first ones wait until it is known whether the two clocks go apart. Microseconds.
 */
export class SoundDater<Sample> {
  readonly #picture: PictureClock;
  readonly #relation: SoundRelation;
  readonly #pass: (sample: Sample, instantUs: number) => void;
  readonly #heldUs: number;
  readonly #byArrival = new FrameDater();
  #held: Held<Sample>[] | null = [];
  #heldSinceUs: number | null = null;
  #last: { readonly mediaUs: number; readonly instantUs: number } | null = null;

  /**
   * @param pass gets each packet with its instant, in order
   * @param mayHoldUs for how long the first packets may wait at most
   */
  constructor(
    picture: PictureClock,
    pass: (sample: Sample, instantUs: number) => void,
    mayHoldUs = HELD_MOST_US,
  ) {
    [this.#picture, this.#relation, this.#pass] = [picture, new SoundRelation(picture), pass];
    this.#heldUs = Math.min(mayHoldUs, HELD_MOST_US);
  }

  /** Takes the next packet in order, after the first frame has its instant. */
  take(sample: Sample, arrived: ArrivedSound): void {
    const { mediaUs, arrivalUs } = arrived;
    const packet = { sample, mediaUs, ...this.#place(arrived) };
    if (this.#held === null) return this.#passOn(packet);
    this.#held.push(packet);
    this.#heldSinceUs ??= arrivalUs;
    if (this.#relation.isKnown) this.#held = this.#held.map((each) => this.#placedAgain(each));
    if (this.#relation.isKnown || this.#relation.hasBroken) this.release();
    else this.passed(arrivalUs);
  }

  /** Tells that a frame arrived: packets do not wait for others that never come. */
  passed(arrivalUs: number): void {
    if (this.#heldSinceUs !== null && arrivalUs - this.#heldSinceUs >= this.#heldUs) this.release();
  }

  /** Passes on what waits. */
  release(): void {
    const held = this.#held ?? [];
    if (this.#heldSinceUs !== null) this.#held = null;
    this.#heldSinceUs = null;
    for (const packet of held) this.#passOn(packet);
  }

  #passOn({ sample, mediaUs, trueUs }: Held<Sample>): void {
    const last = this.#last;
    const nextUs = last === null ? trueUs : last.instantUs + (mediaUs - last.mediaUs);
    const isSeamless = last !== null && mediaUs > last.mediaUs && Math.abs(nextUs - trueUs) <= APART_US;
    const instantUs = isSeamless ? nextUs : Math.max(trueUs, (last?.instantUs ?? -Infinity) + 1_000);
    this.#last = { mediaUs, instantUs };
    this.#pass(sample, instantUs);
  }

  #place(packet: ArrivedSound): Pick<Held<Sample>, "trueUs" | "pictureUs"> {
    const { mediaUs, arrivalUs } = packet;
    const arrivedUs = this.#byArrival.instant({ mediaUs, arrivalUs });
    const besideUs = this.#relation.instant(packet);
    const isNear = besideUs !== null && besideUs > arrivedUs - EARLY_US && besideUs < arrivedUs + LATE_US;
    if (besideUs === null || (!isNear && !this.#relation.isKnown))
      return { trueUs: arrivedUs, pictureUs: null };
    return { trueUs: besideUs, pictureUs: this.#relation.timeOf(mediaUs) };
  }

  /** By how fast the two clocks go apart, which is known now. Where the picture was dated it stays. */
  #placedAgain(packet: Held<Sample>): Held<Sample> {
    const pictureUs = this.#relation.timeOf(packet.mediaUs);
    const trueUs =
      packet.pictureUs === null
        ? this.#picture.instantAt(pictureUs)
        : packet.trueUs + (pictureUs - packet.pictureUs) * this.#picture.pace;
    return { ...packet, pictureUs, trueUs: trueUs ?? packet.trueUs };
  }
}
