import { execFile } from "node:child_process";
import { mkdir, mkdtemp, open, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { TestSite } from "../testing/test-site.ts";
import { DiskFull, DiskReserve } from "./disk-reserve.ts";

const run = promisify(execFile);
const MIB = 1 << 20;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "disk-reserve-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const lengthOf = (path: string) =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );
const heldBytes = () => lengthOf(join(dir, "reserve.bin"));

test("room is held, given up when something else fills the disk, and taken again when it is over", async () => {
  let freeBytes = 100 * MIB;
  const said: string[] = [];
  const parts = { dir, reserveBytes: 10 * MIB, ballastBytes: 2 * MIB + 1 };
  const reserve = new DiskReserve({
    ...parts,
    freeBytes: async () => freeBytes,
    report: (line) => said.push(line),
  });
  await reserve.look();
  expect(await heldBytes()).toBe(2 * MIB + 1);
  freeBytes = 5 * MIB;
  await reserve.look();
  expect(await heldBytes()).toBe(2 * MIB + 1);
  freeBytes = 1;
  await reserve.look();
  expect(await heldBytes()).toBe(0);
  freeBytes = 11 * MIB;
  await reserve.look();
  expect(await heldBytes()).toBe(0);
  freeBytes = 20 * MIB;
  await reserve.look();
  expect(await heldBytes()).toBe(2 * MIB + 1);
  expect(said).toEqual([
    "the disk is full: uploads are refused",
    "the disk is full: 2.1 MB of the reserve were given up",
    "the disk has room again: uploads go on",
  ]);
});

test("uploads at the same time do not take the same room", async () => {
  const parts = { dir, reserveBytes: 10, ballastBytes: 0, report: () => undefined };
  const reserve = new DiskReserve({ ...parts, freeBytes: async () => 100 });
  const first = Promise.withResolvers<void>();
  const writing = reserve.taking(60, () => first.promise, "one");
  await expect(reserve.taking(60, async () => undefined, "another")).rejects.toThrow(DiskFull);
  first.resolve();
  await writing;
  await reserve.taking(60, async () => undefined, "one");
});

test("who promises much and sends nothing leaves others as much room as it holds", async () => {
  const parts = { dir, reserveBytes: 10, ballastBytes: 0, report: () => undefined };
  // Once where the disk is asked each time, and once where it is far from full.
  for (const unit of [1, 1024 * MIB]) {
    const reserve = new DiskReserve({ ...parts, freeBytes: async () => 10 + 100 * unit });
    const first = Promise.withResolvers<void>();
    const held: Promise<void>[] = [];
    const promise = async (client: string) => {
      let isRefused = false;
      const taken = reserve.taking(10 * unit, () => first.promise, client);
      held.push(taken.catch(() => undefined));
      taken.catch(() => (isRefused = true));
      await new Promise(setImmediate);
      return isRefused;
    };
    const refusals: boolean[] = [];
    for (let each = 0; each < 7; each += 1) refusals.push(await promise("hoarder"));
    expect(refusals).toEqual([false, false, false, false, false, true, true]);
    expect(await promise("another")).toBe(false);
    first.resolve();
    await Promise.all(held);
    // What came to its end is promised no more.
    expect(await promise("hoarder")).toBe(false);
  }
});

test("the disk is asked once in a while as long as it is far from full, and each time when it is not", async () => {
  let freeBytes = 6 * 1024 * MIB;
  let asked = 0;
  const reserve = new DiskReserve({
    ...{ dir, reserveBytes: 512 * MIB, ballastBytes: 0, report: () => undefined },
    freeBytes: async () => {
      asked += 1;
      return freeBytes;
    },
  });
  vi.useFakeTimers({ toFake: ["performance"] });
  try {
    const take = () => reserve.taking(100 * MIB, async () => undefined, "one");
    await take();
    for (let each = 0; each < 10; each += 1) await take();
    expect(asked).toBe(1);
    vi.advanceTimersByTime(1_001);
    await take();
    expect(asked).toBe(2);
    // What was written since counts, though nobody was asked: 4 GiB more than the reserve have to be left.
    for (let each = 0; each < 20; each += 1) await take();
    expect(asked).toBe(3);
    vi.advanceTimersByTime(1_001);
    freeBytes = 700 * MIB;
    await take();
    freeBytes = 600 * MIB;
    await expect(take()).rejects.toThrow(DiskFull);
    expect(asked).toBe(5);
  } finally {
    vi.useRealTimers();
  }
});

test("a disk that something else fills to the last byte still lets sign in", async (context) => {
  const disk = join(dir, "disk");
  await mkdir(disk);
  const mounted = await run("mount", ["-t", "tmpfs", "-o", "size=24m", "evidence-desk-test", disk]).then(
    () => true,
    () => false,
  );
  if (!mounted) return context.skip("a small disk can only be mounted by root on Linux");
  const settings = { diskReserveBytes: 4 * MIB, diskBallastBytes: 4 * MIB };
  const site = await TestSite.start({ settings, logLevel: "silent" }, disk);
  try {
    const held = join(site.dir, "reserve.bin");
    await expect.poll(() => lengthOf(held)).toBe(4 * MIB);
    await fill(join(disk, "others"));
    const signIn = () =>
      fetch(`${site.service.url}/web/api/sign-in`, {
        method: "POST",
        headers: { "x-evidence-desk": "1", "content-type": "application/json" },
        body: JSON.stringify({ username: "investigator", password: "investigator" }),
      });
    // Whoever finds it full is told so, and has the reserve given up, unless the service has seen it already.
    const found = await signIn();
    const code =
      found.status === 200
        ? "SERVICE_DISK_FULL"
        : z.object({ code: z.string() }).parse(await found.json()).code;
    expect([[200, 503].includes(found.status), code]).toEqual([true, "SERVICE_DISK_FULL"]);
    // A first one may find room left over by what was written before.
    const answered = async () => [(await signIn()).status, await lengthOf(held)];
    await expect.poll(answered, { timeout: 15_000 }).toEqual([200, 0]);
    const { EvidenceId } = await site.createEvidence();
    const { Uri } = await site.uploadAddress(EvidenceId);
    const headers = { "x-ms-blob-type": "BlockBlob" };
    expect((await fetch(Uri, { method: "PUT", headers, body: "x" })).status).toBe(503);
  } finally {
    await site.stop();
    await run("umount", [disk]);
  }
}, 40_000);

async function fill(path: string): Promise<void> {
  const handle = await open(path, "w");
  try {
    for (const length of [MIB, 4_096, 1]) {
      for (;;) await handle.write(Buffer.alloc(length));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  } finally {
    await handle.close();
  }
}
