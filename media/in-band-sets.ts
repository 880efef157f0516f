import type { ByteSource } from "./byte-source.ts";
import type { ProgressiveTrack } from "./progressive-reader.ts";
import { readDecoderSetup } from "./parameter-sets.ts";

/** Sample entries under which parameter sets may stand in the samples (ISO/IEC 14496-15, 5.4.2.1 and 8.4.1). */
const inBandEntries = ["avc3", "hev1"];

/** Parameter sets come first in a sample, behind nothing but short units; they are rarely 200 bytes. */
const lookedAtBytes = 4096;

/**
 * Whether the key frames of a track hold their parameter sets. A file under an in-band name may hold them in its
 * sample entry alone, as FFmpeg writes `hev1`, so the last key frame is looked at: a stream that brings its sets only
 * once brings them with the first.
 * @throws MediaError for a damaged sample entry
 */
export async function bringsParameterSets(
  source: ByteSource,
  { track, samples }: ProgressiveTrack,
): Promise<boolean> {
  const setup = readDecoderSetup(track.sampleEntry);
  const keyFrame = samples.findLast((sample) => sample.isSync);
  const mayBring = inBandEntries.includes(track.sampleEntry.toString("latin1", 4, 8));
  if (!mayBring || setup === undefined || keyFrame === undefined) return false;
  const start = await source.read(keyFrame.offset, Math.min(keyFrame.sizeBytes, lookedAtBytes));
  return [...unitHeaders(start, setup.lengthBytes)].some(setup.codec === "H.264" ? isAvcSet : isHevcSet);
}

/** Sequence parameter set (ISO/IEC 14496-10, table 7-1). */
function isAvcSet(header: number): boolean {
  return (header & 0x1f) === 7;
}

/** SPS_NUT (ISO/IEC 23008-2, table 7-1). */
function isHevcSet(header: number): boolean {
  return ((header >>> 1) & 0x3f) === 33;
}

/** First byte of each unit of a sample, as far as its bytes reach. */
function* unitHeaders(sample: Buffer, lengthBytes: number): Generator<number> {
  for (let at = 0; at + lengthBytes < sample.length;) {
    const unitBytes = sample.readUIntBE(at, lengthBytes);
    yield sample.readUInt8(at + lengthBytes);
    at += lengthBytes + unitBytes;
  }
}
