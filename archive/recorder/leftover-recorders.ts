import { execFile } from "node:child_process";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { footageFolder } from "../ground/archive-folder.ts";

const recordSchema = z.object({ pid: z.number().int().positive(), folder: z.string().min(1) });
const RECORD_FILE = /^recorder-\d+\.json$/;

/**
 * Ends recorders that outlived an archive that was killed, where the system did not do so itself. A
 * process is ours only when its id is on record and its command line still names the session's folder.
 * @returns ids of the processes ended
 */
export async function endLeftoverRecorders(dir: string): Promise<number[]> {
  const living = await livingRecorders(dir);
  for (const { pid } of living) process.kill(pid, "SIGKILL");
  for (const path of await recordFiles(dir)) await rm(path, { force: true });
  return living.map(({ pid }) => pid);
}

/** Recorders on record in the folder that are alive. */
export async function livingRecorders(dir: string): Promise<{ pid: number; file: string }[]> {
  const living: { pid: number; file: string }[] = [];
  for (const file of await recordFiles(dir)) {
    const record = recordSchema.safeParse(await readJson(file));
    if (!record.success || !(await commandLineOf(record.data.pid)).includes(record.data.folder)) continue;
    living.push({ pid: record.data.pid, file });
  }
  return living;
}

async function recordFiles(dir: string): Promise<string[]> {
  const cameras = await readdir(footageFolder(dir), { withFileTypes: true }).catch(() => []);
  const files: string[] = [];
  for (const camera of cameras.filter((entry) => entry.isDirectory())) {
    const folder = join(footageFolder(dir), camera.name);
    const names = await readdir(folder);
    files.push(...names.filter((name) => RECORD_FILE.test(name)).map((name) => join(folder, name)));
  }
  return files;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    // A record torn by the crash names no process.
    return null;
  }
}

/** The command line of a process, empty where there is none or the system does not tell. */
async function commandLineOf(pid: number): Promise<string> {
  if (process.platform === "linux") {
    return readFile(`/proc/${pid}/cmdline`, "utf8").then(
      (text) => text.replaceAll("\0", " "),
      () => "",
    );
  }
  if (process.platform === "win32") return "";
  return promisify(execFile)("ps", ["-o", "command=", "-p", String(pid)]).then(
    ({ stdout }) => stdout,
    () => "",
  );
}
