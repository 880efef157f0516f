import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SettingsStore } from "./adapters/site/settings-store.ts";
import { FolderSpool } from "./adapters/spool/folder-spool.ts";
import { MARK_FILE } from "./adapters/spool/spool-mark.ts";
import { freeBytesOf } from "./adapters/spool/spool-disk-error.ts";
import { LARGE_SEGMENT_BYTES } from "./adapters/spool/try-folder.ts";
import { type DestinationHandlerParts, destinationHandlers } from "./ipc-handlers/destination-handlers.ts";

/** A folder is taken only where a long part has room. */
const hasRoom = (await freeBytesOf(tmpdir())) > LARGE_SEGMENT_BYTES + 1e9;

let root: string;
let ownSpoolFolder: string;
let settings: SettingsStore;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "spool-choice-"));
  ownSpoolFolder = join(root, "site", "spool");
  settings = new SettingsStore(join(root, "settings.sqlite"));
});

afterEach(() => {
  settings.close();
  rmSync(root, { recursive: true });
});

const LIMITS = {
  spoolQuotaBytes: 7e9,
  bandwidthCapBytesPerSecond: 5,
  bandwidthSchedule: null,
  keepAwake: true,
};
const ADMINISTRATOR = {
  operator: { username: "a", displayName: "A", privileges: ["configure" as const] },
  windowId: 1,
};

async function configure(spoolFolder: string, limits = LIMITS) {
  const spoolSettings = () => ({
    folder: settings.destination().spoolFolder ?? ownSpoolFolder,
    quotaBytes: settings.destination().spoolQuotaBytes,
    isChosen: settings.destination().spoolFolder !== null,
  });
  const account = {
    kind: "none",
    current: () => null,
    identity: () => null,
    keptNames: () => [],
    check: async () => ({ reachable: false, problem: { code: "X", message: "No." } }),
  };
  const parts = {
    account,
    settings,
    ownSpoolFolder,
    occupiedFolders: [{ owner: "the archive", path: join(root, "site", "archive") }],
    spoolSettings,
    spool: new FolderSpool({
      settings: spoolSettings,
      worker: {} as never,
      exportUrl: () => null,
      list: settings.spoolFolders,
    }),
    secrets: { usesKeyFile: true },
    applyBandwidth: () => undefined,
    announce: () => undefined,
  } as unknown as DestinationHandlerParts;
  return await destinationHandlers(parts)["destination.configure"]({ spoolFolder, ...limits }, ADMINISTRATOR);
}

test("nothing of what was entered is saved where the folder is refused", async () => {
  const before = settings.destination();
  writeFileSync(join(root, "file"), "");
  expect(await configure(join(root, "file"))).toMatchObject({ error: { code: "SPOOL_NOT_A_FOLDER" } });
  expect(settings.destination()).toEqual(before);
});

test("folders of the site's other programs are refused", async () => {
  const before = settings.destination();
  expect(await configure(join(root, "site", "archive", "spool"))).toMatchObject({
    error: { code: "SPOOL_FOLDER_OCCUPIED" },
  });
  expect(settings.destination()).toEqual(before);
  expect(existsSync(join(root, "site"))).toBe(false);
});

test.skipIf(!hasRoom)(
  "a folder is made, saved without what its path has too much, and tells what it lies on",
  async () => {
    const folder = join(root, "new");
    expect(await configure(`${folder}/../new/`)).toMatchObject({
      ok: true,
      value: { spoolFolder: folder, spoolFreeBytes: expect.any(Number), otherSpoolFolders: [] },
    });
    expect(settings.destination()).toMatchObject({ ...LIMITS, spoolFolder: folder });
    expect(existsSync(folder)).toBe(true);
  },
);

test.skipIf(!hasRoom)("what waits in the previous folder is told, and counts as in use", async () => {
  mkdirSync(ownSpoolFolder, { recursive: true });
  writeFileSync(join(ownSpoolFolder, "one.enc"), Buffer.alloc(700));
  settings.spoolFolders.write([ownSpoolFolder]);
  const folder = join(root, "new");
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(folder, "other program's"), Buffer.alloc(30));
  expect(await configure(folder)).toMatchObject({
    value: { spoolUsedBytes: 700, otherSpoolFolders: [{ folder: ownSpoolFolder, bytes: 700 }] },
  });
});

test.skipIf(!hasRoom)(
  "limits can be changed while the chosen folder is away; the site's own is none that was chosen",
  async () => {
    const folder = join(root, "new");
    await configure(folder);
    rmSync(folder, { recursive: true });
    const slower = { ...LIMITS, bandwidthCapBytesPerSecond: 4 };
    expect(await configure(folder, slower)).toMatchObject({ ok: true, value: { spoolFreeBytes: null } });
    expect(existsSync(folder)).toBe(false);
    expect(await configure(ownSpoolFolder)).toMatchObject({ ok: true });
    expect(settings.destination().spoolFolder).toBeNull();
  },
);

test.skipIf(!hasRoom)(
  "a chosen folder that is missing is made anew, tried and marked when nothing but it is saved again",
  async () => {
    const folder = join(root, "disk", "spool");
    await configure(folder);
    rmSync(folder, { recursive: true });
    expect(await configure(folder)).toMatchObject({ value: { spoolFreeBytes: expect.any(Number) } });
    expect(readdirSync(folder)).toEqual([MARK_FILE]);
    rmSync(join(root, "disk"), { recursive: true });
    writeFileSync(join(root, "disk"), "");
    expect(await configure(folder)).toMatchObject({ ok: true, value: { spoolFreeBytes: null } });
  },
);

test("what is the system's is refused, wherever it is entered; nothing is made or changed", async () => {
  const before = settings.destination();
  for (const folder of ["/etc", "/usr/share/spool", "/proc/1/spool"].filter(
    () => process.platform === "linux",
  )) {
    expect(await configure(folder)).toMatchObject({ error: { code: "SPOOL_FOLDER_OF_SYSTEM" } });
  }
  expect(settings.destination()).toEqual(before);
});
