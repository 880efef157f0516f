/** What the log says of the two things that a service leans on, its database and its store: when one is away, and back. */
import type { FastifyBaseLogger } from "fastify";
import { BlobLocked, type BlobStore, BlobsUnreachable } from "../storage/blob-store.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { canBeWorkedWith } from "./database-look.ts";
import { OutageLog } from "./outage-log.ts";
import { StoreOutage } from "./store-outage.ts";

export interface OutagesParts {
  readonly log: Pick<FastifyBaseLogger, "error" | "warn">;
  readonly db: Metadata;
  readonly engine: "sqlite" | "postgres";
  readonly store: Pick<BlobStore, "insistOnAnswer">;
}

export class Outages {
  readonly #database: OutageLog;
  readonly #store: StoreOutage;
  readonly #askDatabase: () => Promise<void>;

  constructor({ log, db, engine, store }: OutagesParts) {
    this.#askDatabase = () => canBeWorkedWith(db, engine);
    this.#database = new OutageLog({ log, ask: this.#askDatabase });
    this.#store = new StoreOutage({
      ...{ log, saysAway: saysStoreAway, ask: () => store.insistOnAnswer() },
      report: (error, message) => this.#database.error(error, message),
    });
  }

  /** @param message what failed */
  error(error: unknown, message: string): void {
    if (saysStoreAway(error)) this.#store.failed(error);
    else this.#database.error(error, message);
  }

  /** A connection that nobody was using was lost. */
  lost(message: string): void {
    this.#database.lost(message);
  }

  /**
   * To be called every few seconds. A store asks rows as well: while the database is away nobody knows how it is.
   * @throws MetadataUnreachable
   */
  async lookAtStore(): Promise<void> {
    await this.#askDatabase();
    this.#store.look();
  }

  /** Nothing is asked any more. */
  close(): void {
    this.#database.close();
    this.#store.close();
  }
}

/** A lock is the store's answer, and passes by no return of it. */
function saysStoreAway(error: unknown): boolean {
  return error instanceof BlobsUnreachable && !(error instanceof BlobLocked);
}
