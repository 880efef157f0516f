/** Footage of any length that services can join: a short video, and behind it a box that nobody looks into. */
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFootage } from "#evidence-service/testing/test-footage.ts";

const BOX_HEADER_BYTES = 8;

/** Twelve seconds, made by ffmpeg. */
export async function shortVideo(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "short-video-"));
  try {
    return await readFile(await makeFootage(folder, 0));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** No two have their bytes in common. @param lengthBytes of all of it, more than the video has */
export function paddedVideo(video: Buffer, lengthBytes: number): Buffer {
  const header = Buffer.alloc(BOX_HEADER_BYTES);
  header.writeUInt32BE(lengthBytes - video.length, 0);
  header.write("free", 4, "latin1");
  return Buffer.concat([video, header, randomBytes(lengthBytes - video.length - BOX_HEADER_BYTES)]);
}
