import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ExportRequest } from "#shared/domain/export-request.ts";
import { EFFECT_LOG_VARIABLE, KILL_POINT_VARIABLE, type KillPoint } from "./effects.ts";

const PROGRAM = fileURLToPath(new URL("./console-without-window.test-process.ts", import.meta.url));

/** What the console without a window is given, as its one argument. */
export interface ConsoleOrder {
  /** Of the console alone: journal, settings, spool. */
  readonly folder: string;
  readonly archive: { readonly baseUrl: string; readonly token: string };
  readonly connectionFile: string;
  readonly request: ExportRequest;
  /** Unless it is false or the journal has the export already. */
  readonly pressesFinish?: boolean;
  readonly segmentMaxMs: number;
  /** Of the spool; a gigabyte where nothing is said. */
  readonly quotaBytes?: number;
  /** Uploads are capped at this until so long after the console's start. */
  readonly cap?: { readonly bytesPerSecond: number; readonly lastsMs: number };
  /** Five seconds where nothing is said: several minutes in a row are longer than most tests' patience. */
  readonly longestPauseMs?: number;
  /** Address of the proxy through which the service is reached; null for a direct connection. */
  readonly proxy: string | null;
}

/** The same order, with everything on the network going through one proxy. */
export function through(proxy: { readonly url: string }, order: ConsoleOrder): ConsoleOrder {
  return { ...order, proxy: proxy.url, archive: { ...order.archive, baseUrl: proxy.url } };
}

export interface ConsoleEnvironment {
  readonly killPoint?: KillPoint;
  readonly effectLog?: string;
  /** Loaded before the program. */
  readonly preload?: URL;
}

export interface ConsolePicture {
  readonly kind: string;
  readonly failure: string | null;
  readonly message: string | null;
  readonly cameraExports: readonly { readonly cameraExportId: string; readonly kind: string }[];
}

interface Told {
  readonly status?: ConsolePicture;
  readonly unlocked?: string;
  readonly woke?: string;
  readonly dismissed?: string;
}

/** A console without a window, in a process of its own. */
export class ConsoleProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #changes = new EventEmitter();
  /** Every line that is no status: bugs and refusals. */
  readonly unexpectedLines: string[] = [];
  readonly pictures: ConsolePicture[] = [];
  /** Why everything was begun anew, each time. */
  readonly wakes: string[] = [];
  readonly #unlocked = new Set<string>();
  #isDismissed = false;

  constructor(order: ConsoleOrder, { killPoint, effectLog, preload }: ConsoleEnvironment = {}) {
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      NODE_COMPILE_CACHE: join(tmpdir(), "evidence-desk-compiled"),
      ...(killPoint && { [KILL_POINT_VARIABLE]: JSON.stringify(killPoint) }),
      ...(effectLog !== undefined && { [EFFECT_LOG_VARIABLE]: effectLog }),
    };
    const stdio = ["ignore", "pipe", "pipe"] as const;
    const words = preload === undefined ? [] : ["--import", preload.href];
    const child = spawn(process.execPath, [...words, PROGRAM, JSON.stringify(order)], {
      env,
      stdio: [...stdio],
    });
    this.#child = child;
    this.#exited = once(child, "exit").then(() => this.#changes.emit("change"));
    if (child.stdout !== null) createInterface(child.stdout).on("line", (line) => this.#read(line));
    child.stderr?.on("data", (text: Buffer) => {
      // Node names the experimental parts that it uses; nothing else is expected.
      if (!/Warning/.test(String(text))) this.unexpectedLines.push(String(text));
    });
  }

  get picture(): ConsolePicture | undefined {
    return this.pictures.at(-1);
  }

  get isGone(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Whether it was ended by SIGKILL. */
  get wasKilled(): boolean {
    return this.#child.signalCode === "SIGKILL";
  }

  /**
   * Until the export has ended in every camera and freed its locks, or the process has ended.
   * @throws Error with what it told last, when that takes longer than `timeoutMs`
   */
  async settled(timeoutMs: number): Promise<void> {
    const signal = AbortSignal.timeout(timeoutMs);
    while (!this.isGone && !this.#hasEnded()) {
      try {
        await once(this.#changes, "change", { signal });
      } catch {
        const last = JSON.stringify(this.picture ?? null);
        throw new Error(`Not ended after ${timeoutMs} ms: ${last} ${this.unexpectedLines.join("\n")}`);
      }
    }
  }

  /** Until a picture of this kind has been told. */
  async showed(kind: string, timeoutMs: number): Promise<void> {
    const signal = AbortSignal.timeout(timeoutMs);
    while (!this.pictures.some((picture) => picture.kind === kind)) {
      await once(this.#changes, "change", { signal });
    }
  }

  /** Cancels the export and takes it off the list. */
  async dismiss(timeoutMs: number): Promise<void> {
    const signal = AbortSignal.timeout(timeoutMs);
    this.#child.kill("SIGUSR2");
    while (!this.#isDismissed) await once(this.#changes, "change", { signal });
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }

  /** Ends it in order; answers its exit code, or the signal that ended it. */
  async stop(): Promise<number | NodeJS.Signals | null> {
    this.#child.kill("SIGTERM");
    await this.#exited;
    return this.#child.exitCode ?? this.#child.signalCode;
  }

  #hasEnded(): boolean {
    const cameraExports = this.picture?.cameraExports ?? [];
    const isDone = cameraExports.every(
      ({ kind, cameraExportId }) =>
        kind === "failed" || (ENDS.has(kind) && this.#unlocked.has(cameraExportId)),
    );
    return cameraExports.length > 0 && isDone;
  }

  #read(line: string): void {
    const told = JSON.parse(line) as Told;
    if (told.woke !== undefined) this.wakes.push(told.woke);
    else if (told.status !== undefined) this.pictures.push(told.status);
    else if (told.unlocked !== undefined) this.#unlocked.add(told.unlocked);
    else if (told.dismissed !== undefined) this.#isDismissed = true;
    else this.unexpectedLines.push(line);
    this.#changes.emit("change");
  }
}

const ENDS: ReadonlySet<string> = new Set(["available", "cancelled"]);
