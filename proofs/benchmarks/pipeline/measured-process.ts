import { type ChildProcess, fork, type ForkOptions } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { firstLineOf } from "#runtime/process/ready-line.ts";

/** A process of the bench, named in the report. */
export interface MeasuredProcess {
  readonly name: string;
  readonly child: ChildProcess;
  /** The one line of JSON that it printed when it was ready. */
  readonly ready: Readonly<Record<string, string>>;
  /** Most memory it ever held, in bytes; null where the system does not tell. */
  peakRssBytes(): Promise<number | null>;
  stop(): Promise<void>;
}

/** How Node runs a program. */
export interface RunOptions {
  readonly nodeOptions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a built program in a Node process of its own and waits for its first line, which says that it is ready. */
export async function startProcess(
  name: string,
  path: string,
  words: readonly string[],
  { nodeOptions = [], env = {} }: RunOptions = {},
): Promise<MeasuredProcess> {
  const options: ForkOptions = {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    env: { ...process.env, ...env },
    execArgv: [...nodeOptions],
  };
  const child = fork(path, words, options);
  const ready = z.record(z.string(), z.string()).parse(JSON.parse(await firstLineOf(child, name)));
  return {
    name,
    child,
    ready,
    peakRssBytes: () => peakRssOf(child.pid ?? 0),
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Linux keeps the high-water mark of each process. */
async function peakRssOf(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}
