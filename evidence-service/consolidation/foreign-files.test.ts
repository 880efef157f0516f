import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { boxesBetween } from "#media/box-reader.ts";
import { box, fullBox, i32, noFlags, u16, u32 } from "#media/box-writer.ts";
import { bufferSource } from "#media/byte-source.ts";
import { readInitSegment } from "#media/fragmented-reader.ts";
import { MediaError } from "#media/media-error.ts";
import { readProgressiveFile } from "#media/progressive-reader.ts";
import { readVirtualFile, wholeFile } from "#media/virtual-file.ts";
import { shownPictures } from "../testing/test-footage.ts";
import { joinVideo, type JoinedVideo } from "./join-video.ts";
import { segmentTracks } from "./segment-track.ts";
import { wordsOf } from "../decryption/unreadable.ts";

const run = promisify(execFile);
const START_UTC_MS = Date.parse("2026-11-23T10:00:00.000Z");
/** Of ffmpeg's MP4 at 25 frames a second: a frame, and where the first is composed with two B-frames. */
const FRAME = 512;
const SECOND = 25 * FRAME;
const FIRST = 2 * FRAME;
const FRAMES = 100;

let folder: string;
/** 4 s; its tables lie behind its pictures, so that their length may change. */
let base: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "evidence-foreign-"));
  const path = join(folder, "base.mp4");
  await run("ffmpeg", [
    ...["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=96x64:rate=25:duration=4", "-c:v", "libx264"],
    ...["-preset", "ultrafast", "-pix_fmt", "yuv420p", "-bf", "2", "-g", "25", "-keyint_min", "25"],
    ...["-sc_threshold", "0", path],
  ]);
  base = await readFile(path);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const TRAK = ["moov", "trak"];
const TABLES = [...TRAK, "mdia", "minf", "stbl"];
const EDITS = [...TRAK, "edts"];

/** The file with what a box holds replaced; null takes the box away. */
function changed(file: Buffer, path: readonly string[], change: (body: Buffer) => Buffer | null): Buffer {
  const [type, ...deeper] = path;
  const boxes = boxesBetween(file, 0, file.length).map((each) => {
    if (each.type !== type) return file.subarray(each.start, each.end);
    const body = file.subarray(each.body, each.end);
    const made = deeper.length > 0 ? changed(body, deeper, change) : change(body);
    return made === null ? Buffer.alloc(0) : box(each.type, made);
  });
  return Buffer.concat(boxes);
}

const without = (file: Buffer, path: readonly string[]): Buffer => changed(file, path, () => null);
/** Version and flags, then the fields. */
const table = (...fields: Buffer[]): Buffer => fullBox("free", noFlags, ...fields).subarray(8);

/** @param edits duration in the movie's ticks, milliseconds, and where in the media they begin */
const withEdits = (...edits: readonly (readonly [durationMs: number, startTicks: number])[]): Buffer =>
  changed(base, [...EDITS, "elst"], () => {
    const rows = edits.flatMap(([durationMs, start]) => [u32(durationMs), i32(start), u16(1, 0)]);
    return table(u32(edits.length), ...rows);
  });

const withField = (path: readonly string[], at: number, ...words: number[]): Buffer =>
  changed(base, path, (body) => {
    const copy = Buffer.from(body);
    u32(...words).copy(copy, at);
    return copy;
  });

const withDurations = (...rows: readonly number[]): Buffer =>
  changed(base, [...TABLES, "stts"], () => table(u32(rows.length / 2, ...rows)));

/** Sizes of 16 bits (`stz2`). */
const withCompactSizes = (): Buffer =>
  changed(base, TABLES, (tables) =>
    Buffer.concat(
      boxesBetween(tables, 0, tables.length).map((each) => {
        if (each.type !== "stsz") return tables.subarray(each.start, each.end);
        const sizes = tables.subarray(each.body + 12, each.end);
        const written = Array.from({ length: sizes.length / 4 }, (_, index) => sizes.readUInt32BE(index * 4));
        return fullBox("stz2", noFlags, u32(16, written.length), u16(...written));
      }),
    ),
  );

/** @param second name of the second description's codec; the same as the first's where it is absent */
const withTwoDescriptions = (second?: string): Buffer =>
  changed(base, [...TABLES, "stsd"], (body) => {
    const [entry, other] = [body.subarray(8), Buffer.from(body.subarray(8))];
    if (second !== undefined) other.write(second, 4, "latin1");
    return Buffer.concat([table(u32(2)), entry, other]);
  });

