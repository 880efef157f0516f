/**
 * Who is alone with a blob while a list of its blocks is made its content. Within a process `BlobLocks` gives the turns;
 * where several services take the blocks of one blob, a row in the database does, since making parts into objects takes
 * longer than a transaction may.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { BlobError } from "./blob-error.ts";

export interface BlobTurn {
  /** Within the transaction that others see. @throws BlobError ServerBusy where the turn was lost */
  readonly stillMine: (transaction: MetadataTransaction) => Promise<void>;
}

export interface BlobTurns {
  /** Waits for a while. @throws BlobError ServerBusy where another service is alone with it for longer */
  alone<T>(blobName: string, work: (turn: BlobTurn) => Promise<T>): Promise<T>;
  /** Within the transaction of a change beside others. @throws BlobError ServerBusy while another one is alone with it */
  check(transaction: MetadataTransaction, blobName: string): Promise<void>;
}

/** Of one process nobody else changes the blobs. */
export const NO_OTHERS: BlobTurns = {
  alone: (_, work) => work({ stillMine: async () => undefined }),
  check: async () => undefined,
};

/** A service that ended in the midst of it has its turn for so long; one that is at it renews it. */
const LEASE_S = 30;
const RENEW_EVERY_MS = 10_000;
const PATIENCE_MS = 10_000;
const TRY_EVERY_MS = 250;

export class BlobTurnsInPostgres implements BlobTurns {
  readonly #db: Metadata;
  readonly #report: (error: unknown, message: string) => void;

  constructor(db: Metadata, report: (error: unknown, message: string) => void) {
    this.#db = db;
    this.#report = report;
  }

  async alone<T>(blobName: string, work: (turn: BlobTurn) => Promise<T>): Promise<T> {
    const holder = randomUUID();
    await this.#take(blobName, holder);
    const renewing = setInterval(() => void this.#renew(blobName, holder), RENEW_EVERY_MS);
    try {
      return await work({ stillMine: (transaction) => this.#stillMine(transaction, blobName, holder) });
    } finally {
      clearInterval(renewing);
      await this.#giveBack(blobName, holder);
    }
  }

  async check(transaction: MetadataTransaction, blobName: string): Promise<void> {
    const { rows } = await sql`
      SELECT 1 FROM "blobTurn" WHERE "blobName" = ${blobName} AND "until" > clock_timestamp()`.execute(
      transaction,
    );
    if (rows.length > 0) throw busy();
  }

  async #take(blobName: string, holder: string): Promise<void> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const { rows } = await sql`
        INSERT INTO "blobTurn" VALUES (${blobName}, ${holder}, clock_timestamp() + make_interval(secs => ${LEASE_S}))
        ON CONFLICT ("blobName") DO UPDATE SET "holder" = excluded."holder", "until" = excluded."until"
        WHERE "blobTurn"."until" <= clock_timestamp()
        RETURNING 1`.execute(this.#db);
      if (rows.length > 0) return;
      if (performance.now() >= until) throw busy();
      await wait(TRY_EVERY_MS);
    }
  }

  async #renew(blobName: string, holder: string): Promise<void> {
    await sql`
      UPDATE "blobTurn" SET "until" = clock_timestamp() + make_interval(secs => ${LEASE_S})
      WHERE "blobName" = ${blobName} AND "holder" = ${holder}`
      .execute(this.#db)
      .catch((error: unknown) => this.#report(error, "a turn to commit blocks cannot be renewed"));
  }

  async #stillMine(transaction: MetadataTransaction, blobName: string, holder: string): Promise<void> {
    const { rows } = await sql`
      SELECT 1 FROM "blobTurn" WHERE "blobName" = ${blobName} AND "holder" = ${holder}`.execute(transaction);
    if (rows.length === 0) throw busy();
  }

  /** What cannot be given back is over with its lease. */
  async #giveBack(blobName: string, holder: string): Promise<void> {
    await sql`DELETE FROM "blobTurn" WHERE "blobName" = ${blobName} AND "holder" = ${holder}`
      .execute(this.#db)
      .catch((error: unknown) => this.#report(error, "a turn to commit blocks cannot be given back"));
  }
}

const busy = (): BlobError =>
  new BlobError("ServerBusy", "Another service makes a list of this file's blocks its content; try again.");
