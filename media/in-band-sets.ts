import type { ByteSource } from "./byte-source.ts";
import type { ProgressiveTrack } from "./progressive-reader.ts";
import { readDecoderSetup } from "./parameter-sets.ts";
import { statedFormat } from "./stated-format.ts";

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
  const lastSync = samples.syncs.lastIndexOf(1);
  const mayBring = inBandEntries.includes(track.sampleEntry.toString("latin1", 4, 8));
  const keyFrame = lastSync < 0 ? undefined : samples.at(lastSync);
  if (!mayBring || setup === undefined || keyFrame === undefined) return false;
  const start = await source.read(keyFrame.offset, Math.min(keyFrame.sizeBytes, lookedAtBytes));
  return statedFormat(track, start, setup.lengthBytes) !== null;
}
