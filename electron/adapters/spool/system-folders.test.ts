import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { notOfTheUser } from "./not-of-the-user.ts";
import { isNoDisk, systemPlaceOf } from "./system-folders.ts";

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "system-folders-")));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

const WINDOWS = {
  ...{ SystemRoot: "C:\\WINDOWS", ProgramFiles: "C:\\Program Files", ProgramData: "C:\\ProgramData" },
};

test.each([
  ...["/etc", "/etc/spool", "/usr", "/usr/local/spool", "/boot/efi", "/proc/self", "/sys", "/dev/shm/spool"],
  ...["/run/user/1000", "/var/log/spool", "/var/run", "/lib64", "/snap/x", "/nix/store"],
])("of Linux, %s is the system's", (path) => {
  expect(systemPlaceOf(path, "linux")).toMatchObject({ kind: "system" });
});

test.each([
  ...["/srv", "/home", "/mnt", "/media", "/opt", "/tmp", "/var", "/var/lib", "/var/tmp", "/run/media"],
])("of Linux, %s is nobody's as a whole", (path) => {
  expect(systemPlaceOf(path, "linux")).toEqual({ kind: "shared", path });
});

test.each([
  ...[
    "/srv/spool",
    "/home/anna",
    "/mnt/disk",
    "/media/anna/DISK/spool",
    "/run/media/anna/DISK",
    posix.join("/", "root", "spool"),
  ],
  ...["/tmp/spool", "/var/tmp/x", "/data", "/data/etc", "/etcetera", "/usr2/spool"],
])("of Linux, %s is an ordinary folder", (path) => {
  expect(systemPlaceOf(path, "linux")).toBeNull();
});

test("each folder of /var/lib and /opt is one program's", () => {
  expect(systemPlaceOf("/var/lib/dpkg/info/spool", "linux")).toEqual({
    kind: "program",
    path: "/var/lib/dpkg",
  });
  expect(systemPlaceOf("/opt/viewer", "linux")).toEqual({ kind: "program", path: "/opt/viewer" });
});

test("of macOS and Windows, too, what is the system's is told from what is not", () => {
  const kindOf = (path: string, platform: "darwin" | "win32") => systemPlaceOf(path, platform, WINDOWS)?.kind;
  const mac = [
    "/System/Volumes",
    "/Library/x",
    "/private/etc",
    "/private/var/db",
    "/Users",
    "/Users/a/spool",
  ];
  expect(mac.map((path) => kindOf(path, "darwin"))).toEqual([
    ...["system", "system", "system", "system", "shared", undefined],
  ]);
  const temporary = ["/private/var/folders/ab/T/x", "/private/tmp/x", "/Volumes", "/Volumes/DISK/spool"];
  expect(temporary.map((path) => kindOf(path, "darwin"))).toEqual([
    undefined,
    undefined,
    "shared",
    undefined,
  ]);
  const system = [
    "c:\\windows\\Temp",
    "C:\\Program Files\\Desk",
    "D:\\System Volume Information",
    "D:\\Windows",
  ];
  expect(system.map((path) => kindOf(path, "win32"))).toEqual(Array(4).fill("system"));
  const others = [
    "C:\\Users",
    "C:\\ProgramData",
    "C:\\programdata\\Desk",
    "D:\\Spool",
    "C:\\Users\\a\\Spool",
  ];
  expect(others.map((path) => kindOf(path, "win32"))).toEqual([
    ...["shared", "shared", "program", undefined, undefined],
  ]);
});

test.skipIf(process.platform !== "linux")(
  "what the kernel shows of itself is no disk, wherever it is mounted",
  () => {
    expect([0x9fa0, 0x62656572, 0x63677270].map((number) => isNoDisk(number, "linux"))).toEqual([
      true,
      true,
      true,
    ]);
    expect([0xef53, 0x01021994, 0x6969].map((number) => isNoDisk(number, "linux"))).toEqual([
      false,
      false,
      false,
    ]);
  },
);

test.skipIf(process.platform !== "linux")(
  "each refusal names the folder, why, and one that would do",
  async () => {
    const rights = statSync("/srv", { throwIfNoEntry: false })?.mode;
    const sentences = await Promise.all(
      ["/etc", "/etc/spool", "/proc/self/spool", "/srv"].map(async (folder) => {
        const refused = await notOfTheUser(folder, folder);
        return refused === null || refused.ok ? null : [refused.error.code, refused.error.message];
      }),
    );
    expect(sentences).toEqual([
      ["SPOOL_FOLDER_OF_SYSTEM", "/etc is the system's."],
      ["SPOOL_FOLDER_OF_SYSTEM", "/etc/spool lies in /etc, which is the system's."],
      [
        "SPOOL_FOLDER_OF_SYSTEM",
        "/proc/self/spool is no place on a disk: the system shows something of itself there.",
      ],
      ["SPOOL_FOLDER_OF_OTHERS", "In /srv others have their folders."],
    ]);
    expect(statSync("/srv", { throwIfNoEntry: false })?.mode).toBe(rights);
  },
);

test.skipIf(process.platform !== "linux")(
  "a program's folder is refused, one of our own is not",
  async () => {
    expect(await notOfTheUser("/var/lib/dpkg/spool", "/var/lib/dpkg/spool")).toMatchObject({
      error: {
        code: "SPOOL_FOLDER_OF_OTHERS",
        message: "/var/lib/dpkg/spool lies in /var/lib/dpkg, which is another program's.",
      },
    });
    const ours = "/var/lib/evidence-desk-that-nobody-installed/spool";
    expect(await notOfTheUser(ours, ours)).toBeNull();
    mkdirSync(join(root, "spool"));
    expect(await notOfTheUser(join(root, "spool"), join(root, "spool"))).toBeNull();
  },
);
