import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { endLeftoverRecorders } from "./leftover-recorders.ts";

let dir: string;
const started: ChildProcess[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-leftover-"));
  await mkdir(join(dir, "footage", "door"), { recursive: true });
});

afterEach(async () => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  await rm(dir, { recursive: true, force: true });
});

/** A process that does nothing and has these words in its command line. */
async function idle(...words: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["-e", "console.log(1); setInterval(() => {}, 1e6)", ...words]);
  started.push(child);
  await once(child.stdout, "data");
  return child;
}

const record = (session: string, content: unknown): Promise<void> =>
  writeFile(join(dir, "footage", "door", `recorder-${session}.json`), JSON.stringify(content));

test("a recorder on record that still writes to its session's folder is ended", async () => {
  const folder = join(dir, "footage", "door", "0000000000001");
  const child = await idle(join(folder, "list.m3u8"));
  const gone = once(child, "exit");
  await record("0000000000001", { pid: child.pid, folder });
  expect(await endLeftoverRecorders(dir)).toEqual([child.pid]);
  await gone;
  expect(await readdir(join(dir, "footage", "door"))).toHaveLength(0);
});

test("a process that only has the same id is left alone", async () => {
  const other = await idle("something else");
  await record("0000000000002", { pid: other.pid, folder: join(dir, "footage", "door", "0000000000002") });
  await writeFile(join(dir, "footage", "door", "recorder-0000000000003.json"), "{torn");
  expect(await endLeftoverRecorders(dir)).toEqual([]);
  expect(other.exitCode).toBeNull();
  expect(other.signalCode).toBeNull();
});
