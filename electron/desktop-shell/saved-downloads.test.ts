import { EventEmitter } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { saveDownloads } from "./saved-downloads.ts";

let folder: string;
const session = new EventEmitter();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "saved-downloads-"));
  saveDownloads(session, () => folder);
});
afterEach(async () => {
  session.removeAllListeners();
  await rm(folder, { recursive: true });
});

function download(url: string, fileName: string) {
  const [preventDefault, setSavePath] = [vi.fn(), vi.fn<(path: string) => void>()];
  session.emit(
    "will-download",
    { preventDefault },
    { getURL: () => url, getFilename: () => fileName, setSavePath },
  );
  return { isRefused: preventDefault.mock.calls.length > 0, path: setSavePath.mock.calls[0]?.[0] };
}
const ofPage = "blob:app://console/6f9";

test("what the page made is saved without a question, beside what has its name already", async () => {
  const first = download(ofPage, "Gate 10.00.png");
  expect(first).toEqual({ isRefused: false, path: join(folder, "Gate 10.00.png") });
  await writeFile(first.path ?? "", "");
  const second = download(ofPage, "Gate 10.00.png");
  expect(second.path).toBe(join(folder, "Gate 10.00 (1).png"));
  await writeFile(second.path ?? "", "");
  expect(download(ofPage, "Gate 10.00.png").path).toBe(join(folder, "Gate 10.00 (2).png"));
});

test("a name is never a path out of the folder", () => {
  expect(download(ofPage, "../../.profile").path).toBe(join(folder, ".profile"));
});

test("nothing else is downloaded", () => {
  for (const url of [
    "https://elsewhere.example/a.exe",
    "blob:app://console.elsewhere/6f9",
    "app://console/app.js",
  ])
    expect(download(url, "a")).toEqual({ isRefused: true, path: undefined });
});
