import type { PlacedSample, SampleBatch, SampleSequence } from "#media/progressive-writer.ts";
import { silentPacket } from "#media/silence.ts";
import type { Track } from "#media/track.ts";

/** Packets in a literal: a gap of an hour is then some hundred pieces of the file and not 170,000. */
const PACKETS_IN_LITERAL = 4096;

/** Silence for one track of sound. */
export interface Silence {
  /** Index of the literal that consists of its packets. */
  readonly literal: number;
  readonly packetBytes: number;
  /** Of one packet, and of the longest that there can be of the codec. */
  readonly seconds: number;
  readonly longestSeconds: number;
}

/**
 * The bytes of silence for a track, to be kept as a literal of the file.
 * @param literal the index that they get there
 * @returns undefined where no silent packet is known for the track's sound
 */
export function silenceFor(
  track: Track,
  literal: number,
): { readonly silence: Silence; readonly bytes: Buffer } | undefined {
  const packet = silentPacket(track);
  if (packet === undefined) return undefined;
  const { bytes, seconds, longestSeconds } = packet;
  const silence = { literal, packetBytes: bytes.length, seconds, longestSeconds };
  return { silence, bytes: Buffer.alloc(PACKETS_IN_LITERAL * bytes.length, bytes) };
}

/**
 * Fills the holes in time of one track of sound with silent packets, see docs/decisions/0004-gaps-in-an-export.md.
 * Chromium plays packets one after the other, whatever their times: without these, sound after a gap would be heard
 * while the gap is shown. How far playing so is off the times is counted over all holes: after each it is half a packet
 * at most, or as little as the hole has room for, where others that are too short for silence came before it.
 */
export class SilentGaps {
  readonly #silence: Silence;
  readonly #packetTicks: number;
  readonly #longestTicks: number;
  /** Where the last packet so far has sounded; undefined before the first. */
  #endTicks: number | undefined;
  /** By how much a player that knows no holes would be early. */
  #earlyTicks = 0;

  /** @param timescale of the file's track */
  constructor(silence: Silence, timescale: number) {
    this.#silence = silence;
    this.#packetTicks = silence.seconds * timescale;
    this.#longestTicks = silence.longestSeconds * timescale;
  }

  /**
   * @param batch of recorded packets, after all that were given before
   * @returns the same packets in the same order, with silence before and between them where there are holes; each
   *   batch is short
   */
  fill(batch: SampleBatch): SampleBatch[] {
    const { leastTicks, mostTicks } = durationsOf(batch.samples);
    // How long a recorded packet sounds: as long as the next one usually comes after it.
    const usualTicks = Math.min(Math.max(this.#packetTicks, leastTicks), this.#longestTicks);
    const holeTicks = usualTicks + this.#packetTicks;
    const parts = mostTicks < holeTicks ? [batch] : partsBetweenHoles(batch, holeTicks);
    return parts.flatMap((part) => {
      const silence = this.#silenceBefore(part.firstDecodeTicks);
      this.#count(part, usualTicks);
      return [...silence, part];
    });
  }

  #silenceBefore(startTicks: number): SampleBatch[] {
    const fromTicks = Math.round(this.#endTicks ?? startTicks);
    const holeTicks = startTicks - fromTicks;
    this.#earlyTicks += holeTicks;
    if (holeTicks < this.#packetTicks) return [];
    const wanted = Math.round(this.#earlyTicks / this.#packetTicks);
    const count = Math.min(wanted, Math.ceil(holeTicks / this.#packetTicks));
    if (count < 1) return [];
    this.#earlyTicks -= count * this.#packetTicks;
    const hole = { silence: this.#silence, packetTicks: this.#packetTicks, holeTicks, count };
    return Array.from({ length: Math.ceil(count / PACKETS_IN_LITERAL) }, (_, place) => {
      const samples = new SilentSamples(hole, place * PACKETS_IN_LITERAL);
      return { firstDecodeTicks: fromTicks + samples.startTicks, samples };
    });
  }

  #count({ firstDecodeTicks, samples }: SampleBatch, usualTicks: number): void {
    const { totalTicks, lastTicks } = durationsOf(samples);
    const lastDecodeTicks = firstDecodeTicks + totalTicks - lastTicks;
    this.#earlyTicks += lastDecodeTicks - firstDecodeTicks - (samples.length - 1) * usualTicks;
    this.#endTicks = lastDecodeTicks + usualTicks;
  }
}

/** Of all packets, of which the last one's is not known for sure: the shortest and the longest before it. */
function durationsOf(samples: SampleSequence) {
  let [leastTicks, mostTicks, totalTicks, lastTicks] = [Infinity, 0, 0, 0];
  for (let index = 0; index < samples.length; index++) {
    lastTicks = samples.at(index)?.durationTicks ?? 0;
    totalTicks += lastTicks;
    if (index === samples.length - 1) break;
    leastTicks = Math.min(leastTicks, lastTicks);
    mostTicks = Math.max(mostTicks, lastTicks);
  }
  return { leastTicks: leastTicks === Infinity ? lastTicks : leastTicks, mostTicks, totalTicks, lastTicks };
}

/** Cuts a batch after each packet that lasts at least so long. */
function partsBetweenHoles({ firstDecodeTicks, samples }: SampleBatch, holeTicks: number): SampleBatch[] {
  const parts: SampleBatch[] = [];
  let part: PlacedSample[] = [];
  let [partTicks, decodeTicks] = [firstDecodeTicks, firstDecodeTicks];
  for (let index = 0; index < samples.length; index++) {
    // A copy: a sequence may give the same object each time.
    const sample = { ...samples.at(index)! };
    part.push(sample);
    decodeTicks += sample.durationTicks;
    if (sample.durationTicks < holeTicks && index < samples.length - 1) continue;
    parts.push({ firstDecodeTicks: partTicks, samples: part });
    [part, partTicks] = [[], decodeTicks];
  }
  return parts;
}

interface SilentHole {
  readonly silence: Silence;
  readonly packetTicks: number;
  readonly holeTicks: number;
  /** Packets in the whole hole. */
  readonly count: number;
}

/** At most a literal of the silent packets that fill a hole; the hole's last one ends with it. */
class SilentSamples implements SampleSequence {
  readonly length: number;
  readonly #hole: SilentHole;
  readonly #first: number;

  /** @param first packet of the hole that is among these */
  constructor(hole: SilentHole, first: number) {
    this.#hole = hole;
    this.#first = first;
    this.length = Math.min(PACKETS_IN_LITERAL, hole.count - first);
  }

  /** Since the hole began. */
  get startTicks(): number {
    return this.#ticksAt(0);
  }

  at(index: number): PlacedSample {
    const { literal, packetBytes } = this.#hole.silence;
    const durationTicks = this.#ticksAt(index + 1) - this.#ticksAt(index);
    const common = { compositionOffsetTicks: 0, isSync: true, durationTicks };
    return { ...common, source: ~literal, offset: index * packetBytes, sizeBytes: packetBytes };
  }

  /** Where a packet begins; the end for the one after the last. */
  #ticksAt(index: number): number {
    const { count, packetTicks, holeTicks } = this.#hole;
    const packet = this.#first + index;
    return packet === count ? holeTicks : Math.round(packet * packetTicks);
  }
}
