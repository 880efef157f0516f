import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockFolder, type LockFiles } from "./folder-lock.ts";

const HOLDER = new URL("./lock-holder.test-process.ts", import.meta.url).pathname;
const FILES: LockFiles = { lock: "it.lock", holder: "it-process.json", keptOpen: "it.open" };

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "folder-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Another process that has the folder, and keeps a file in it open. */
async function otherHolder() {
  const child = fork(HOLDER, [folder, JSON.stringify(FILES)]);
  await once(child, "message");
  return {
    pid: child.pid,
    async kill() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

test("a folder is one holder's at a time, within a process too", async () => {
  const lock = await lockFolder(folder, FILES, 0);
  await expect(lockFolder(folder, FILES, 0)).rejects.toMatchObject({ holder: { processId: process.pid } });
  lock.release();
  (await lockFolder(folder, FILES, 0)).release();
});

test("who has it is named, for its owner alone, and gone when it is killed", async () => {
  const other = await otherHolder();
  expect(statSync(join(folder, FILES.holder)).mode & 0o777).toBe(0o600);
  await expect(lockFolder(folder, FILES, 0)).rejects.toMatchObject({ holder: { processId: other.pid } });
  await other.kill();
  (await lockFolder(folder, FILES, 0)).release();
});

test("one that is just ending is waited for", async () => {
  const other = await otherHolder();
  const locking = lockFolder(folder, FILES, 30_000);
  await other.kill();
  (await locking).release();
});

test.skipIf(process.platform !== "linux")(
  "a folder whose lock somebody deleted is still in use (needs /proc)",
  async () => {
    const other = await otherHolder();
    rmSync(join(folder, FILES.lock));
    await expect(lockFolder(folder, FILES, 0)).rejects.toMatchObject({ holder: { processId: other.pid } });
    await other.kill();
  },
);

test("a number that another program has by now says nothing", async () => {
  writeFileSync(join(folder, FILES.keptOpen), "");
  const holder = { processId: process.ppid, startedUtc: "2026-01-01T00:00:00.000Z" };
  writeFileSync(join(folder, FILES.holder), JSON.stringify(holder));
  (await lockFolder(folder, FILES, 0)).release();
});

test("a holder's file that says nothing is no reason to refuse", async () => {
  writeFileSync(join(folder, FILES.holder), "{");
  const lock = await lockFolder(folder, FILES, 0);
  writeFileSync(join(folder, FILES.holder), "{");
  await expect(lockFolder(folder, FILES, 0)).rejects.toMatchObject({ holder: null });
  lock.release();
});
