import { fork, type ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
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

/** Gives the child `process.parentPort` and ends it with its parent, as Electron does. */
const childSide = new URL("./utility-child.ts", import.meta.url).href;

/** Stand-in for Electron's `UtilityProcess`: a plain Node child. */
class UtilityProcess extends EventEmitter<UtilityProcessEvents> {
  private readonly child: ChildProcess;

  constructor(modulePath: string, args: string[], options: ForkOptions) {
    super();
    const stream = options.stdio ?? "inherit";
    this.child = fork(modulePath, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      execArgv: ["--import", childSide, ...(options.execArgv ?? [])],
      serialization: "advanced",
      stdio: ["ignore", stream, stream, "ipc"],
    });
    this.child.on("spawn", () => this.emit("spawn"));
    this.child.on("message", (message) => this.emit("message", message));
    this.child.on("error", (error) => console.error(`${options.serviceName ?? modulePath}:`, error));
    this.child.on("exit", (code, signal) => this.emit("exit", code ?? (signal === "SIGKILL" ? 9 : 15)));
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
    if (this.child.connected) this.child.send(message as object);
  }
  kill(): boolean {
    return this.child.kill();
  }
}

export type { UtilityProcess };

/** Stand-in for Electron's `utilityProcess`. */
export const utilityProcess = throwingOnLacking("utilityProcess", {
  fork: (modulePath: string, args: string[] = [], options: ForkOptions = {}): UtilityProcess =>
    new UtilityProcess(modulePath, args, options),
});
