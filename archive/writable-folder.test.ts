import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startArchive } from "./archive-server.ts";
import { requireWritableFolder } from "./writable-folder.ts";

const run = promisify(execFile);

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-writable-"));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

test("a folder that can be written into is left as it was", async () => {
  requireWritableFolder(dir);
  expect(await readdir(dir)).toEqual(["footage"]);
  expect(await readdir(join(dir, "footage"))).toEqual([]);
});

test("an archive says at its start that its folder can only be read", async (context) => {
  const disk = join(dir, "disk");
  await mkdir(disk);
  const mounted = await run("mount", ["-t", "tmpfs", "-o", "ro,size=1m", "evidence-desk-test", disk]).then(
    () => true,
    () => false,
  );
  if (!mounted) return context.skip("a disk can only be mounted by root on Linux");
  try {
    const starting = startArchive({ dir: disk, port: 0, token: "token-for-tests", log: () => undefined });
    await expect(starting).rejects.toMatchObject({
      code: "FOLDER_READ_ONLY",
      message: expect.stringContaining(`${disk} is on a disk that can only be read`),
    });
  } finally {
    await run("umount", [disk]);
  }
});

test("a folder that the account has no right to is named", (context) => {
  if (process.platform !== "linux") return context.skip("/sys is of Linux");
  expect(() => requireWritableFolder("/sys/evidence-desk")).toThrow(
    expect.objectContaining({
      code: "FOLDER_READ_ONLY",
      message: expect.stringMatching(/may not write into its folder \/sys\/evidence-desk|can only be read/),
    }),
  );
});
