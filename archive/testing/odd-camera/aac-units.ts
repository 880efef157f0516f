import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { testFfmpeg } from "../ffmpeg-of-tests.ts";

/** Of an ADTS frame without a checksum (ISO/IEC 13818-7, 6.2). */
const ADTS_HEAD_BYTES = 7;

/** Units of AAC with 16 kHz and one channel that all differ. */
export async function makeAacUnits(seconds: number): Promise<Buffer[]> {
  const source = ["-v", "error", "-f", "lavfi", "-i", "anoisesrc=r=16000:seed=1", "-t", String(seconds)];
  const coding = ["-ac", "1", "-c:a", "aac", "-b:a", "24k", "-f", "adts", "pipe:1"];
  const { stdout } = await promisify(execFile)(testFfmpeg(), [...source, ...coding], {
    ...{ encoding: "buffer", maxBuffer: 2 ** 26 },
  });
  const units: Buffer[] = [];
  for (let at = 0; at + ADTS_HEAD_BYTES < stdout.length;) {
    const length = (stdout.readUInt32BE(at + 2) >> 5) & 0x1fff || ADTS_HEAD_BYTES;
    units.push(stdout.subarray(at + ADTS_HEAD_BYTES, at + length));
    at += length;
  }
  return units;
}
