import { mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { saveSnapshot } from "./saved-snapshots.ts";

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);
const ofGate = { cameraName: "Gate", moment: "28.11.2026 10:00", png: PNG };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "saved-snapshots-"));
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

test("what is told as saved is there, beside what has its name already", async () => {
  for (const fileName of ["Gate 28.11.2026 10-00.png", "Gate 28.11.2026 10-00 (1).png"]) {
    expect(await saveSnapshot(folder, ofGate)).toEqual({ ok: true, value: { folder, fileName } });
    expect(new Uint8Array(await readFile(join(folder, fileName)))).toEqual(PNG);
  }
});

test("a name is never a path out of the folder, and of one that is too long the time stays", async () => {
  for (const name of ["../../.profile", "/etc/passwd", "港".repeat(300), "C:\\x", "...", "a\u202Egnp"]) {
    expect(await saveSnapshot(folder, { ...ofGate, cameraName: name })).toMatchObject({ ok: true });
  }
  const names = await readdir(folder);
  expect(names).toHaveLength(6);
  for (const name of names) expect(name).toMatch(/^[^/\\]+ 28\.11\.2026 10-00\.png$/);
});

test("a folder that is not there is told, and not made", async () => {
  const missing = join(folder, "Downloads");
  expect(await saveSnapshot(missing, ofGate)).toEqual({
    ok: false,
    error: {
      code: "SNAPSHOT_FOLDER_MISSING",
      message: `The snapshot was not saved: the folder ${missing} is not there.`,
      action: "Make it, or connect its disk. Then take the snapshot again.",
    },
  });
  await writeFile(missing, "");
  expect(await saveSnapshot(missing, ofGate)).toMatchObject({
    error: { code: "SNAPSHOT_FOLDER_MISSING" },
  });
});

/** Root may write everywhere, and disks cannot be filled for a test: each file fails as a disk would. */
test.each([
  ["ENOSPC", "SNAPSHOT_DISK_FULL"],
  ["EDQUOT", "SNAPSHOT_DISK_FULL"],
  ["EROFS", "SNAPSHOT_FOLDER_READ_ONLY"],
  ["EIO", "SNAPSHOT_NOT_SAVED"],
])("a disk that says %s half-way is told as %s, and nothing is left of the file", async (error, code) => {
  const probe = await open(join(folder, "probe"), "wx");
  const kind = Object.getPrototypeOf(probe) as { sync(): Promise<void> };
  await probe.close();
  vi.spyOn(kind, "sync").mockRejectedValue(Object.assign(new Error(error), { code: error }));
  expect(await saveSnapshot(folder, ofGate)).toMatchObject({ ok: false, error: { code } });
  expect(await readdir(folder)).toEqual(["probe"]);
});

test("a disk that does not answer is told, and has the snapshot once it does", async () => {
  const probe = await open(join(folder, "probe"), "wx");
  const kind = Object.getPrototypeOf(probe) as { sync(): Promise<void> };
  await probe.close();
  const answers = Promise.withResolvers<void>();
  vi.spyOn(kind, "sync").mockReturnValue(answers.promise);
  expect(await saveSnapshot(folder, ofGate, 20)).toMatchObject({ error: { code: "SNAPSHOT_FOLDER_SILENT" } });
  answers.resolve();
  const path = join(folder, "Gate 28.11.2026 10-00.png");
  await vi.waitFor(async () => expect(new Uint8Array(await readFile(path))).toEqual(PNG));
});

test.runIf(process.platform === "linux")("a folder that takes nothing is told", async () => {
  // Not even root makes a file there.
  expect(await saveSnapshot("/proc", ofGate)).toMatchObject({ ok: false });
});
