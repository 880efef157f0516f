import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { box } from "./box-writer.ts";
import { codecString, configurationBox, entryFixedBytes } from "./codec-string.ts";
import { namedByItsSets, readDecoderSetup } from "./parameter-sets.ts";
import { readTracks, requireMovie } from "./track-reader.ts";
import { ffmpeg, ffprobe, makeFolder, removeFolder } from "./testing/ffmpeg-footage.ts";

let folder = "";
let path = "";
let file: Buffer;
/** As ffmpeg writes it when it is not told otherwise. */
let hev1: Buffer;

beforeAll(async () => {
  folder = await makeFolder();
  path = join(folder, "hev1.mp4");
  const pictures = ["-f", "lavfi", "-i", "testsrc=s=160x120:r=25:d=1"];
  await ffmpeg(...pictures, "-c:v", "libx265", "-x265-params", "log-level=none", "-tag:v", "hev1", path);
  file = await readFile(path);
  hev1 = readTracks(file, requireMovie(file))[0]!.track.sampleEntry;
});

afterAll(() => removeFolder(folder));

const withConfiguration = (hvcC: Buffer): Buffer =>
  box("hev1", hev1.subarray(8, entryFixedBytes.vide), box("hvcC", hvcC));

/** The configuration of the entry without the array that stands at this place. */
function withoutArray(place: number): Buffer {
  const hvcC = configurationBox(hev1, "vide", "hvcC")!;
  const parts: Buffer[] = [];
  for (let at = 23, left = hvcC[22]!; left > 0; left--) {
    const start = at;
    const count = hvcC.readUInt16BE(at + 1);
    at += 3;
    for (let unit = 0; unit < count; unit++) at += 2 + hvcC.readUInt16BE(at);
    parts.push(hvcC.subarray(start, at));
  }
  const kept = parts.filter((_part, number) => number !== place);
  return Buffer.concat([hvcC.subarray(0, 22), Buffer.from([kept.length]), ...kept]);
}

test("an H.265 entry that holds all its sets is named hvc1, says that they are all, and decodes as before", async () => {
  const named = namedByItsSets(hev1);
  expect(codecString(named, "vide")).toBe(codecString(hev1, "vide").replace("hev1", "hvc1"));
  expect(readDecoderSetup(named)).toEqual(readDecoderSetup(hev1));
  const renamed = Buffer.from(file);
  named.copy(renamed, renamed.indexOf(hev1));
  const copy = join(folder, "hvc1.mp4");
  await writeFile(copy, renamed);
  const look = ["-show_entries", "stream=codec_tag_string", "-select_streams", "v"];
  expect(await ffprobe(...look, copy)).toMatchObject({ streams: [{ codec_tag_string: "hvc1" }] });
  const pictures = (of: string) => ffmpeg("-i", of, "-f", "framemd5", "-");
  expect(await pictures(copy)).toBe(await pictures(path));
  expect(namedByItsSets(named)).toEqual(named);
});

test.each([0, 1, 2])("an entry without the sets at place %i keeps its name", (place) => {
  const entry = withConfiguration(withoutArray(place));
  expect(namedByItsSets(entry)).toBe(entry);
});

test("a damaged configuration and another codec are given back as they are", () => {
  const whole = configurationBox(hev1, "vide", "hvcC")!;
  const damaged = withConfiguration(whole.subarray(0, whole.length - 3));
  expect(namedByItsSets(damaged)).toBe(damaged);
  const other = box("avc1", Buffer.alloc(78));
  expect(namedByItsSets(other)).toBe(other);
});
