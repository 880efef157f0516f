import { spawn, type ChildProcess } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";

const register = new URL("./register.ts", import.meta.url).href;
const program = fileURLToPath(new URL("./sample-program/main.ts", import.meta.url));

/** Starts the sample program on the stand-in, without a window. */
export function spawnSample(userData: string): ChildProcess {
  return spawn(process.execPath, ["--import", register, program], {
    env: {
      ...process.env,
      SAMPLE_USER_DATA: userData,
      EVIDENCE_DESK_HEADLESS: "1",
      EVIDENCE_DESK_DEBUGGING_PORT: "0",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** The sample program as a test sees it: its page, and what it has observed so far. */
export class RunningSample {
  readonly child: ChildProcess;
  private readonly seen: { name: string; value: unknown }[] = [];
  private readonly lines = new EventEmitter<{ line: [] }>();
  private address: string | undefined;

  constructor(userData: string) {
    this.child = spawnSample(userData);
    if (this.child.stdout) createInterface(this.child.stdout).on("line", (line) => this.take(line));
  }

  private take(line: string): void {
    const event = /^event (\S+) (.*)$/.exec(line);
    if (event) this.seen.push({ name: event[1] ?? "", value: JSON.parse(event[2] ?? "null") });
    this.address ??= /^Chromium shell ready .*attach to (\S+)$/.exec(line)?.[1];
    this.lines.emit("line");
  }

  get observed(): string[] {
    return this.seen.map(({ name }) => name);
  }

  /** @returns the value of the first event of this name, as soon as it has been seen */
  async waitFor(name: string): Promise<unknown> {
    for (;;) {
      const found = this.seen.find((event) => event.name === name);
      if (found) return found.value;
      await once(this.lines, "line");
    }
  }

  async attach(): Promise<{ browser: Browser; page: Page }> {
    while (this.address === undefined) await once(this.lines, "line");
    const browser = await chromium.connectOverCDP(this.address);
    const page = browser.contexts()[0]?.pages()[0];
    if (!page) throw new Error("The shell has no page.");
    return { browser, page };
  }

  /** @returns exit code and signal; waits for the end if need be */
  async ended(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    const { child } = this;
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    return { code: child.exitCode, signal: child.signalCode };
  }
}
