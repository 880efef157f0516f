import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FolderPlace } from "./folder-place.ts";
import { PlaceUnreachable } from "./place-failures.ts";

const NAME = "evidence-desk-update.json";
const LONG_MS = 5_000;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "evidence-desk-place-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = () => new FolderPlace(folder).read(NAME, 1_000, AbortSignal.timeout(LONG_MS));

test.each([
  ["a pipe that nobody writes to", () => execFileSync("mkfifo", [join(folder, NAME)])],
  ["a folder", () => mkdirSync(join(folder, NAME))],
  ["a device without an end", () => symlinkSync("/dev/zero", join(folder, NAME))],
])("%s in the place of the description is refused at once, each time", async (_what, make) => {
  make();
  const startedMs = performance.now();
  // More than there are threads for files.
  const found = await Promise.all(Array.from({ length: 8 }, read));
  for (const one of found) {
    const message = expect.stringContaining(`${NAME} is no file`);
    expect(one).toMatchObject({ ok: false, error: { code: "UPDATE_PLACE_UNREACHABLE", message } });
  }
  expect(performance.now() - startedMs).toBeLessThan(LONG_MS);
});

test("so is what is no file in the place of a package", async () => {
  execFileSync("mkfifo", [join(folder, "package.deb")]);
  const reading = new FolderPlace(folder).open("package.deb", AbortSignal.timeout(LONG_MS));
  await expect(reading.next()).rejects.toThrow(PlaceUnreachable);
});

test("a file is read, also where its name leads elsewhere", async () => {
  writeFileSync(join(folder, "real.json"), "{}");
  symlinkSync(join(folder, "real.json"), join(folder, NAME));
  expect(await read()).toEqual({ ok: true, value: Buffer.from("{}") });
});
