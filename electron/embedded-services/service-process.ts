import { createInterface } from "node:readline";
import { utilityProcess, type UtilityProcess } from "electron";
import { END_REQUEST } from "#runtime/process/end-when-asked.ts";
import { parseReadyLine, type ReadyLine } from "#runtime/process/ready-line.ts";
import { formatDuration } from "#shared/words/durations.ts";
import { SERVICE_ENVIRONMENT, SERVICE_SWITCHES } from "./service-node-options.ts";

export interface ServiceProcessOptions {
  readonly name: string;
  readonly modulePath: string;
  /** Given the port of the last run, so that addresses survive a restart. */
  readonly argumentsFor: (port: number) => string[];
  /** Asked for each process anew. */
  readonly environmentOfRun?: () => Readonly<Record<string, string>>;
  readonly onReady: (ready: ReadyLine) => void;
  readonly onLost: () => void;
  /** Each line that it says besides, without its end. */
  readonly onOutput: (line: string) => void;
  /** How long a service may take to end before it is ended. */
  readonly endingPatienceMs?: number;
}

const RESTART_FIRST_MS = 500;
const RESTART_LONGEST_MS = 30_000;
/** A service that ran this long starts anew without a penalty. */
const STEADY_AFTER_MS = 60_000;
/** Of a service that is asked to end: its recorders need four seconds to leave whole files, a running job its step. */
const ENDING_PATIENCE_MS = 12_000;

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

  /** @param port of its first process; 0: any */
  start(port = 0): void {
    this.#port = port;
    this.#startProcess();
  }

  #startProcess(): void {
    const startedMs = performance.now();
    const child = utilityProcess.fork(this.#options.modulePath, this.#options.argumentsFor(this.#port), {
      serviceName: this.#options.name,
      stdio: "pipe",
      execArgv: [...SERVICE_SWITCHES],
      env: { ...process.env, ...SERVICE_ENVIRONMENT, ...this.#options.environmentOfRun?.() },
    });
    this.#child = child;
    if (child.stdout !== null)
      createInterface({ input: child.stdout }).on("line", (line) => this.#read(line));
    if (child.stderr !== null) createInterface({ input: child.stderr }).on("line", this.#options.onOutput);
    child.once("exit", (code) => this.#lost(code, performance.now() - startedMs));
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Asks the service to end, waits for it, and ends it when its time is over. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#restartTimer !== null) clearTimeout(this.#restartTimer);
    const child = this.#child;
    if (child === null) return;
    await new Promise<void>((resolve) => {
      const patience = setTimeout(() => this.#endByForce(child, resolve), this.#endingPatienceMs);
      child.once("exit", () => {
        clearTimeout(patience);
        resolve();
      });
      // One that has just ended by itself takes no message, and its `exit` is on its way.
      child.postMessage(END_REQUEST);
    });
  }

  #endByForce(child: UtilityProcess, gone: () => void): void {
    console.error(
      `${this.#options.name} did not end within ${formatDuration(this.#endingPatienceMs)}; it is ended.`,
    );
    if (!child.kill()) gone();
  }

  get #endingPatienceMs(): number {
    return this.#options.endingPatienceMs ?? ENDING_PATIENCE_MS;
  }

  #read(line: string): void {
    const ready = parseReadyLine(line);
    if (ready === null) {
      this.#options.onOutput(line);
      return;
    }
    this.#port = Number(new URL(ready.listening).port);
    this.#options.onReady(ready);
  }

  #lost(code: number, ranMs: number): void {
    this.#child = null;
    if (this.#stopping) return;
    this.#options.onLost();
    this.#failures = ranMs > STEADY_AFTER_MS ? 1 : this.#failures + 1;
    const pauseMs = Math.min(RESTART_FIRST_MS * 2 ** (this.#failures - 1), RESTART_LONGEST_MS);
    console.error(
      `${this.#options.name} ended with ${code}; it is started again in ${formatDuration(pauseMs)}.`,
    );
    this.#restartTimer = setTimeout(() => this.#startProcess(), pauseMs);
  }
}
