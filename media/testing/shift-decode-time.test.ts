import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { boxesBetween, requireChild } from "../box-reader.ts";
import { readFragments, readInitDefaults } from "../fragmented-reader.ts";
import { withShiftedDecodeTime } from "./shift-decode-time.ts";
import { makeFolder, packets, record, removeFolder, type Recording } from "./ffmpeg-footage.ts";

let folder: string;
let recording: Recording;
beforeAll(async () => {
  folder = await makeFolder();
  recording = await record(folder, "bFrames", { sound: true });
});
afterAll(() => removeFolder(folder));

/** The same media segment as a recorder writes it that keeps 32-bit decode times. */
function withNarrowTimes(mediaSegment: Buffer): Buffer {
  const [moof] = boxesBetween(mediaSegment, 0, mediaSegment.length).filter((box) => box.type === "moof");
  const parts: Buffer[] = [];
  let done = 0;
  const bytes = Buffer.from(mediaSegment);
  const trafs = boxesBetween(mediaSegment, moof!.body, moof!.end).filter((box) => box.type === "traf");
  for (const traf of trafs) {
    const tfdt = requireChild(mediaSegment, traf, "tfdt");
    const trun = requireChild(mediaSegment, traf, "trun");
    for (const box of [tfdt, traf]) bytes.writeUInt32BE(box.end - box.start - 4, box.start);
    bytes.writeUInt8(0, tfdt.body);
    bytes.writeInt32BE(bytes.readInt32BE(trun.body + 8) - 4 * trafs.length, trun.body + 8);
    parts.push(bytes.subarray(done, tfdt.body + 4));
    done = tfdt.body + 8;
  }
  bytes.writeUInt32BE(moof!.end - moof!.start - 4 * trafs.length, moof!.start);
  return Buffer.concat([...parts, bytes.subarray(done)]);
}

function timesAndMedia(mediaSegment: Buffer) {
  return readFragments(mediaSegment, readInitDefaults(recording.init)).flatMap((fragment) =>
    fragment.tracks.map(({ trackId, baseDecodeTicks, samples }) => ({
      trackId,
      baseDecodeTicks,
      samples: samples.map((sample) => ({ ...sample, offset: 0 })),
      media: samples.map(({ offset, sizeBytes }) =>
        mediaSegment.toString("base64", offset, offset + sizeBytes),
      ),
    })),
  );
}

const far = 2 ** 40;

describe("moving the decode times of a media segment", () => {
  test.each([
    ["64-bit", (mediaSegment: Buffer) => mediaSegment],
    ["32-bit", withNarrowTimes],
  ])("%s times are moved, far too, and the media stays", (_, form) => {
    for (const original of recording.mediaSegments) {
      const mediaSegment = form(original);
      const before = timesAndMedia(mediaSegment);
      expect(before).toEqual(timesAndMedia(original));
      const after = timesAndMedia(
        withShiftedDecodeTime(
          mediaSegment,
          new Map<number, bigint | number>([
            [1, BigInt(far)],
            [2, 77],
          ]),
        ),
      );
      const expected = before.map((track) => ({
        ...track,
        baseDecodeTicks: track.baseDecodeTicks + (track.trackId === 1 ? far : 77),
      }));
      expect(after).toEqual(expected);
    }
  });

  test("ffmpeg still reads every packet of widened media segments", async () => {
    const moved = recording.mediaSegments.map((mediaSegment) =>
      withShiftedDecodeTime(
        withNarrowTimes(mediaSegment),
        new Map([
          [1, far],
          [2, far],
        ]),
      ),
    );
    const path = join(folder, "moved.mp4");
    await writeFile(path, Buffer.concat([recording.init, ...moved]));
    expect(await packets(path)).toEqual(await packets(recording.joinedPath));
    expect(await packets(path, "a")).toEqual(await packets(recording.joinedPath, "a"));
  });

  test("there and back again is the same media segment, and the given one is untouched", () => {
    const mediaSegment = recording.mediaSegments[1]!;
    const copy = Buffer.from(mediaSegment);
    const there = withShiftedDecodeTime(mediaSegment, new Map([[1, 1000]]));
    expect(mediaSegment.equals(copy)).toBe(true);
    expect(there.equals(mediaSegment)).toBe(false);
    expect(withShiftedDecodeTime(there, new Map([[1, -1000]])).equals(mediaSegment)).toBe(true);
  });

  test("a time cannot become negative", () => {
    expect(() => withShiftedDecodeTime(recording.mediaSegments[0]!, new Map([[1, -1]]))).toThrow(
      expect.objectContaining({ code: "OUT_OF_RANGE" }),
    );
  });
});
