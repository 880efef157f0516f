import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** `curl -T` of every file to a plain server, all at the same time. */
export async function curlAll(paths: readonly string[], url: string): Promise<number> {
  await Promise.all(
    paths.map((path, index) => run("curl", ["-sS", "-f", "-o", "/dev/null", "-T", path, `${url}/${index}`])),
  );
  return await bytesOf(paths);
}

/** `cp` of every file, one after the other. */
export async function copyAll(paths: readonly string[], folder: string): Promise<number> {
  await run("cp", [...paths, folder]);
  return await bytesOf(paths);
}

async function bytesOf(paths: readonly string[]): Promise<number> {
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
