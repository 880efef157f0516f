/** Whether the database can be worked with at this moment, for whoever has no time to wait for it. */
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import type { Metadata } from "../storage/metadata-tables.ts";
import { trailMarkOf } from "../storage/trail-mark.ts";
import { MetadataUnreachable } from "../storage/metadata-unreachable.ts";

/** A balancer gives up after a few seconds. */
const PATIENCE_MS = 2_000;

/** One question at a time, for all who want to know: one that is not answered would keep a connection each. */
export class DatabaseLook {
  readonly #ask: () => Promise<unknown>;
  #asking: Promise<unknown> | null = null;

  /** @param ask throws where the database cannot be worked with */
  constructor(ask: () => Promise<unknown>) {
    this.#ask = ask;
  }

  /** @throws MetadataUnreachable, and what asking throws */
  async look(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = null));
    const patience = new AbortController();
    const { signal } = patience;
    const late = wait(PATIENCE_MS, "late", { ref: false, signal }).catch(() => "over");
    try {
      if ((await Promise.race([this.#asking, late])) === "late") {
        throw new MetadataUnreachable(new Error("It does not answer."));
      }
    } finally {
      patience.abort();
    }
  }
}

/** @throws MetadataUnreachable also where it takes no changes, and connections from before still read it */
export async function canBeWorkedWith(db: Metadata, engine: "sqlite" | "postgres"): Promise<void> {
  if (engine === "sqlite") {
    await sql`select 1`.execute(db);
    return;
  }
  const { rows } = await sql<{ readOnly: boolean }>`
    select current_setting('transaction_read_only') = 'on' as "readOnly"`.execute(db);
  trailMarkOf(db)?.insist();
  if (rows[0]?.readOnly === true) throw new MetadataUnreachable(new Error("It takes no changes."));
}
