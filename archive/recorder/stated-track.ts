import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Track } from "#media/track.ts";
import { pipeReader } from "./frames/pipe-reader.ts";

/** Longest ffmpeg may take to read one frame. */
const PATIENCE_MS = 10_000;

/** ISO/IEC 14496-15: ffmpeg writes four bytes of length before each unit. */
const UNIT_LENGTH_BYTES = 4;

/** Before each unit of a stream of bytes (ITU-T H.264 and H.265, annex B). */
const START_CODE = Buffer.from([0, 0, 0, 1]);

/**
 * The track that a key frame with parameter sets in itself is of: ffmpeg keeps to the head that it wrote when it began,
 * so one of its own is asked to write a head for this frame. Frames and their time scale stay as they are.
 * @returns null where ffmpeg makes nothing of the frame
 */
export async function statedTrack(ffmpeg: string, before: Track, keyFrame: Buffer): Promise<Track | null> {
  const format = before.codec.startsWith("avc") ? "h264" : "hevc";
  const parameters = [
    ...["-hide_banner", "-loglevel", "error", "-f", format, "-i", "pipe:0", "-map", "0:v:0", "-c", "copy"],
    ...["-f", "mp4", "-movflags", "frag_every_frame+empty_moov+default_base_moof", "pipe:1"],
  ];
  const child = spawn(ffmpeg, parameters, { stdio: ["pipe", "pipe", "ignore"], timeout: PATIENCE_MS });
  const found: Track[] = [];
  const read = pipeReader({ onTrack: (track) => void found.push(track), onSample: () => undefined });
  child.stdout.on("data", (bytes: Buffer) => read(bytes));
  // It ends by itself when it has read the frame, and may do so before it has taken all of it.
  child.stdin.on("error", () => child.stdin.destroy());
  child.stdin.end(asByteStream(keyFrame));
  try {
    await once(child, "close");
  } catch {
    // It cannot be run any more; the recorder will say so.
    return null;
  }
  const [track] = found;
  return track === undefined ? null : { ...track, trackId: before.trackId, timescale: before.timescale };
}

function asByteStream(frame: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at + UNIT_LENGTH_BYTES <= frame.length;) {
    const start = at + UNIT_LENGTH_BYTES;
    at = start + frame.readUInt32BE(at);
    parts.push(START_CODE, frame.subarray(start, at));
  }
  return Buffer.concat(parts);
}
