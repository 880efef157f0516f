import { spawn, type ChildProcess } from "node:child_process";

/** An error as Node and our log write it; the files that a build names may have "Error" in their names. */
export const UNCLEAN = /did not end cleanly|Error(?: \[\w+\])?:/;

/** A program under way, and what it has said. */
export class Started {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number>;
  #said = "";
  #listeners = new Set<() => void>();

  constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (bytes: Buffer) => {
        this.#said += bytes.toString();
        for (const listener of this.#listeners) listener();
      });
    this.#ended = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? 1));
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get said(): string {
    return this.#said;
  }

  /** @returns the exit code */
  ended(): Promise<number> {
    return this.#ended;
  }

  /** @throws Error with what was said, when it ends before */
  async says(pattern: RegExp): Promise<RegExpMatchArray> {
    const heard = new Promise<RegExpMatchArray>((resolve) => {
      const look = () => {
        const match = pattern.exec(this.#said);
        if (match) resolve(match);
      };
      this.#listeners.add(look);
      look();
    });
    const early = this.#ended.then((code) => {
      throw new Error(`It ended with ${code} before it said ${pattern.source}:\n${this.#said}`);
    });
    return await Promise.race([heard, early]);
  }

  /** As Ctrl+C in a terminal, which reaches every program of the command. */
  async interrupt(): Promise<number> {
    process.kill(-this.pid, "SIGINT");
    return await this.#ended;
  }
}

/** Starts a line as a shell does, in a process group of its own, as a terminal gives one to each command. */
export function startLine(line: string, folder: string, env: NodeJS.ProcessEnv): Started {
  const child = spawn("sh", ["-c", line], {
    cwd: folder,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const endGroup = () => process.kill(-(child.pid ?? 0), "SIGKILL");
  process.once("exit", endGroup);
  child.once("close", () => process.off("exit", endGroup));
  return new Started(child);
}
