import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { boxesBetween } from "./box-reader.ts";
import { bufferSource, type ByteSource } from "./byte-source.ts";
import {
  readFragments,
  readFragmentsFrom,
  readInitDefaults,
  readInitEdits,
  readInitSegment,
} from "./fragmented-reader.ts";
import { MediaError } from "./media-error.ts";
import { readProgressiveFile } from "./progressive-reader.ts";
import { withShiftedDecodeTime } from "./testing/shift-decode-time.ts";
import type { Recording } from "./testing/ffmpeg-footage.ts";
import { readableFiles } from "./testing/readable-files.ts";

let recording: Recording;
let progressive: Buffer;
beforeAll(async () => {
  ({ recording, progressive } = await readableFiles());
});

/** Nothing but a result or a `MediaError` may come out. */
async function toleratesOnlyMediaErrors(read: () => unknown): Promise<"read" | "refused"> {
  try {
    await read();
    return "read";
  } catch (error) {
    if (error instanceof MediaError) return "refused";
    throw error;
  }
}

interface Change {
  at: number;
  value: number;
}

const interesting = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff));
const changes = fc.array(fc.record({ at: fc.nat(), value: interesting }), { minLength: 1, maxLength: 6 });

/** Changes bytes of the first `reach`, where the tables are; a change in media data would test nothing. */
function damaged(bytes: Buffer, reach: number, list: Change[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const { at, value } of list) copy[at % reach] = value;
  return copy;
}

function endOf(bytes: Buffer, type: string): number {
  return boxesBetween(bytes, 0, bytes.length).find((box) => box.type === type)!.end;
}

async function tryDamage(bytes: Buffer, reach: number, read: (bytes: Buffer) => unknown): Promise<void> {
  const outcomes = new Set<string>();
  const property = fc.asyncProperty(changes, async (list) => {
    outcomes.add(await toleratesOnlyMediaErrors(() => read(damaged(bytes, reach, list))));
  });
  await fc.assert(property, { numRuns: 1500 });
  expect(outcomes).toContain("refused");
}

describe("damaged input is read or refused, never worse", () => {
  test("progressive files", async () => {
    await tryDamage(progressive, endOf(progressive, "moov"), (bytes) =>
      readProgressiveFile(bufferSource(bytes)),
    );
  });

  test("media segments", async () => {
    const mediaSegment = recording.mediaSegments[1]!;
    const defaults = readInitDefaults(recording.init);
    await tryDamage(mediaSegment, endOf(mediaSegment, "moof"), (bytes) => readFragments(bytes, defaults));
    await tryDamage(mediaSegment, endOf(mediaSegment, "moof"), (bytes) =>
      readFragmentsFrom(bufferSource(bytes), defaults),
    );
    await tryDamage(mediaSegment, endOf(mediaSegment, "moof"), (bytes) =>
      withShiftedDecodeTime(bytes, new Map([[1, 2 ** 33]])),
    );
  });

  test("initialization segments", async () => {
    const { init } = recording;
    await tryDamage(init, init.length, (bytes) => [
      readInitSegment(bytes),
      readInitDefaults(bytes),
      readInitEdits(bytes),
    ]);
  });

  test("every file that ends too early is refused", async () => {
    const header = endOf(progressive, "moov");
    const mediaSegment = recording.mediaSegments[0]!;
    const property = fc.asyncProperty(fc.nat(), async (cut) => {
      const short = progressive.subarray(0, cut % progressive.length);
      await expect(readProgressiveFile(bufferSource(short))).rejects.toThrow(MediaError);
      const shortMoov = progressive.subarray(0, cut % header);
      await expect(readProgressiveFile(bufferSource(shortMoov))).rejects.toThrow(MediaError);
      const shortInit = recording.init.subarray(0, cut % endOf(recording.init, "moov"));
      expect(() => readInitSegment(shortInit)).toThrow(MediaError);
      const afterMoof =
        endOf(mediaSegment, "moof") + (cut % (mediaSegment.length - endOf(mediaSegment, "moof")));
      expect(() => readFragments(mediaSegment.subarray(0, afterMoof))).toThrow(MediaError);
    });
    await fc.assert(property, { numRuns: 300 });
  });
});

describe("reading fragments from a source", () => {
  test("gives what reading the whole media segment gives, without touching media data", async () => {
    for (const mediaSegment of recording.mediaSegments) {
      const source = bufferSource(mediaSegment);
      let readBytes = 0;
      const counted: ByteSource = {
        lengthBytes: source.lengthBytes,
        read(offset, lengthBytes) {
          readBytes += lengthBytes;
          return source.read(offset, lengthBytes);
        },
      };
      expect(await readFragmentsFrom(counted)).toEqual(readFragments(mediaSegment));
      const boxes = boxesBetween(mediaSegment, 0, mediaSegment.length);
      const moofBytes = boxes
        .filter((box) => box.type === "moof")
        .reduce((sum, box) => sum + box.end - box.start, 0);
      expect(readBytes).toBeLessThanOrEqual(moofBytes + 16 * boxes.length);
    }
  });

  test("a fragment reaches from its moof to the end of its media", () => {
    const mediaSegment = recording.mediaSegments[1]!;
    const [fragment] = readFragments(mediaSegment);
    const moof = boxesBetween(mediaSegment, 0, mediaSegment.length).find((box) => box.type === "moof")!;
    expect(fragment).toMatchObject({ offset: moof.start, sizeBytes: mediaSegment.length - moof.start });
  });

  test("the edit list of an initialization segment tells how the tracks lie to each other", () => {
    const edits = readInitEdits(recording.init);
    expect([...edits.keys()]).toEqual([1, 2]);
    expect(edits.get(1)).toEqual([
      expect.objectContaining({ mediaStartTicks: -1 }),
      { mediaStartTicks: 1024, durationTicks: 0 },
    ]);
  });
});
