import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { readyLineOf } from "#runtime/process/ready-line.ts";
import { TOKEN_VARIABLE } from "../command-line.ts";

export const PROGRAM = fileURLToPath(new URL("../main.ts", import.meta.url));
export const TEST_TOKEN = "token-for-tests";

/** An origin that the program is told to allow. */
export const PAGE_ORIGIN = "http://page.example";

export interface ArchiveProgram {
  readonly child: ChildProcess;
  readonly url: string;
  /** Ends the program with a signal and waits until it is gone; answers its exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts the archive as a program of its own and waits for its ready line.
 * @param env added to this process's environment
 */
export async function startProgram(
  dir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ArchiveProgram> {
  const child = spawn(
    process.execPath,
    [PROGRAM, "--dir", dir, "--port", "0", "--allow-origin", PAGE_ORIGIN],
    {
      env: { ...process.env, ...env, [TOKEN_VARIABLE]: TEST_TOKEN },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const exited = once(child, "exit");
  const { listening } = await readyLineOf(child, "The archive");
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  };
  return { child, url: listening, end };
}

/** Asks an archive with the main token. */
export function ask(url: string, path: string, method = "GET", body?: unknown): Promise<Response> {
  const json = body === undefined ? {} : { "content-type": "application/json" };
  return fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${TEST_TOKEN}`, ...json },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** Ids of living processes whose command line names the folder (Linux). */
export async function processesNaming(folder: string): Promise<number[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
  return ids.filter((_id, index) => lines[index]?.includes(folder)).map(Number);
}
