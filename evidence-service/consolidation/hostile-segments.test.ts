import { readFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { boxesBetween } from "#media/box-reader.ts";
import { bufferSource } from "#media/byte-source.ts";
import { MediaError } from "#media/media-error.ts";
import { readProgressiveFile } from "#media/progressive-reader.ts";
import { refusedOf, withHostileNumbers, withHostileSizes } from "#media/testing/hostile-boxes.ts";
import { makeFootage } from "../testing/test-footage.ts";
import { mediaSegmentFile } from "./media-segment-file.ts";
import { joinVideo } from "./join-video.ts";
import { segmentTracks, type SegmentTrack } from "./segment-track.ts";
import { Unreadable } from "../decryption/unreadable.ts";

const START_UTC_MS = Date.parse("2026-11-23T10:00:00.000Z");
const LENGTH_MS = 12_000;

let folder: string;
/** The start of a real file, up to its first picture. */
let header: Buffer;
let lengthBytes: number;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "evidence-hostile-"));
  const file = await readFile(await makeFootage(folder, 2));
  const boxes = boxesBetween(file, 0, file.length);
  const [fileType, moov] = [boxes[0]!, boxes.find(({ type }) => type === "moov")!];
  header = Buffer.concat([file.subarray(0, fileType.end), file.subarray(moov.start, moov.end)]);
  lengthBytes = file.length;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function readSegment(bytes: Buffer, source: number): Promise<SegmentTrack[]> {
  const [video] = await readProgressiveFile({ ...bufferSource(bytes), lengthBytes });
  if (video === undefined) throw new MediaError("BOX_MISSING", "There is no picture.");
  return segmentTracks(video, {
    source,
    startUtcMs: START_UTC_MS + source * LENGTH_MS,
    bringsSets: false,
  });
}

/** Everything that the service does with a segment's tables; what has been joined can be played. */
async function consolidate(segments: readonly SegmentTrack[]): Promise<void> {
  const video = await joinVideo(segments, START_UTC_MS);
  const evidence = { ...video, etag: "", resourceIds: [], check: "each-region" as const, damaged: [] };
  for (const [index, mediaSegment] of video.hls.mediaSegments.entries()) {
    try {
      mediaSegmentFile(evidence, mediaSegment, index + 1);
    } catch (error) {
      throw new Error("It was joined and cannot be played.", { cause: error });
    }
  }
}

const isExpected = (error: unknown): boolean => error instanceof Unreadable || error instanceof MediaError;

test.each([
  ["sizes", withHostileSizes],
  ["numbers", withHostileNumbers],
] as const)(
  "a segment whose boxes have hostile %s is joined or refused, alone, first and last",
  async (_name, hostile) => {
    const [good] = await readSegment(header, 0);
    if (good === undefined) throw new Error("The real file shows nothing.");
    const goodLast = { ...good, source: 1, startUtcMs: START_UTC_MS + LENGTH_MS };
    for (const [place, neighbours] of [
      [0, (bad: SegmentTrack[]) => bad],
      [0, (bad: SegmentTrack[]) => [...bad, goodLast]],
      [1, (bad: SegmentTrack[]) => [good, ...bad]],
    ] as const) {
      const read = async (bytes: Buffer) => consolidate(neighbours(await readSegment(bytes, place)));
      expect(await refusedOf(hostile(header), read, isExpected)).toBeGreaterThan(50);
    }
  },
  300_000,
);
