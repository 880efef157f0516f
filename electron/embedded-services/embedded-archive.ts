import { randomBytes } from "node:crypto";
import type { ArchiveAddress } from "../adapters/archive-client/archive-client.ts";
import { freePort } from "#runtime/process/free-port.ts";
import { ServiceProcess } from "./service-process.ts";

export interface EmbeddedArchiveOptions {
  readonly modulePath: string;
  readonly folder: string;
  /** What it says at its terminal, line by line. */
  readonly onOutput: (line: string) => void;
  /** Origins of the console's page, which may read playlists. */
  readonly allowedOrigins: readonly string[];
  /** It does not answer any more, or answers again: with another token, and at `origin`, which may be another one too. */
  readonly onAccessChange: (change: { readonly isMoved: boolean }) => void;
}

/** Whoever asks before it takes requests waits so long at most, counted from its start. */
const FIRST_START_MS = 5_000;

/**
 * The archive beside the console, on loopback. Its port is chosen before it starts, so that a page can be told where it
 * will be; each of its processes has a token of its own, so that what somebody heard on the port of a dead one opens nothing.
 */
export class EmbeddedArchive {
  readonly #process: ServiceProcess;
  readonly #onAccessChange: EmbeddedArchiveOptions["onAccessChange"];
  readonly #startedOnce = Promise.withResolvers<void>();
  #token = "";
  #origin: string | null = null;
  #address: ArchiveAddress | null = null;
  #hasAnswered = false;

  constructor(options: EmbeddedArchiveOptions) {
    this.#onAccessChange = options.onAccessChange;
    this.#process = new ServiceProcess({
      name: "archive",
      modulePath: options.modulePath,
      onOutput: options.onOutput,
      argumentsFor: (port) => [
        ...["--dir", options.folder, "--port", String(port), "--or-any-port", "--exit-with-parent"],
        ...options.allowedOrigins.flatMap((origin) => ["--allow-origin", origin]),
      ],
      environmentOfRun: () => {
        this.#token = randomBytes(32).toString("base64url");
        return { EVIDENCE_DESK_ARCHIVE_TOKEN: this.#token };
      },
      onReady: ({ listening }) => this.#isReady(listening),
      onLost: () => {
        this.#address = null;
        this.#startedOnce.resolve();
        this.#onAccessChange({ isMoved: false });
      },
    });
  }

  /** Resolves when `origin` is known, long before it answers. */
  async start(): Promise<void> {
    const port = await freePort();
    this.#origin = `http://127.0.0.1:${port}`;
    this.#process.start(port);
    setTimeout(() => this.#startedOnce.resolve(), FIRST_START_MS).unref();
  }

  /** Null until it has started, and while it is down. */
  get address(): ArchiveAddress | null {
    return this.#address;
  }

  /** Where it is, or will be; null before `start`. It stays the same unless somebody else takes the port. */
  get origin(): string | null {
    return this.#origin;
  }

  /** Resolves once it has answered or failed for the first time, when that takes too long, and when the signal aborts. */
  async firstStart(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const givenUp = new Promise<unknown>((resolve) =>
      signal.addEventListener("abort", resolve, { once: true }),
    );
    await Promise.race([this.#startedOnce.promise, givenUp]);
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }

  #isReady(baseUrl: string): void {
    const isMoved = this.#origin !== baseUrl;
    this.#origin = baseUrl;
    this.#address = { baseUrl, token: this.#token };
    const isAnew = this.#hasAnswered;
    this.#hasAnswered = true;
    this.#startedOnce.resolve();
    if (isMoved || isAnew) this.#onAccessChange({ isMoved });
  }
}
