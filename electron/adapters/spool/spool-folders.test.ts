import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SettingsStore } from "../site/settings-store.ts";
import { listInMemory, SpoolFolders } from "./spool-folders.ts";
import { MARK_FILE } from "./spool-mark.ts";

let root: string;
let current: string;
let settings: SettingsStore;
let folders: SpoolFolders;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "spool-folders-"));
  for (const name of ["old", "new", "other"]) await mkdir(join(root, name));
  current = join(root, "old");
  openSettings();
});

afterEach(async () => {
  settings.close();
  await rm(root, { recursive: true });
});

/** As after a restart. */
function openSettings(): void {
  settings = new SettingsStore(join(root, "settings.sqlite"));
  folders = new SpoolFolders(() => current, settings.spoolFolders);
}

function restart(): void {
  settings.close();
  openSettings();
}

async function spool(fileId: string, text = "x"): Promise<string> {
  const folder = current;
  await folders.whileWriting(folder, () => writeFile(join(folder, `${fileId}.enc`), text));
  return folder;
}

describe("a folder that two consoles choose", () => {
  test("is the first one's: the other is told, and sweeps nothing in it", async () => {
    const stranger = new SettingsStore(join(root, "stranger.sqlite"));
    const strangers = new SpoolFolders(() => join(root, "new"), stranger.spoolFolders);
    const taken = await Promise.all([folders.take(join(root, "new")), strangers.take(join(root, "new"))]);
    expect(taken.filter(Boolean)).toHaveLength(1);
    const [first, second] = taken[0] === true ? [folders, strangers] : [strangers, folders];
    await writeFile(join(root, "new", "one.enc"), "x");
    await second.sweep(new Set());
    expect((await readdir(join(root, "new"))).toSorted()).toEqual(["one.enc", MARK_FILE]);
    await first.sweep(new Set(["one"]));
    expect(await first.take(join(root, "new"))).toBe(true);
    expect((await readdir(join(root, "new"))).toSorted()).toEqual(["one.enc", MARK_FILE]);
    stranger.close();
  });

  test("can be another's once it is left and nothing waits in it; a mark that says nothing is nobody's", async () => {
    current = join(root, "new");
    expect(await folders.take(current)).toBe(true);
    await spool("one");
    current = join(root, "old");
    const stranger = new SpoolFolders(() => join(root, "new"), listInMemory());
    expect(await stranger.take(join(root, "new"))).toBe(false);
    restart();
    await folders.remove("one");
    expect(await readdir(join(root, "new"))).toEqual([]);
    await writeFile(join(root, "new", MARK_FILE), "");
    expect(await stranger.take(join(root, "new"))).toBe(true);
  });
});

describe("after another spool folder was chosen", () => {
  test("a file is sent from where it lies, also after a restart", async () => {
    const folder = await spool("one");
    current = join(root, "new");
    restart();
    expect(await folders.pathOf("one", folder)).toBe(join(root, "old", "one.enc"));
    expect(await folders.pathOf("two", null)).toBe(join(root, "new", "two.enc"));
  });

  test("of two files of one name the one counts whose folder was recorded", async () => {
    await spool("one", "of a write that was killed before its record");
    current = join(root, "new");
    const folder = await spool("one", "the one that counts");
    current = join(root, "other");
    expect(await folders.pathOf("one", folder)).toBe(join(root, "new", "one.enc"));
  });

  test("a file of a site that was moved, or whose record names no folder, is found", async () => {
    await spool("one");
    current = join(root, "new");
    expect(await folders.pathOf("one", null)).toBe(join(root, "old", "one.enc"));
    expect(await folders.pathOf("one", "/where/the/site/was")).toBe(join(root, "old", "one.enc"));
  });

  test("the old folder is emptied in the end and then forgotten", async () => {
    await spool("one");
    await spool("two");
    current = join(root, "new");
    await spool("three");
    expect(folders.all()).toEqual([join(root, "new"), join(root, "old")]);
    await folders.remove("one");
    expect(folders.all()).toEqual([join(root, "new"), join(root, "old")]);
    await folders.remove("two");
    expect(await readdir(join(root, "old"))).toEqual([]);
    expect(folders.all()).toEqual([join(root, "new")]);
    restart();
    expect(folders.all()).toEqual([join(root, "new")]);
  });

  test("a start sweeps every folder that was used, and leaves what is not of the spool", async () => {
    await spool("needed");
    await spool("left over");
    await writeFile(join(root, "old", "unfinished.enc.part"), "x");
    await writeFile(join(root, "old", "notes.txt"), "x");
    current = join(root, "new");
    await spool("left over too");
    restart();
    await folders.sweep(new Set(["needed"]));
    expect((await readdir(join(root, "old"))).toSorted()).toEqual(["needed.enc", "notes.txt"]);
    expect(await readdir(join(root, "new"))).toEqual([]);
    await folders.sweep(new Set());
    expect(await readdir(join(root, "old"))).toEqual(["notes.txt"]);
    expect(folders.all()).toEqual([join(root, "new")]);
  });

  test("a folder in which a write is under way is not forgotten", async () => {
    const old = current;
    await folders.whileWriting(old, async () => {
      current = join(root, "new");
      await folders.remove("another");
    });
    expect(folders.all()).toContain(old);
  });

  test("files count in every folder", async () => {
    await spool("one", "12345");
    current = join(root, "new");
    await spool("two", "123");
    await writeFile(join(root, "old", "lost+found"), "not ours");
    expect(await folders.usage()).toEqual([
      { folder: join(root, "new"), bytes: 3 },
      { folder: join(root, "old"), bytes: 5 },
    ]);
  });

  test("files of a folder that is known under two names count once", async () => {
    await spool("one", "12345");
    current = join(root, "link");
    await symlink(join(root, "old"), current, "junction");
    await spool("two", "123");
    expect(await folders.usage()).toEqual([{ folder: current, bytes: 8 }]);
  });
});

describe("a folder whose disk is away", () => {
  test("keeps its place in the list, and what was left in it goes once it is back", async () => {
    await spool("one");
    current = join(root, "new");
    await rename(join(root, "old"), join(root, "unplugged"));
    await folders.sweep(new Set());
    await folders.remove("one");
    expect(folders.all()).toContain(join(root, "old"));
    await rename(join(root, "unplugged"), join(root, "old"));
    await folders.sweep(new Set());
    expect(await readdir(join(root, "old"))).toEqual([]);
    expect(folders.all()).toEqual([join(root, "new")]);
  });

  test.skipIf(process.getuid?.() === 0)("cannot be emptied, and stops nobody (not as root)", async () => {
    await spool("one");
    await chmod(current, 0o500);
    await folders.remove("one");
    await chmod(current, 0o700);
    expect(existsSync(join(current, "one.enc"))).toBe(true);
  });
});

test("the folder from before the list was kept is in it from the first start on", async () => {
  await writeFile(join(current, "one.enc"), "x");
  await folders.sweep(new Set(["one"]));
  current = join(root, "new");
  restart();
  expect(await folders.pathOf("one", null)).toBe(join(root, "old", "one.enc"));
});
