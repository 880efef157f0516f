import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { UnforeseenEnd } from "./unforeseen-end.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "unforeseen-end-"));
});
afterEach(() => rm(folder, { recursive: true }));

const MINUTE_MS = 60_000;

test("the next start is told of the end, and no start after it", () => {
  expect(new UnforeseenEnd(folder).take()).toBeNull();
  new UnforeseenEnd(folder).note(10 * MINUTE_MS);
  expect(new UnforeseenEnd(folder).take()).toBe(10 * MINUTE_MS);
  expect(new UnforeseenEnd(folder).take()).toBeNull();
});

test("a second end within five minutes is known, also after the first was told", () => {
  const end = new UnforeseenEnd(folder);
  expect(end.note(10 * MINUTE_MS)).toBe(false);
  end.take();
  expect(end.note(12 * MINUTE_MS)).toBe(true);
  expect(end.note(30 * MINUTE_MS)).toBe(false);
});

test("a start is told of the end also where that cannot be noted", async () => {
  new UnforeseenEnd(folder).note(10 * MINUTE_MS);
  // What is written first has its place taken, as a full disk or a folder of somebody else's would.
  await mkdir(join(folder, "unforeseen-end.json.part", "taken"), { recursive: true });
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  expect(new UnforeseenEnd(folder).take()).toBe(10 * MINUTE_MS);
  expect(said).toHaveBeenCalledOnce();
  said.mockRestore();
});

test("an end that cannot be noted may have been there before, and ends the console all the same", async () => {
  await mkdir(join(folder, "unforeseen-end.json.part", "taken"), { recursive: true });
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  expect(new UnforeseenEnd(folder).note(10 * MINUTE_MS)).toBe(true);
  expect(said).toHaveBeenCalledOnce();
  said.mockRestore();
});

test("a file that cannot be read tells nothing", async () => {
  await writeFile(join(folder, "unforeseen-end.json"), "{");
  expect(new UnforeseenEnd(folder).take()).toBeNull();
});
