import { fork, type ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { notAvailable, throwingOnLacking } from "./not-available.ts";

interface ForkOptions {
  env?: NodeJS.ProcessEnv;
  execArgv?: string[];
  cwd?: string;
  stdio?: "pipe" | "inherit" | "ignore";
  serviceName?: string;
}

interface UtilityProcessEvents {
  spawn: [];
  exit: [number];
  message: [unknown];
}

const KILLED_AFTER_MS = 2_000;

/** Gives the child `process.parentPort` and ends it with its parent, as Electron does. */
const childSide = new URL("./utility-child.ts", import.meta.url).href;

/** Stand-in for Electron's `UtilityProcess`: a plain Node child. */
class UtilityProcess extends EventEmitter<UtilityProcessEvents> {
  private readonly child: ChildProcess;
  private isEndedFromHere = false;

  constructor(modulePath: string, args: string[], options: ForkOptions) {
    super();
    const stream = options.stdio ?? "inherit";
    this.child = fork(modulePath, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      execArgv: ["--import", childSide, ...(options.execArgv ?? []).flatMap(nodeOptionsOf)],
      serialization: "advanced",
      stdio: ["ignore", stream, stream, "ipc"],
    });
    this.child.on("spawn", () => this.emit("spawn"));
    this.child.on("message", (message) => this.emit("message", message));
    this.child.on("error", (error) => console.error(`${options.serviceName ?? modulePath}:`, error));
    this.child.on("exit", (code, signal) => this.emit("exit", code ?? this.exitCodeOf(signal)));
    return throwingOnLacking("utilityProcess", this);
  }

  /** Undefined before it has started and after it has ended. */
  get pid(): number | undefined {
    const running = this.child.exitCode === null && this.child.signalCode === null;
    return running ? this.child.pid : undefined;
  }
  get stdout(): Readable | null {
    return this.child.stdout;
  }
  get stderr(): Readable | null {
    return this.child.stderr;
  }
  postMessage(message: unknown, transfer: unknown[] = []): void {
    if (transfer.length > 0) throw notAvailable("utilityProcess.postMessage with ports");
    if (!this.child.connected) return;
    // As in Electron, what is said to a child that has just ended goes nowhere.
    this.child.send(message as object, (error) => {
      if (error !== null && !isOfEnded(error)) console.error("A message to a utility process:", error);
    });
  }
  /** As Electron tells it: the number of the signal, but 0 for a child that was ended from here. */
  private exitCodeOf(signal: NodeJS.Signals | null): number {
    return signal === null || this.isEndedFromHere ? 0 : constants.signals[signal];
  }
  /** As Electron's: a signal to end, and two seconds later one that cannot be refused. */
  kill(): boolean {
    this.isEndedFromHere = true;
    const later = setTimeout(() => this.child.kill("SIGKILL"), KILLED_AFTER_MS);
    later.unref();
    this.child.once("exit", () => clearTimeout(later));
    return this.child.kill();
  }
}

function isOfEnded(error: NodeJS.ErrnoException): boolean {
  return ["EPIPE", "ECONNRESET", "ERR_IPC_CHANNEL_CLOSED"].includes(error.code ?? "");
}

/**
 * The arguments of a utility process are switches of Chromium, of which `--js-flags` alone means something to it: an
 * option of Node or V8 by its own name is ignored there, and refused here so that nobody relies on it.
 */
function nodeOptionsOf(word: string): string[] {
  const flags = /^--js-flags=(.*)$/.exec(word)?.[1];
  if (flags === undefined) throw notAvailable(`utilityProcess.fork with execArgv ${word}`);
  return flags.split(" ").filter((flag) => flag !== "");
}

export type { UtilityProcess };

/** Stand-in for Electron's `utilityProcess`. */
export const utilityProcess = throwingOnLacking("utilityProcess", {
  fork: (modulePath: string, args: string[] = [], options: ForkOptions = {}): UtilityProcess =>
    new UtilityProcess(modulePath, args, options),
});
