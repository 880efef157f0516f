import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { readyLineOf } from "#runtime/process/ready-line.ts";

const PROGRAM = fileURLToPath(new URL("../../evidence-service/main.ts", import.meta.url));
const MAKER = fileURLToPath(new URL("../../dev/demo-site/make-demo-service.ts", import.meta.url));

/** The evidence service in a process of its own, to be killed and started again on the same port. */
export class ServiceProcess {
  readonly dir: string;
  readonly #program: readonly string[];
  #child: ChildProcess | null = null;
  #port = 0;
  connectionFile = "";

  private constructor(dir: string, program: readonly string[]) {
    this.dir = dir;
    this.#program = program;
  }

  /** @param program words for Node, where it is another program than the service's own */
  static async start(dir: string, program: readonly string[] = [PROGRAM]): Promise<ServiceProcess> {
    await promisify(execFile)(process.execPath, [MAKER, "--dir", dir]);
    return ServiceProcess.startMade(dir, program);
  }

  /** Of a folder that is made already. */
  static async startMade(dir: string, program: readonly string[] = [PROGRAM]): Promise<ServiceProcess> {
    const service = new ServiceProcess(dir, program);
    await service.restart();
    return service;
  }

  /** Host and port. */
  get target(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async restart(): Promise<void> {
    const words = [...this.#program, "--dir", this.dir, "--port", String(this.#port)];
    const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
    this.#child = child;
    const ready = await readyLineOf(child, "The service");
    this.#port = Number(new URL(ready.listening).port);
    this.connectionFile = z.string().parse(ready["connectionFile"]);
  }

  async kill(): Promise<void> {
    await this.#endBy("SIGKILL");
  }

  /** As its unit is stopped. */
  async end(): Promise<void> {
    await this.#endBy("SIGTERM");
  }

  async #endBy(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }
}
