import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ShownBytesFile } from "./shown-bytes-file.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "shown-bytes-"));
  path = join(folder, "shown-bytes.json");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("nothing may be shown before the file has it, and whoever shows it is told then", async () => {
  const told: string[] = [];
  const marks: ShownBytesFile = new ShownBytesFile(path, (id) => {
    // As a program that is killed now finds it at its next start.
    expect(new ShownBytesFile(path, () => undefined).of("one")).toBe(marks.of("one"));
    told.push(id);
  });
  marks.want("camera", "one", 7);
  marks.want("camera", "one", 9);
  marks.want("other", "two", 3);
  expect(marks.of("one")).toBe(0);
  await expect.poll(() => told).toEqual(["camera", "other"]);
  expect([marks.of("one"), marks.of("two")]).toEqual([9, 3]);
});

test("what is wanted meanwhile is kept next", async () => {
  const marks = new ShownBytesFile(path, () => undefined, 1);
  marks.want("camera", "one", 1);
  await expect.poll(() => marks.of("one")).toBe(1);
  marks.want("camera", "one", 2);
  await expect.poll(() => marks.of("one")).toBe(2);
  expect(new ShownBytesFile(path, () => undefined).of("one")).toBe(2);
});

test("what the journal says, or is not in the list, takes no room in the file", async () => {
  writeFileSync(path, JSON.stringify({ one: 1, two: 2, three: 3 }));
  const marks = new ShownBytesFile(path, () => undefined);
  marks.keepOnly(new Set(["one", "two"]));
  marks.forget("one");
  marks.want("camera", "two", 4);
  await expect.poll(() => JSON.parse(readFileSync(path, "utf8")) as unknown).toEqual({ two: 4 });
});

test("a torn file tells nothing, and a disk that takes none stops nobody's bytes", async () => {
  writeFileSync(path, '{"one":');
  expect(new ShownBytesFile(path, () => undefined).of("one")).toBe(0);
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  mkdirSync(`${path}.part`);
  const marks = new ShownBytesFile(path, () => undefined);
  marks.want("camera", "one", 5);
  await expect.poll(() => marks.of("one")).toBe(5);
  expect(said).toHaveBeenCalled();
  said.mockRestore();
});
