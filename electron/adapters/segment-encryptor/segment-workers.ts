import { Worker } from "node:worker_threads";
import { ABORTED, portFailed, type PortOutcome } from "../../export-pipeline/ports/port-call.ts";
import type { SpooledSegment } from "../../export-pipeline/ports/segment-spool.ts";
import { PROXY_VARIABLES } from "../proxy/proxy-choice.ts";
import type { FromWorker, ToWorker, WorkerTask } from "./worker-messages.ts";

/** Of a thread through which bytes only pass; by itself it would grow to several times that. */
const YOUNG_GENERATION_MB = 12;
/** Ten times what it needs: the less a heap may grow in all, the sooner V8 looks through it: by itself it waits for 100 MB. */
const OLD_GENERATION_MB = 256;

interface Pending {
  readonly onProgress: (bytes: number) => void;
  readonly resolve: (outcome: PortOutcome<SpooledSegment | undefined>) => void;
}

/**
 * One worker thread from the main process's side: tasks with progress and abort. A thread that dies
 * fails its tasks as transient and is replaced at the next one.
 */
export class SegmentWorker {
  readonly #modulePath: string | URL;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | null = null;
  #nextId = 1;
  #bandwidthCap: number | null = null;
  #authorities: readonly string[] = [];

  /** @param modulePath of the built `segment-worker` */
  constructor(modulePath: string | URL) {
    this.#modulePath = modulePath;
  }

  async run(
    task: WorkerTask,
    onProgress: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<PortOutcome<SpooledSegment | undefined>> {
    if (signal.aborted) return ABORTED;
    const id = this.#nextId;
    this.#nextId += 1;
    const worker = this.#ensureWorker();
    const abort = () => worker.postMessage({ kind: "abort", id } satisfies ToWorker);
    signal.addEventListener("abort", abort, { once: true });
    try {
      return await new Promise((resolve) => {
        this.#pending.set(id, { onProgress, resolve });
        worker.postMessage({ kind: "run", id, task } satisfies ToWorker);
      });
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  setBandwidthCap(bytesPerSecond: number | null): void {
    this.#bandwidthCap = bytesPerSecond;
    this.#worker?.postMessage({ kind: "bandwidth-cap", bytesPerSecond } satisfies ToWorker);
  }

  /** @param pems of authorities beside those of the system, for new connections */
  setAuthorities(pems: readonly string[]): void {
    this.#authorities = pems;
    this.#worker?.postMessage({ kind: "authorities", pems } satisfies ToWorker);
  }

  /** What is under way fails as transient, and starts again on new connections. */
  dropConnections(): void {
    this.#worker?.postMessage({ kind: "drop-connections" } satisfies ToWorker);
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #ensureWorker(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(this.#modulePath, {
      env: withoutProxies(process.env),
      resourceLimits: {
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
        maxOldGenerationSizeMb: OLD_GENERATION_MB,
      },
    });
    worker.on("message", (message: FromWorker) => this.#receive(message));
    worker.on("error", (error: unknown) => console.error("The segment worker failed.", error));
    worker.on("exit", () => this.#failAll(worker));
    worker.postMessage({ kind: "authorities", pems: this.#authorities } satisfies ToWorker);
    worker.postMessage({ kind: "bandwidth-cap", bytesPerSecond: this.#bandwidthCap } satisfies ToWorker);
    this.#worker = worker;
    return worker;
  }

  #receive(message: FromWorker): void {
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    if (message.kind === "progress") {
      pending.onProgress(message.bytes);
      return;
    }
    this.#pending.delete(message.id);
    pending.resolve(message.outcome);
  }

  #failAll(worker: Worker): void {
    if (this.#worker === worker) this.#worker = null;
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    for (const { resolve } of lost)
      resolve(
        portFailed("transient", {
          code: "WORKER_ENDED",
          message: "The encrypting thread ended unexpectedly.",
        }),
      );
  }
}

/** Tasks name their proxy. Azure's client would take one from the environment even for this machine itself. */
function withoutProxies(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const proxies = new Set<string>(PROXY_VARIABLES);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !proxies.has(name.toUpperCase())));
}
