/** A backup that cannot be written: a code and no stack, and nothing of it is left. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TestSite } from "../testing/test-site.ts";
import { BACKUP_FILE, METADATA_FOLDER } from "./backup-folder.ts";
import { takeBackup } from "./take-backup.ts";

let folder: string;
let backup: string;
let site: TestSite;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "failed-backup-"));
  backup = join(folder, "backup");
  site = await TestSite.start({}, folder, null);
  await site.service.close();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const metadataFolders = async () => (await readdir(backup)).filter((name) => METADATA_FOLDER.test(name));

test("a folder that cannot be made is told by a code", async () => {
  await writeFile(join(folder, "file"), "");
  await expect(takeBackup(site.dir, join(folder, "file", "backup"))).rejects.toMatchObject({
    code: "BACKUP_FAILED",
    message: expect.stringContaining("ENOTDIR"),
  });
});

test("one that fails in the midst leaves nothing of itself, nor of one that was killed, and the one before", async () => {
  await takeBackup(site.dir, backup);
  const [before] = await metadataFolders();
  const named = await readFile(join(backup, BACKUP_FILE), "utf8");
  await mkdir(join(backup, "metadata-1"));
  // As a disk without room for the stored files.
  await rm(join(backup, "blobs"), { recursive: true, force: true });
  await writeFile(join(backup, "blobs"), "");
  await expect(takeBackup(site.dir, backup)).rejects.toMatchObject({ code: "BACKUP_FAILED" });
  expect(await metadataFolders()).toEqual([before]);
  expect(await readFile(join(backup, BACKUP_FILE), "utf8")).toBe(named);
});
