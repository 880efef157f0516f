import { readAudioConfig } from "./audio-config.ts";
import { configurationBox, entryFixedBytes } from "./codec-string.ts";
import type { Track } from "./track.ts";

/** A packet that decodes to silence. */
export interface SilentPacket {
  readonly bytes: Buffer;
  /** How long it sounds. */
  readonly seconds: number;
  /** How long a packet of this codec can sound. */
  readonly longestSeconds: number;
}

/** Samples in a packet of AAC-LC (ISO/IEC 14496-3, 4.5.2.1.1). */
const aacSamples = 1024;

const aacLc = 2;

/**
 * Blocks of AAC-LC without a single spectral coefficient, by number of channels (ISO/IEC 14496-3, 4.4.2): one
 * element (mono: `single_channel_element`; stereo: `channel_pair_element` with a common window) of gain 0, a long
 * window, `max_sfb` 0, no tools, then `ID_END`.
 */
const silentAac: Readonly<Record<number, Buffer>> = {
  1: Buffer.from("00000007", "hex"),
  2: Buffer.from("21000000001c", "hex"),
};

/** Opus: one frame of 20 ms in the mode that knows a flag for silence (RFC 6716, 3.1 and 4.3), by number of channels. */
const silentOpus: Readonly<Record<number, Buffer>> = {
  1: Buffer.from("f8fffe", "hex"),
  2: Buffer.from("fcfffe", "hex"),
};
const opusSeconds = 0.02;
/** RFC 6716, 3.2.5. */
const longestOpusSeconds = 0.12;

/** @returns undefined where no silent packet is known for the track's sound */
export function silentPacket(track: Track): SilentPacket | undefined {
  const name = track.sampleEntry.toString("latin1", 4, 8);
  if (name === "mp4a") return silentAacPacket(track.sampleEntry);
  return name === "Opus" ? silentOpusPacket(track.sampleEntry) : undefined;
}

function silentAacPacket(sampleEntry: Buffer): SilentPacket | undefined {
  const esds = configurationBox(sampleEntry, "soun", "esds");
  const config = esds && readAudioConfig(esds)?.mpeg4;
  const bytes = config?.objectType === aacLc ? silentAac[config.channels] : undefined;
  if (bytes === undefined || !config?.sampleRate) return undefined;
  const seconds = aacSamples / config.sampleRate;
  return { bytes, seconds, longestSeconds: seconds };
}

/** Place of the number of channels in an AudioSampleEntry (ISO/IEC 14496-12, 12.2.3). */
const channelCountAt = 24;

function silentOpusPacket(sampleEntry: Buffer): SilentPacket | undefined {
  if (sampleEntry.length < entryFixedBytes.soun) return undefined;
  const bytes = silentOpus[sampleEntry.readUInt16BE(channelCountAt)];
  return bytes && { bytes, seconds: opusSeconds, longestSeconds: longestOpusSeconds };
}
