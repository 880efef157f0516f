import { readFile } from "node:fs/promises";
import { z } from "zod";
import { type Connection, parseConnectionFile } from "../adapters/clearance-client/connection.ts";
import { ServiceProcess } from "./service-process.ts";

export interface EmbeddedEvidenceServiceOptions {
  readonly modulePath: string;
  readonly folder: string;
  /** What it says at its terminal, line by line. */
  readonly onOutput: (line: string) => void;
  readonly webAppFolder: string;
  /** PEM of the authorities that it trusts beside the system's, for where it keeps its files. */
  readonly authorityFile: string;
  /** Called each time the service is there, with the account for this console. */
  readonly onConnection: (connection: Connection) => void;
}

const withConnectionFileSchema = z.object({ connectionFile: z.string() });

/** The evidence service beside the console; it writes a connection file like any other account's. */
export class EmbeddedEvidenceService {
  readonly #process: ServiceProcess;
  readonly #onConnection: (connection: Connection) => void;
  #connection: Connection | null = null;

  constructor(options: EmbeddedEvidenceServiceOptions) {
    this.#onConnection = options.onConnection;
    this.#process = new ServiceProcess({
      name: "evidence-service",
      modulePath: options.modulePath,
      onOutput: options.onOutput,
      argumentsFor: (port) => [
        ...["--dir", options.folder, "--port", String(port), "--web-app", options.webAppFolder],
        ...["--authorities", options.authorityFile, "--exit-with-parent"],
      ],
      onReady: (ready) =>
        void this.#connect(withConnectionFileSchema.parse(ready).connectionFile).catch(reportUnreadable),
      onLost: () => undefined,
    });
  }

  start(): void {
    this.#process.start();
  }

  /** Null until it has started once. */
  get connection(): Connection | null {
    return this.#connection;
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }

  async #connect(path: string): Promise<void> {
    const parsed = parseConnectionFile(await readFile(path, "utf8"));
    if (!parsed.ok) throw new Error(parsed.error.message);
    this.#connection = parsed.value;
    this.#onConnection(parsed.value);
  }
}

function reportUnreadable(error: unknown): void {
  console.error("The embedded evidence service's connection file cannot be read.", error);
}
