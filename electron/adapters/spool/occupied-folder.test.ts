import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { occupationOf } from "./occupied-folder.ts";
import { isSystemRoot } from "./system-folders.ts";
import { tryFolder } from "./try-folder.ts";

let root: string;
let archive: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "occupied-folder-")));
  archive = join(root, "site", "archive");
  mkdirSync(archive, { recursive: true });
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

const tried = (folder: string) =>
  tryFolder(folder, [], { occupied: [{ owner: "the archive of this console", path: archive }] });
const BESIDE = "Choose a folder beside it, for the spool alone. Nothing has been changed.";

test.skipIf(process.platform === "win32")("the system's root is refused, and left as it is", async () => {
  const rights = statSync("/").mode;
  const refused = {
    code: "SPOOL_FOLDER_OF_SYSTEM",
    message: "/ is where the system itself lies.",
    action: "Choose a folder for the spool alone, such as /srv/spool. Nothing has been changed.",
  };
  expect(await tried("/")).toMatchObject({ error: refused });
  expect(statSync("/").mode).toBe(rights);
  symlinkSync("/", join(root, "elsewhere"));
  expect(await tried(join(root, "elsewhere"))).toMatchObject({ error: { code: refused.code } });
});

test("of drives only the system's is refused", () => {
  expect(isSystemRoot("C:\\", "win32", "c:")).toBe(true);
  expect(isSystemRoot("D:\\", "win32", "C:")).toBe(false);
  expect(isSystemRoot("C:\\spool", "win32", "C:")).toBe(false);
  expect(isSystemRoot("/", "linux")).toBe(true);
  expect(isSystemRoot("/mnt/disk", "linux")).toBe(false);
});

test("the archive's folder is refused, with what lies in it and what holds it; nothing is made", async () => {
  const inside = join(archive, "spool", "deep");
  for (const [folder, message] of [
    [archive, `${archive} is the folder of the archive of this console, ${archive}.`],
    [inside, `${inside} lies in the folder of the archive of this console, ${archive}.`],
    [root, `${root} holds the folder of the archive of this console, ${archive}.`],
  ] as const) {
    expect(await tried(folder)).toMatchObject({
      error: { code: "SPOOL_FOLDER_OCCUPIED", message, action: BESIDE },
    });
  }
  expect(readdirSync(archive)).toEqual([]);
});

test("so it is where a link leads there", async () => {
  symlinkSync(archive, join(root, "disk"), "dir");
  expect(await tried(join(root, "disk", "spool"))).toMatchObject({
    error: { code: "SPOOL_FOLDER_OCCUPIED" },
  });
  expect(existsSync(join(archive, "spool"))).toBe(false);
});

test("an archive that the site does not know is told by what lies there", async () => {
  const other = join(root, "other");
  mkdirSync(join(other, "footage", "door"), { recursive: true });
  writeFileSync(join(other, "index.sqlite"), "");
  const inside = join(other, "footage", "spool");
  expect(await tried(inside)).toMatchObject({
    error: {
      code: "SPOOL_FOLDER_OCCUPIED",
      message: `${inside} lies in the folder of an archive, ${other}.`,
    },
  });
});

test("a folder beside the archive's is free, also one whose name begins alike", async () => {
  const occupied = [{ owner: "the archive of this console", path: archive }];
  for (const name of ["spool", "archive-spool", "..archive"])
    expect(await occupationOf(join(root, "site", name), occupied)).toBeNull();
});
