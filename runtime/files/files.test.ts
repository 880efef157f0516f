import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeDurably, writeNamedLater } from "./durable-file.ts";
import { createDurablyNow, createFlushed } from "./new-file.ts";
import { finishPart, partOf } from "./part-file.ts";
import { syncFolder, syncFolderNow } from "./sync-folder.ts";
import { FOR_OTHERS_TOO, writeWhole, writeWholeNow } from "./whole-file.ts";

const CONTENT = Buffer.from("Süd 😀");
const HAS_FULL_DISK = existsSync("/dev/full");

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "runtime-files-"));
  path = join(folder, "file");
});
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (file: string): number => statSync(file).mode & 0o777;

async function* failing(): AsyncIterable<Uint8Array> {
  yield CONTENT;
  throw new Error("the line is cut");
}

const REPLACING = [
  ["writeDurably", () => writeDurably(path, [CONTENT.subarray(0, 3), CONTENT.subarray(3)])],
  ["writeWhole", () => writeWhole(path, CONTENT)],
  ["writeWholeNow", async () => writeWholeNow(path, CONTENT)],
] as const;

describe.each(REPLACING)("%s", (_name, write) => {
  test("leaves the file alone in its folder, for its owner alone", async () => {
    await write();
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
    expect(readdirSync(folder)).toEqual(["file"]);
    expect(modeOf(path)).toBe(0o600);
  });

  test("replaces what has the name, and what a kill left half written", async () => {
    writeFileSync(path, "the version before");
    writeFileSync(partOf(path), "x".repeat(1_000));
    await write();
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  test.skipIf(!HAS_FULL_DISK)(
    "leaves the version before where the disk is full (needs /dev/full)",
    async () => {
      writeFileSync(path, "the version before");
      symlinkSync("/dev/full", partOf(path));
      await expect(write()).rejects.toMatchObject({ code: "ENOSPC" });
      expect(readFileSync(path, "utf8")).toBe("the version before");
    },
  );
});

test("a file for others too has what the umask leaves", async () => {
  await writeWhole(path, CONTENT, FOR_OTHERS_TOO);
  expect(modeOf(path)).toBe(0o666 & ~process.umask());
});

describe("a durable file", () => {
  test("takes its bytes as they come, and is as large as they are", async () => {
    const piece = Buffer.alloc(300_000, "a");
    await writeDurably(
      path,
      (async function* () {
        for (let count = 0; count < 20; count += 1) yield piece;
      })(),
    );
    expect(statSync(path).size).toBe(6_000_000);
  });

  test("whose bytes fail is not there, nor any part of it", async () => {
    await expect(writeDurably(path, failing())).rejects.toThrow("the line is cut");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("has its name once its folder is flushed, however long its bytes take", async () => {
    const order: string[] = [];
    const chunks = (async function* () {
      yield CONTENT;
      order.push("bytes");
    })();
    await writeNamedLater(path, chunks, async () => void order.push("name"));
    expect(order.toSorted()).toEqual(["bytes", "name"]);
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
  });

  test("is gone where its bytes, or the flush of its name, fail", async () => {
    await expect(writeNamedLater(path, failing(), async () => undefined)).rejects.toThrow("the line is cut");
    const unnamed = writeNamedLater(path, [CONTENT], () => Promise.reject(new Error("no folder")));
    await expect(unnamed).rejects.toThrow("no folder");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("that is named later never takes another's name", async () => {
    writeFileSync(path, "another's");
    const taken = writeNamedLater(path, [CONTENT], async () => undefined);
    await expect(taken).rejects.toMatchObject({ code: "EEXIST" });
    expect(readFileSync(path, "utf8")).toBe("another's");
  });
});

describe.each([
  ["createFlushed", () => createFlushed(path, CONTENT, 0o600)],
  ["createDurablyNow", async () => createDurablyNow(path, CONTENT)],
])("%s", (_name, create) => {
  test("makes a file for its owner alone", async () => {
    await create();
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
    expect(modeOf(path)).toBe(0o600);
  });

  test("never takes another's name", async () => {
    writeFileSync(path, "another's");
    await expect(create()).rejects.toMatchObject({ code: "EEXIST" });
    expect(readFileSync(path, "utf8")).toBe("another's");
  });
});

test("a whole part gets its name, and takes that of what was there", async () => {
  writeFileSync(path, "the version before");
  writeFileSync(partOf(path), "the version after");
  await finishPart(path);
  expect(readFileSync(path, "utf8")).toBe("the version after");
  expect(readdirSync(folder)).toEqual(["file"]);
});

test("a folder that is not there cannot be flushed", async () => {
  await syncFolder(folder);
  syncFolderNow(folder);
  await expect(syncFolder(join(folder, "missing"))).rejects.toThrow("ENOENT");
  expect(() => syncFolderNow(join(folder, "missing"))).toThrow("ENOENT");
});
