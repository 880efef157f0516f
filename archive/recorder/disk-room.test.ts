import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { reconcile } from "../index/reconcile.ts";
import { joinStretches } from "../index/runs.ts";
import { makeLoopClip } from "../testing/loop-clip-for-tests.ts";
import { ALWAYS, recordedFolder, TEST_CAMERA } from "../testing/recorded-folder.ts";
import { watchDiskRoom, type DiskRoom } from "./disk-room.ts";

const run = promisify(execFile);
const LONG = { timeout: 25_000, interval: 100 };
const MEBIBYTE = 1024 ** 2;

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-disk-"));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

/** Mounts a small disk of its own; answers why that cannot be done here, or null. */
async function mountSmallDisk(path: string): Promise<string | null> {
  await mkdir(path);
  return run("mount", ["-t", "tmpfs", "-o", "size=24m", "evidence-desk-test", path]).then(
    () => null,
    () => "a small disk can only be mounted by root on Linux",
  );
}

async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

describe("a disk that fills up", () => {
  test("stops recording cleanly, which is said, and recording goes on when there is room", async (context) => {
    const disk = join(dir, "disk");
    const missing = await mountSmallDisk(disk);
    if (missing !== null) return context.skip(missing);
    const folder = await recordedFolder(disk);
    let room: DiskRoom | undefined;
    try {
      const source = { kind: "loop", file: join(dir, (await makeLoopClip(dir)).file) } as const;
      room = watchDiskRoom({ dir: disk, reserveBytes: 4 * MEBIBYTE, log: (line) => folder.lines.push(line) });
      const recorder = folder.record(source, { disk: room, fileSeconds: 1 });
      const footageFiles = () => folder.index.footageFiles({ cameraId: TEST_CAMERA, range: ALWAYS });
      await expect.poll(() => footageFiles().length, LONG).toBeGreaterThanOrEqual(1);
      const filler = join(disk, "filler");
      await writeFile(filler, Buffer.alloc((await freeBytes(disk)) - 2 * MEBIBYTE));
      await expect.poll(() => recorder.problem?.code, LONG).toBe("DISK_FULL");
      expect(recorder.state).toBe("no-signal");
      expect(folder.lines.join("\n")).toContain("the disk is full");
      const heldUs = footageFiles().at(-1)?.endUs ?? 0;
      await rm(filler);
      await expect.poll(() => recorder.state, LONG).toBe("recording");
      expect(recorder.problem).toBeNull();
      const runs = joinStretches(folder.index.stretches({ cameraId: TEST_CAMERA, range: ALWAYS }));
      expect(runs).toHaveLength(2);
      expect(runs[0]?.endUs).toBe(heldUs);
    } finally {
      await folder.close();
      room?.close();
      await run("umount", [disk]);
    }
  }, 60_000);

  test("at once and to the last byte loses nothing that was recorded", async (context) => {
    const disk = join(dir, "disk");
    const missing = await mountSmallDisk(disk);
    if (missing !== null) return context.skip(missing);
    const folder = await recordedFolder(disk);
    const log = (line: string): void => void folder.lines.push(line);
    // Without any reserve the disk is full all the same, and not a camera that sends nothing.
    const room = watchDiskRoom({ dir: disk, reserveBytes: 0, log });
    try {
      const source = { kind: "loop", file: join(dir, (await makeLoopClip(dir)).file) } as const;
      const recorder = folder.record(source, { disk: room, fileSeconds: 1 });
      const footageFiles = () => folder.index.footageFiles({ cameraId: TEST_CAMERA, range: ALWAYS });
      await expect.poll(() => footageFiles().length, LONG).toBeGreaterThanOrEqual(1);
      const filler = join(disk, "filler");
      const held = await freeBytes(disk);
      await writeFile(filler, Buffer.alloc(held)).catch(() => undefined);
      await expect.poll(() => recorder.problem?.code, LONG).toBe("DISK_FULL");
      await rm(filler);
      await expect.poll(() => recorder.state, LONG).toBe("recording");
      await recorder.stop();
      // At most a torn file is left, which holds nothing that can be read.
      expect(await reconcile({ dir: disk, index: folder.index })).toMatchObject({
        addedFiles: 0,
        removedFiles: 0,
      });
    } finally {
      await folder.close();
      room.close();
      await run("umount", [disk]);
    }
  }, 60_000);
});

test("room is back only at twice the reserve, so that recording does not flutter", async () => {
  let free = 100 * MEBIBYTE;
  const lines: string[] = [];
  const full: number[] = [];
  const options = { dir, reserveBytes: 50 * MEBIBYTE, freeBytes: () => Promise.resolve(free), periodMs: 5 };
  const room = watchDiskRoom({ ...options, log: (line) => lines.push(line) });
  room.onFull(() => full.push(free));
  free = 49 * MEBIBYTE;
  await expect.poll(() => room.isFull).toBe(true);
  free = 99 * MEBIBYTE;
  await expect.poll(() => full).toEqual([49 * MEBIBYTE]);
  expect(room.isFull).toBe(true);
  free = 100 * MEBIBYTE;
  await room.untilRoom(new AbortController().signal);
  expect(room.isFull).toBe(false);
  expect(lines).toHaveLength(2);
  room.close();
});
