import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { diskKindOf, largestFileBytesOf } from "./disk-kind.ts";
import { freeBytesOf } from "./spool-disk-error.ts";
import { LARGE_SEGMENT_BYTES, tryFolder } from "./try-folder.ts";

const NO_OTHERS = { occupied: [] };

const PROGRAM = fileURLToPath(new URL("try-folder.test-process.ts", import.meta.url));
/** Of util-linux. */
const PRLIMIT = "prlimit";
const NOT_CHANGED = "Choose another folder. Nothing has been changed.";
const isRoot = process.getuid?.() === 0;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "try-folder-"));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

const hasRoom = (await freeBytesOf(tmpdir())) > 2 * LARGE_SEGMENT_BYTES;

describe.skipIf(!hasRoom)("a folder that is chosen (needs 9 GB free)", () => {
  test("is made, for this user alone, and nothing of its trial is left", async () => {
    const folder = join(root, "deep", "spool");
    expect(await tryFolder(folder, [], NO_OTHERS)).toEqual({ ok: true, value: undefined });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("becomes this user's alone where nothing else is in it", async () => {
    chmodSync(root, 0o777);
    expect(await tryFolder(root, [], NO_OTHERS)).toMatchObject({ ok: true });
    expect(statSync(root).mode & 0o777).toBe(0o700);
  });

  test("is refused where others may write, and left as it is", async () => {
    writeFileSync(join(root, "a letter.txt"), "");
    chmodSync(root, 0o777);
    expect(await tryFolder(root, [], NO_OTHERS)).toMatchObject({
      error: {
        code: "SPOOL_FOLDER_OPEN",
        message: expect.stringContaining("(rights 777)"),
        action: NOT_CHANGED,
      },
    });
    expect(statSync(root).mode & 0o777).toBe(0o777);
  });

  test("is refused where another console has its spool, and taken again where this one had", async () => {
    writeFileSync(join(root, "one.enc"), "");
    expect(await tryFolder(root, [], NO_OTHERS)).toMatchObject({
      error: { code: "SPOOL_FOLDER_OF_ANOTHER" },
    });
    expect(await tryFolder(root, [root], NO_OTHERS)).toMatchObject({ ok: true });
    expect(readdirSync(root)).toEqual(["one.enc"]);
  });

  test("is taken where an earlier trial was broken off, and what that left is gone", async () => {
    writeFileSync(join(root, "trial-one.enc"), "");
    writeFileSync(join(root, "trial-two.enc.part"), "");
    expect(await tryFolder(root, [], NO_OTHERS)).toMatchObject({ ok: true });
    expect(readdirSync(root)).toEqual([]);
  });

  test("is refused with a character that nobody sees, and not made", async () => {
    for (const name of ["a\u200Bb", "\u202Egnp", "a\u0000b"]) {
      expect(await tryFolder(join(root, name), [], NO_OTHERS)).toMatchObject({
        error: { code: "SPOOL_PATH_HIDDEN_CHARACTER", message: expect.stringContaining("(U+") },
      });
    }
    expect(readdirSync(root)).toEqual([]);
  });

  test("is taken through a link where this console has its spool, and refused through one to another's", async () => {
    const own = join(root, "own");
    mkdirSync(own, { mode: 0o700 });
    writeFileSync(join(own, "one.enc"), "");
    const link = join(root, "link");
    symlinkSync(own, link, "junction");
    expect(await tryFolder(link, [own], NO_OTHERS)).toMatchObject({ ok: true });
    expect(await tryFolder(own, [link], NO_OTHERS)).toMatchObject({ ok: true });
    expect(await tryFolder(link, [join(root, "gone")], NO_OTHERS)).toMatchObject({
      error: { code: "SPOOL_FOLDER_OF_ANOTHER" },
    });
  });

  test("is refused where a file is in its place", async () => {
    writeFileSync(join(root, "file"), "");
    for (const path of [join(root, "file"), join(root, "file", "spool")]) {
      expect(await tryFolder(path, [], NO_OTHERS)).toMatchObject({
        error: { code: "SPOOL_NOT_A_FOLDER", action: NOT_CHANGED },
      });
    }
  });

  test("is refused where its path depends on where the program runs", async () => {
    expect(await tryFolder("spool", [], NO_OTHERS)).toMatchObject({ error: { code: "SPOOL_PATH_NOT_FULL" } });
    expect(existsSync("spool")).toBe(false);
  });

  test.skipIf(isRoot)("is refused where this user may not write (not as root)", async () => {
    chmodSync(root, 0o500);
    expect(await tryFolder(join(root, "spool"), [], NO_OTHERS)).toMatchObject({
      error: { code: "SPOOL_ACCESS_DENIED" },
    });
    chmodSync(root, 0o700);
  });

  test.skipIf(spawnSync(PRLIMIT, ["--version"]).status !== 0)(
    "is refused where no file may be larger than 4 GiB, as on FAT32 (needs prlimit)",
    () => {
      const folder = join(root, "made", "spool");
      const args = [`--fsize=${2 ** 32 - 1}`, process.execPath, PROGRAM, folder];
      expect(outcomeOf(PRLIMIT, args)).toMatchObject({
        error: { code: "SPOOL_FILE_TOO_LARGE", message: expect.stringContaining("(EFBIG)") },
      });
      expect(readdirSync(root)).toEqual([]);
    },
    30_000,
  );
});

/** Root of a user namespace of its own may mount, where the system lets users have one. */
const mayMount = spawnSync("unshare", ["-Urm", "true"]).status === 0;

describe.skipIf(!mayMount)("a disk (needs user namespaces, unshare(1))", () => {
  function tryMounted(mount: string) {
    mkdirSync(join(root, "disk"));
    const script = `${mount} >&2 && exec "$0" "$1" "$2"`;
    const folder = join(root, "disk", "spool");
    return outcomeOf("unshare", ["-Urm", "sh", "-c", script, process.execPath, PROGRAM, folder]);
  }

  test("that is too small is refused with the figures", () => {
    expect(tryMounted(`mount -t tmpfs -o size=64m none ${join(root, "disk")}`)).toMatchObject({
      error: {
        code: "SPOOL_DISK_TOO_SMALL",
        message: expect.stringMatching(
          /has 67\.1 MB free\. .* about 4\.5 GB, and 537 MB always stay free\.$/,
        ),
        action: NOT_CHANGED,
      },
    });
  }, 30_000);

  test("that can only be read is refused as that", () => {
    const disk = join(root, "disk");
    const mount = `mount --bind ${disk} ${disk} && mount -o remount,bind,ro ${disk}`;
    expect(tryMounted(mount)).toMatchObject({ error: { code: "SPOOL_READ_ONLY" } });
  }, 30_000);
});

test("the kind of a disk is told: a share, memory, or one of this computer", async () => {
  expect(await diskKindOf("\\\\server\\share\\spool", "win32")).toBe("network");
  expect(await diskKindOf("D:\\spool", "win32")).toBe("local");
  expect(await diskKindOf(join(root, "missing"))).toBeNull();
  if (existsSync("/dev/shm") && process.platform === "linux") {
    expect(await diskKindOf("/dev/shm")).toBe("memory");
  }
});

function outcomeOf(command: string, args: readonly string[]): unknown {
  return JSON.parse(execFileSync(command, args, { encoding: "utf8" }));
}

test("FAT takes files of less than 4 GiB; no other disk says how much", () => {
  expect(largestFileBytesOf(0x4d44)).toBe(4_294_967_295);
  expect(largestFileBytesOf(0xef53)).toBeUndefined();
});
