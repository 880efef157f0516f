import { readAudioConfig } from "./audio-config.ts";
import { boxesBetween } from "./box-reader.ts";
import { MediaError } from "./media-error.ts";

/**
 * The codec as RFC 6381 names it, from a sample entry. The bare four-character code where the entry has no
 * configuration that is known here: a guess would make a player refuse what it can play.
 */
export function codecString(sampleEntry: Buffer, handler: "vide" | "soun"): string {
  const fourCharacters = sampleEntry.toString("latin1", 4, 8);
  const configuration = (type: string) => configurationBox(sampleEntry, handler, type);
  if (fourCharacters === "avc1" || fourCharacters === "avc3")
    return avc(fourCharacters, configuration("avcC"));
  if (fourCharacters === "hvc1" || fourCharacters === "hev1")
    return hevc(fourCharacters, configuration("hvcC"));
  if (fourCharacters === "mp4a") return mpegAudio(configuration("esds"));
  return fourCharacters;
}

/** Sizes of the fixed part: VisualSampleEntry (ISO/IEC 14496-12, 12.1.3) and AudioSampleEntry (12.2.3). */
export const entryFixedBytes = { vide: 86, soun: 36 } as const;

/** The content of the box of this type inside a sample entry; undefined where there is none. */
export function configurationBox(entry: Buffer, handler: "vide" | "soun", type: string): Buffer | undefined {
  try {
    const found = boxesBetween(entry, entryFixedBytes[handler], entry.length).find(
      (box) => box.type === type,
    );
    return found && entry.subarray(found.body, found.end);
  } catch (error) {
    // Some makers end an entry with four zero bytes or other filling; what is not a box holds no configuration.
    if (error instanceof MediaError) return undefined;
    throw error;
  }
}

// ISO/IEC 14496-15, 5.3.3.1: profile, compatibility and level follow the version.
function avc(name: string, avcC: Buffer | undefined): string {
  return avcC && avcC.length >= 4 ? `${name}.${avcC.toString("hex", 1, 4)}` : name;
}

// ISO/IEC 14496-15, annex E.3.
function hevc(name: string, hvcC: Buffer | undefined): string {
  if (!hvcC || hvcC.length < 13) return name;
  const first = hvcC.readUInt8(1);
  const space = ["", "A", "B", "C"][first >>> 6] ?? "";
  const tier = first & 0x20 ? "H" : "L";
  const compatibility = reversedBits(hvcC.readUInt32BE(2)).toString(16).toUpperCase();
  const constraints = [...hvcC.subarray(6, 12)];
  while (constraints.at(-1) === 0) constraints.pop();
  const tail = constraints.map((byte) => `.${byte.toString(16).toUpperCase()}`).join("");
  return `${name}.${space}${first & 0x1f}.${compatibility}.${tier}${hvcC.readUInt8(12)}${tail}`;
}

function reversedBits(word: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit++) reversed = reversed * 2 + ((word >>> bit) & 1);
  return reversed;
}

// RFC 6381, 3.3.
function mpegAudio(esds: Buffer | undefined): string {
  const config = esds && readAudioConfig(esds);
  if (config === undefined) return "mp4a";
  const name = `mp4a.${config.kind.toString(16)}`;
  return config.mpeg4 === undefined ? name : `${name}.${config.mpeg4.objectType}`;
}
