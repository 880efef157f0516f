import { randomBytes } from "node:crypto";
import type { ArchiveAddress } from "../adapters/archive-client/archive-client.ts";
import { ServiceProcess } from "./service-process.ts";

export interface EmbeddedArchiveOptions {
  readonly modulePath: string;
  readonly folder: string;
  /** What it says at its terminal, line by line. */
  readonly onOutput: (line: string) => void;
  /** Origins of the console's page, which may read playlists. */
  readonly allowedOrigins: readonly string[];
}

/** The archive beside the console, on loopback with a token of this run. */
export class EmbeddedArchive {
  readonly #token = randomBytes(32).toString("base64url");
  readonly #process: ServiceProcess;
  readonly #firstReady = Promise.withResolvers<ArchiveAddress>();
  #address: ArchiveAddress | null = null;

  constructor(options: EmbeddedArchiveOptions) {
    this.#process = new ServiceProcess({
      name: "archive",
      modulePath: options.modulePath,
      onOutput: options.onOutput,
      argumentsFor: (port) => [
        ...["--dir", options.folder, "--port", String(port), "--exit-with-parent"],
        ...options.allowedOrigins.flatMap((origin) => ["--allow-origin", origin]),
      ],
      environment: { EVIDENCE_DESK_ARCHIVE_TOKEN: this.#token },
      onReady: ({ listening }) => {
        this.#address = { baseUrl: listening, token: this.#token };
        this.#firstReady.resolve(this.#address);
      },
      onLost: () => {
        this.#address = null;
      },
    });
  }

  start(): void {
    this.#process.start();
  }

  /** Null until it has started, and while it is down. */
  get address(): ArchiveAddress | null {
    return this.#address;
  }

  /** Its origin stays the same over restarts: it takes the same port again. */
  firstReady(): Promise<ArchiveAddress> {
    return this.#firstReady.promise;
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }
}
