/** One track of picture for footage of several formats; see docs/decisions/0012-format-change.md. */
import { decodesAlike, inBandEntry, readDecoderSetup, type DecoderSetup } from "./parameter-sets.ts";
import type { Track } from "./track.ts";

/** A stretch of footage that is to stand in one track with others. */
export interface PicturePart {
  readonly track: Track;
  /** Whether its key frames hold the parameter sets that they need, whatever its sample entry says. */
  readonly bringsSets: boolean;
}

/** A track that takes all parts. */
export interface CommonPicture {
  readonly kind: "common";
  /** The first part's; under the in-band name where the parts differ. */
  readonly track: Track;
  /** Parameter sets that stand in front of key frames. */
  readonly literals: readonly Buffer[];
  /** Index into `literals` of what stands in front of the key frames of each part. */
  readonly literalOf: readonly (number | undefined)[];
}

/** The first part that cannot be in one track with those before it. */
export interface NoCommonPicture {
  readonly kind: "codec-changed";
  readonly part: number;
}

/**
 * Finds the track for all parts. Where one decoder configuration serves them all, nothing is changed. Where they
 * differ, the entry is `avc3` or `hev1` (ISO/IEC 14496-15, 5.4.2.1 and 8.4.1), and the key frames of a part that does
 * not bring its parameter sets get those of its entry in front.
 * @param first of the parts. @param later in order of time
 * @throws MediaError for a damaged sample entry
 */
export function commonPicture(
  first: PicturePart,
  later: readonly PicturePart[],
): CommonPicture | NoCommonPicture {
  const parts = [first, ...later];
  const { track } = first;
  const needsNothing = ({ track: { sampleEntry }, bringsSets }: PicturePart): boolean =>
    bringsSets === first.bringsSets && decodesAlike(sampleEntry, track.sampleEntry, "vide");
  if (parts.every(needsNothing)) {
    return { kind: "common", track, literals: [], literalOf: parts.map(() => undefined) };
  }
  const setups = parts.map((part) => readDecoderSetup(part.track.sampleEntry));
  const changed = setups.findIndex((setup, part) => part > 0 && !canFollow(setups[0], setup));
  return changed > 0 ? { kind: "codec-changed", part: changed } : inBandPicture(track, parts, setups);
}

/** Codecs without parameter sets of a known form can follow nothing that is not the same. */
function canFollow(first: DecoderSetup | undefined, other: DecoderSetup | undefined): boolean {
  if (first === undefined || other === undefined) return false;
  return first.codec === other.codec && first.lengthBytes === other.lengthBytes;
}

function inBandPicture(
  track: Track,
  parts: readonly PicturePart[],
  setups: readonly (DecoderSetup | undefined)[],
): CommonPicture {
  const literals: Buffer[] = [];
  const literalOf = parts.map(({ bringsSets }, part) => {
    const sets = setups[part]?.sets;
    if (bringsSets || sets === undefined) return undefined;
    const known = literals.findIndex((literal) => literal.equals(sets));
    return known < 0 ? literals.push(sets) - 1 : known;
  });
  const codec = track.codec.replace(/^avc1/, "avc3").replace(/^hvc1/, "hev1");
  const inBand = { ...track, codec, sampleEntry: inBandEntry(track.sampleEntry) };
  return { kind: "common", track: inBand, literals, literalOf };
}
