import { readFile } from "node:fs/promises";
import { writeFragmentHeader, writeInitSegment } from "#media/fragment-writer.ts";
import { openFileSource } from "#media/file-source.ts";
import type { Sample } from "#media/track.ts";
import { ArchiveFailure } from "../ground/archive-failure.ts";
import { initFile, footageFilePath, sessionFolder } from "../ground/archive-folder.ts";
import type { CameraFootage } from "../index/archive-footage.ts";
import type { FootageFileRow } from "../index/index-rows.ts";
import { readSessionMedia } from "../index/recorded-footage-file.ts";
import { unpackSamples } from "../index/sample-table.ts";
import { drawnClock, instantUs } from "../index/session-clock.ts";

/** A frame that can be decoded without any other. */
export interface KeyFrame {
  /** Number within its footage file, in decode order. */
  readonly number: number;
  /** Its offset is that in the footage file. */
  readonly sample: Sample;
}

/**
 * The last key frame of a footage file that begins at an instant or before it; the first where none does.
 * @param atUs microseconds UTC
 * @throws ArchiveFailure NO_FOOTAGE when the footage file has no key frame
 */
export function keyFrameAt({ index, cameraId }: CameraFootage, row: FootageFileRow, atUs: number): KeyFrame {
  const session = index.session(cameraId, row.sessionName);
  const { firstDecodeTicks, samples } = unpackSamples(index.samples(row.id));
  const clock = session && drawnClock(session, row);
  let decodeTicks = firstDecodeTicks;
  let chosen: KeyFrame | undefined;
  for (const [number, sample] of samples.entries()) {
    const shownTicks = decodeTicks + sample.compositionOffsetTicks;
    const hasBegun = clock !== undefined && instantUs(clock, shownTicks) <= atUs;
    if (sample.isSync && (chosen === undefined || hasBegun)) chosen = { number, sample };
    decodeTicks += sample.durationTicks;
  }
  if (chosen === undefined) {
    throw new ArchiveFailure("NO_FOOTAGE", "The archive holds no whole picture of that instant.");
  }
  return chosen;
}

/**
 * An MP4 file of that frame alone, which is the least that a decoder must read.
 * @throws ArchiveFailure FOOTAGE_LOST
 */
export async function readKeyFrame(
  { dir, cameraId }: CameraFootage,
  row: FootageFileRow,
  { sample }: KeyFrame,
): Promise<Buffer> {
  const footageFile = footageFilePath(sessionFolder(dir, cameraId, row.sessionName), row.number);
  const reading = [
    readFile(initFile(dir, cameraId, row.sessionName)),
    readSample(footageFile, sample),
  ] as const;
  const [init, bytes] = await Promise.all(reading).catch(() => {
    throw new ArchiveFailure("FOOTAGE_LOST", "A file of this footage is missing from the archive.");
  });
  const { track } = readSessionMedia(init);
  const alone = { ...sample, compositionOffsetTicks: 0 };
  const header = writeFragmentHeader(1, { trackId: track.trackId, baseDecodeTicks: 0, samples: [alone] });
  return Buffer.concat([writeInitSegment([track]), header, bytes]);
}

async function readSample(path: string, { offset, sizeBytes }: Sample): Promise<Buffer> {
  const source = await openFileSource(path);
  try {
    return await source.read(offset, sizeBytes);
  } finally {
    await source.close();
  }
}
