import { beforeAll, describe, expect, test } from "vitest";
import { boxesBetween } from "./box-reader.ts";
import { box, u32 } from "./box-writer.ts";
import { bufferSource, type ByteSource } from "./byte-source.ts";
import {
  readFragments,
  readFragmentsFrom,
  readInitDefaults,
  readInitEdits,
  readInitSegment,
} from "./fragmented-reader.ts";
import { bringsParameterSets } from "./in-band-sets.ts";
import { MediaError } from "./media-error.ts";
import { planProgressiveFile } from "./progressive-writer.ts";
import { readProgressiveFile } from "./progressive-reader.ts";
import { withShiftedDecodeTime } from "./testing/shift-decode-time.ts";
import { silentPacket } from "./silence.ts";
import { refusedOf, withHostileNumbers, withHostileSizes } from "./testing/hostile-boxes.ts";
import type { Recording } from "./testing/ffmpeg-footage.ts";
import { readableFiles } from "./testing/readable-files.ts";
import { planRecording } from "./testing/recorded-plan.ts";

let recording: Recording;
let progressive: Buffer;
beforeAll(async () => {
  ({ recording, progressive } = await readableFiles());
});

/** The tables alone of a file that is said to be huge: counts that its length would refute are believable. */
function claimed(bytes: Buffer): ByteSource {
  const source = bufferSource(bytes);
  return {
    lengthBytes: 2 ** 45,
    async read(offset, lengthBytes) {
      if (offset + lengthBytes <= bytes.length) return source.read(offset, lengthBytes);
      return Buffer.alloc(Math.min(lengthBytes, 1 << 20));
    },
  };
}

async function readEverything(source: ByteSource): Promise<void> {
  const tracks = await readProgressiveFile(source);
  for (const read of tracks) {
    if (read.track.handler === "vide") await bringsParameterSets(source, read);
    else silentPacket(read.track);
  }
  const plans = tracks
    .filter(({ samples }) => samples.length > 0)
    .map(({ track, samples, edits }) => {
      return { track, edits, samples: Array.from(samples, (sample) => ({ ...sample, source: 0 })) };
    });
  planProgressiveFile(plans, { createdUtcMs: 0 });
}

describe.each([
  ["sizes", withHostileSizes],
  ["numbers", withHostileNumbers],
] as const)("of a real file whose boxes have hostile %s", (_name, hostile) => {
  test("a progressive file is read or refused, and what is read can be written or is refused", async () => {
    expect(
      await refusedOf(hostile(progressive), (bytes) => readEverything(bufferSource(bytes))),
    ).toBeGreaterThan(100);
  }, 60_000);

  test("so is the start of a progressive file that is said to be of 32 TiB", async () => {
    const header = progressive.subarray(0, boxesBetween(progressive, 0, progressive.length)[1]!.end);
    expect(await refusedOf(hostile(header), (bytes) => readProgressiveFile(claimed(bytes)))).toBeGreaterThan(
      100,
    );
  }, 60_000);

  test("so is a media segment", async () => {
    const mediaSegment = recording.mediaSegments[1]!;
    const defaults = readInitDefaults(recording.init);
    const refused = await refusedOf(hostile(mediaSegment), async (bytes) => {
      const read = readFragments(bytes, defaults);
      expect(await readFragmentsFrom(bufferSource(bytes), defaults)).toEqual(read);
      withShiftedDecodeTime(bytes, new Map([[1, 2 ** 33]]));
    });
    expect(refused).toBeGreaterThan(50);
  });

  test("so is an initialization segment", async () => {
    const read = (bytes: Buffer) => [readInitSegment(bytes), readInitDefaults(bytes), readInitEdits(bytes)];
    expect(await refusedOf(hostile(recording.init), read)).toBeGreaterThan(50);
  });
});

test("a number of samples that all tables agree on is refused above what the caller can take", async () => {
  const track = planRecording(recording)[0]!.track;
  const common = { source: 0, sizeBytes: 1, durationTicks: 1, compositionOffsetTicks: 0, isSync: true };
  const samples = Array.from({ length: 2_000 }, (_, offset) => ({ ...common, offset }));
  const { header, lengthBytes } = planProgressiveFile([{ track, samples, edits: [] }], { createdUtcMs: 0 });
  const source = { ...bufferSource(header), lengthBytes };
  expect((await readProgressiveFile(source))[0]?.samples).toHaveLength(2_000);
  for (const limits of [
    { samples: 1_999, movieBytes: 1 << 20 },
    { samples: 2_000, movieBytes: 200 },
  ]) {
    await expect(readProgressiveFile(source, { limits })).rejects.toMatchObject({ code: "OUT_OF_RANGE" });
  }
});

describe("of a file that consists of tiny boxes", () => {
  const tiny = box("free");

  test("a million at the top are not read one by one", async () => {
    let reads = 0;
    const source: ByteSource = {
      lengthBytes: 2 ** 33,
      async read(_offset, lengthBytes) {
        reads++;
        return Buffer.concat([tiny, tiny]).subarray(0, lengthBytes);
      },
    };
    await expect(readProgressiveFile(source)).rejects.toThrow(MediaError);
    await expect(readFragmentsFrom(source)).rejects.toThrow(MediaError);
    expect(reads).toBeLessThan(1_000_000);
  });

  test("a million within another are refused", async () => {
    const many = Buffer.concat([u32(8 + 8 * 1_000_000), Buffer.from("moov"), Buffer.alloc(8_000_000, tiny)]);
    await expect(readProgressiveFile(bufferSource(many))).rejects.toMatchObject({ code: "OUT_OF_RANGE" });
    expect(() => readInitSegment(many)).toThrow(MediaError);
  });
});

test("a file with a quarter of a million boxes before its tables is read in few reads", async () => {
  const boxes = Buffer.concat(Array.from({ length: 250_000 }, () => box("free")));
  const source = bufferSource(boxes);
  let reads = 0;
  const counted = { ...source, read: (at: number, length: number) => (reads++, source.read(at, length)) };
  await expect(readProgressiveFile(counted)).rejects.toMatchObject({ code: "BOX_MISSING" });
  expect(reads).toBeLessThan(50);
});