async function joined(files: readonly Buffer[]): Promise<{ video: JoinedVideo; path: string }> {
  const segments = await Promise.all(
    files.map(async (file, source) => {
      const [picture] = await readProgressiveFile(bufferSource(file), { handlers: ["vide"] });
      return segmentTracks(picture!, {
        source,
        startUtcMs: START_UTC_MS + source * 4_000,
        bringsSets: false,
      });
    }),
  );
  const video = await joinVideo(segments.flat(), START_UTC_MS);
  const openSource = (source: number) => Promise.resolve(bufferSource(files[source]!));
  const parts: Buffer[] = [];
  for await (const part of readVirtualFile(video.file, wholeFile(video.file), { openSource }))
    parts.push(part);
  const path = join(folder, "joined.mp4");
  await writeFile(path, Buffer.concat(parts));
  return { video, path };
}

/** What ffmpeg shows of the file itself. */
async function ownPictures(file: Buffer): Promise<string[]> {
  const path = join(folder, "own.mp4");
  await writeFile(path, file);
  return shownPictures(path);
}

describe("a file of another maker is read right that has", () => {
  const later = [1_000, FIRST + 2 * SECOND] as const;
  const right: [string, () => Buffer, frames: number, seconds: number][] = [
    ["a hidden second between two", () => withEdits([1_000, FIRST], later), 50, 2],
    ["the same second twice", () => withEdits([1_000, FIRST], [1_000, FIRST]), 50, 2],
    ["a later second first", () => withEdits(later, [1_000, FIRST]), 50, 2],
    ["an edit that goes on with another", () => withEdits([1_000, FIRST], [3_000, FIRST + SECOND]), 100, 4],
    ["compact sizes", withCompactSizes, FRAMES, 4],
    ["a turned picture", () => withField([...TRAK, "tkhd"], 40, 0, 0x10000, 0, 0xffff0000, 0), FRAMES, 4],
    ["two descriptions and uses one", () => withTwoDescriptions(), FRAMES, 4],
  ];

  test.each(right)("%s", async (_name, make, frames, seconds) => {
    const file = make();
    const { video, path } = await joined([file]);
    expect(video.frameCount).toBe(frames);
    expect(video.durationS).toBeCloseTo(seconds, 3);
    expect(await shownPictures(path)).toEqual(await ownPictures(file));
  });

  test("a last frame that lasts no time", async () => {
    const lastless = withDurations(FRAMES - 1, FRAME, 1, 0);
    const { video } = await joined([without(without(lastless, EDITS), [...TABLES, "ctts"])]);
    expect(video).toMatchObject({ frameCount: FRAMES, durationS: 4 });
  });

  test("a second in which nothing is shown", async () => {
    const { video, path } = await joined([withEdits([1_000, FIRST], [1_000, -1], [2_000, FIRST + SECOND])]);
    expect(video).toMatchObject({ frameCount: 75, durationS: 4 });
    expect(await shownPictures(path)).toHaveLength(75);
  });
});

describe("a file of another maker is refused in words that has", () => {
  const wrong: [string, () => Buffer, RegExp][] = [
    ["an edit that shows nothing", () => withEdits([1_000, FIRST + 100 * SECOND]), /^shows no picture/],
    ["nothing but an empty edit", () => withEdits([1_000, -1]), /^shows no picture/],
    ["encrypted pictures", () => withField([...TABLES, "stsd"], 12, 0x656e6376), /encrypted by its maker/],
    ["no such description", () => withField([...TABLES, "stsc"], 16, 2), /contradicts itself/],
    ["frames that last no time", () => withDurations(FRAMES, 0), /contradicts itself/],
    ["absurdly short ticks", () => withField([...TRAK, "mdia", "mdhd"], 12, 0xffff_ffff), /numbers/],
    [
      "fragments too",
      () => Buffer.concat([base, box("moof", u32(0))]),
      /both in its tables and in fragments/,
    ],
    [
      "two descriptions and uses both",
      () => {
        const chunks = table(u32(2, 1, FRAMES - 1, 1, 2, 1, 2));
        return changed(withTwoDescriptions("avc3"), [...TABLES, "stsc"], () => chunks);
      },
      /changes its format in the middle/,
    ],
  ];

  test.each(wrong)("%s", async (_name, make, words) => {
    const failure = await joined([make()]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MediaError);
    const said = failure instanceof MediaError ? wordsOf(failure) : "";
    expect(said).toMatch(words);
    // No names of boxes, no numbers of tracks.
    expect(said).not.toMatch(/'|Track \d/);
  });
});

test("the archive's reader refuses an initialization segment that holds pictures of its own", () => {
  expect(() => readInitSegment(base)).toThrow(/both in its tables and in fragments/);
});
