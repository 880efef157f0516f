/** Brings what is committed from the log into the database, in a thread of its own. */
import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { sql } from "kysely";
import type { Metadata } from "./metadata-tables.ts";

/** Where the thread does not come after, the service does it itself: 64 MB of the log. */
const LOG_MOST_PAGES = 16_000;
const MODULE = join(
  import.meta.dirname,
  import.meta.url.endsWith(".ts") ? "checkpoint-thread.ts" : "checkpoint-thread.js",
);

export class Checkpoints {
  readonly #worker: Worker;
  readonly #ended: Promise<unknown>;

  private constructor(file: string, report: (message: string) => void) {
    this.#worker = new Worker(MODULE, { workerData: { file } });
    this.#worker.unref();
    this.#ended = once(this.#worker, "exit");
    this.#ended.catch((error: unknown) => report(`the thread of the log has ended: ${String(error)}`));
    let wasTold = false;
    this.#worker.on("message", (message: unknown) => {
      if (!wasTold) report(`the log of the database stays longer: ${JSON.stringify(message)}`);
      wasTold = true;
    });
  }

  /** @param file of the database that `db` has open */
  static async start(db: Metadata, file: string, report: (message: string) => void): Promise<Checkpoints> {
    await sql`PRAGMA wal_autocheckpoint = ${sql.lit(LOG_MOST_PAGES)}`.execute(db);
    return new Checkpoints(file, report);
  }

  async close(): Promise<void> {
    // What ends is waited for; otherwise a process that does nothing else ends before it has closed its database.
    this.#worker.ref();
    this.#worker.postMessage("end");
    await this.#ended.catch(() => undefined); // It was reported.
  }
}
