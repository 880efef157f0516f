import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bufferSource } from "./byte-source.ts";
import { commonPicture, type CommonPicture } from "./common-picture.ts";
import { bringsParameterSets } from "./in-band-sets.ts";
import { MediaError } from "./media-error.ts";
import { readProgressiveFile } from "./progressive-reader.ts";
import { ffmpeg, makeFolder, removeFolder } from "./testing/ffmpeg-footage.ts";
import type { Track } from "./track.ts";

let folder: string;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => removeFolder(folder));

/** Half a second of pictures as ffmpeg writes it; `options` after the encoder. */
async function encode(width: number, encoder: string, ...options: string[]): Promise<Buffer> {
  const path = join(folder, `${width}-${encoder}-${options.join("").replaceAll(/\W/g, "")}.mp4`);
  const pictures = ["-f", "lavfi", "-i", `testsrc=s=${width}x64:r=10:d=0.5`, "-pix_fmt", "yuv420p"];
  await ffmpeg(...pictures, "-c:v", encoder, "-preset", "ultrafast", ...options, path);
  return readFile(path);
}

async function trackOf(file: Buffer): Promise<Track> {
  const [read] = await readProgressiveFile(bufferSource(file));
  return read!.track;
}

async function brings(file: Buffer): Promise<boolean> {
  const source = bufferSource(file);
  const [read] = await readProgressiveFile(source);
  return bringsParameterSets(source, read!);
}

const partOf = (track: Track, bringsSets = false) => ({ track, bringsSets });
const common = (picture: ReturnType<typeof commonPicture>): CommonPicture => {
  if (picture.kind !== "common") throw new Error("The parts have no track in common.");
  return picture;
};

test("parts of one format need nothing", async () => {
  const track = await trackOf(await encode(64, "libx264"));
  const sameFormat = await trackOf(await encode(64, "libx264", "-t", "0.3"));
  // Its bit rates are others.
  expect(sameFormat.sampleEntry.equals(track.sampleEntry)).toBe(false);
  expect(common(commonPicture(partOf(track), [partOf(sameFormat)]))).toEqual({
    kind: "common",
    track,
    literals: [],
    literalOf: [undefined, undefined],
  });
});

test("parts of two formats get the sets of their own entries, each kept once", async () => {
  const small = await trackOf(await encode(64, "libx264"));
  const large = await trackOf(await encode(128, "libx264"));
  const picture = common(commonPicture(partOf(small), [partOf(large), partOf(small)]));
  expect(picture.literalOf).toEqual([0, 1, 0]);
  expect(picture.track.codec).toBe(small.codec.replace("avc1", "avc3"));
  expect(picture.track.sampleEntry.toString("latin1", 4, 8)).toBe("avc3");
  for (const [literal, { sampleEntry }] of [
    [picture.literals[0]!, small],
    [picture.literals[1]!, large],
  ] as const) {
    // The very bytes of the entry: a length of 32 bits here, of 16 bits there, then the unit.
    const unitBytes = literal.readUInt32BE(0);
    expect(literal[4]! & 0x1f).toBe(7);
    expect(sampleEntry.includes(literal.subarray(4, 4 + unitBytes))).toBe(true);
  }
});

test("a part that brings its sets makes another of the same entry that does not need them", async () => {
  const track = await trackOf(
    await encode(64, "libx265", "-tag:v", "hev1", "-x265-params", "log-level=none"),
  );
  const picture = common(commonPicture(partOf(track, true), [partOf(track)]));
  expect(picture.literalOf).toEqual([undefined, 0]);
  expect(picture.literals[0]!.length).toBeGreaterThan(20);
});

test("another codec, or another length of the length field, is said to be a change", async () => {
  const track = await trackOf(await encode(64, "libx264"));
  const hevc = await trackOf(await encode(64, "libx265", "-tag:v", "hvc1", "-x265-params", "log-level=none"));
  expect(commonPicture(partOf(track), [partOf(track), partOf(hevc)])).toEqual({
    kind: "codec-changed",
    part: 2,
  });
  const shorter = Buffer.from(track.sampleEntry);
  const lengthField = shorter.indexOf("avcC") + 8;
  shorter[lengthField] = 0xfc | 1;
  expect(commonPicture(partOf(track), [partOf({ ...track, sampleEntry: shorter })])).toEqual({
    kind: "codec-changed",
    part: 1,
  });
});

test("a damaged entry is a media error", async () => {
  const track = await trackOf(await encode(64, "libx264"));
  const damaged = Buffer.from(track.sampleEntry);
  // The length of the first parameter set.
  damaged.writeUInt16BE(0xffff, damaged.indexOf("avcC") + 10);
  expect(() => commonPicture(partOf(track), [partOf({ ...track, sampleEntry: damaged })])).toThrow(
    MediaError,
  );
});

test("key frames that bring their sets are told from those that do not, whatever the name says", async () => {
  const quiet = "log-level=none";
  const outOfBand = await encode(64, "libx265", "-tag:v", "hev1", "-x265-params", quiet);
  const inBand = await encode(64, "libx265", "-tag:v", "hev1", "-x265-params", `repeat-headers=1:${quiet}`);
  const avc = await encode(64, "libx264", "-tag:v", "avc3", "-bsf:v", "dump_extra");
  expect([await brings(outOfBand), await brings(inBand), await brings(avc)]).toEqual([false, true, true]);
});
