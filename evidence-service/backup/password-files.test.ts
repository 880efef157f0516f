/** Files with passwords are in no backup: whoever takes or restores one is told which are missing. */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KEYS_FILE, MAIL_FILE } from "../site/site-folder.ts";
import { TestSite } from "../testing/test-site.ts";
import { restoreBackup } from "./restore-backup.ts";
import { takeBackup } from "./take-backup.ts";

const MAIL = JSON.stringify({ host: "127.0.0.1", tls: "never", from: "desk@service.example" });
let folder: string;
let site: TestSite;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "password-files-"));
  site = await TestSite.start({}, folder, null);
  await site.service.close();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function restored(name: string, isMailThere: boolean): Promise<string> {
  const dir = join(folder, name);
  await mkdir(dir);
  await copyFile(join(site.dir, KEYS_FILE), join(dir, KEYS_FILE));
  if (isMailThere) await writeFile(join(dir, MAIL_FILE), MAIL, { mode: 0o600 });
  const { lines } = await restoreBackup(join(folder, "backup"), { dir, authorityFile: undefined });
  return lines.join("\n");
}

test("a restore without the file by which links were sent says that they are shown", async () => {
  await writeFile(join(site.dir, MAIL_FILE), MAIL, { mode: 0o600 });
  expect((await takeBackup(site.dir, join(folder, "backup"))).join("\n")).toContain("Nor are mail.json");
  expect(await restored("without", false)).toContain("Without mail.json");
  expect(await restored("with", true)).not.toContain("mail.json");
});

test("a service that sends no mail has nothing said of it", async () => {
  expect((await takeBackup(site.dir, join(folder, "backup"))).join("\n")).not.toContain("mail.json");
  expect(await restored("without", false)).not.toContain("mail.json");
});
