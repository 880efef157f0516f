import { createInterface } from "node:readline";
import { utilityProcess, type UtilityProcess } from "electron";
import { z } from "zod";
import { SERVICE_ENVIRONMENT, SERVICE_NODE_OPTIONS } from "./service-node-options.ts";

/** What every embedded service prints, once, as one line of JSON when it takes requests. */
const readyLine = z.looseObject({ listening: z.url() });
export type ReadyLine = z.infer<typeof readyLine>;

export interface ServiceProcessOptions {
  readonly name: string;
  readonly modulePath: string;
  /** Given the port of the last run, so that addresses survive a restart; 0 at first. */
  readonly argumentsFor: (port: number) => string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly onReady: (ready: ReadyLine) => void;
  readonly onLost: () => void;
}

const RESTART_FIRST_MS = 500;
const RESTART_LONGEST_MS = 30_000;
/** A service that ran this long starts anew without a penalty. */
const STEADY_AFTER_MS = 60_000;

/**
 * A service in a process of its own, started again whenever it ends by itself, with growing pauses.
 * It ends with this process: it watches its parent.
 */
export class ServiceProcess {
  readonly #options: ServiceProcessOptions;
  #child: UtilityProcess | null = null;
  #port = 0;
  #failures = 0;
  #stopping = false;
  #restartTimer: NodeJS.Timeout | null = null;

  constructor(options: ServiceProcessOptions) {
    this.#options = options;
  }

  start(): void {
    const startedMs = performance.now();
    const child = utilityProcess.fork(this.#options.modulePath, this.#options.argumentsFor(this.#port), {
      serviceName: this.#options.name,
      stdio: "pipe",
      execArgv: [...SERVICE_NODE_OPTIONS],
      env: { ...process.env, ...SERVICE_ENVIRONMENT, ...this.#options.environment },
    });
    this.#child = child;
    if (child.stdout !== null)
      createInterface({ input: child.stdout }).on("line", (line) => this.#read(line));
    child.stderr?.on("data", (text: Buffer) =>
      process.stderr.write(`[${this.#options.name}] ${text.toString()}`),
    );
    child.once("exit", (code) => this.#lost(code, performance.now() - startedMs));
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#restartTimer !== null) clearTimeout(this.#restartTimer);
    const child = this.#child;
    if (child === null) return;
    await new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
      if (!child.kill()) resolve();
    });
  }

  #read(line: string): void {
    const parsed = readyLine.safeParse(parseJson(line));
    if (!parsed.success) {
      process.stderr.write(`[${this.#options.name}] ${line}\n`);
      return;
    }
    this.#port = Number(new URL(parsed.data.listening).port);
    this.#options.onReady(parsed.data);
  }

  #lost(code: number, ranMs: number): void {
    this.#child = null;
    if (this.#stopping) return;
    this.#options.onLost();
    this.#failures = ranMs > STEADY_AFTER_MS ? 1 : this.#failures + 1;
    const pauseMs = Math.min(RESTART_FIRST_MS * 2 ** (this.#failures - 1), RESTART_LONGEST_MS);
    console.error(`${this.#options.name} ended with ${code}; it is started again in ${pauseMs} ms.`);
    this.#restartTimer = setTimeout(() => this.start(), pauseMs);
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
