import type { Metadata } from "../storage/metadata-tables.ts";
import { type AuditEntry, recordAudit } from "./audit-chain.ts";

/** Of those that are remembered; the one that is oldest is forgotten first, and is an entry more. */
const REMEMBERED_MAX = 10_000;

interface Reading {
  readonly atMs: number;
  readonly written: Promise<void>;
}

export interface ReadingsParts {
  readonly db: Metadata;
  readonly now: () => number;
  /** Milliseconds that nobody can set: a clock that is set back must not hide a reading. */
  readonly passedMs: () => number;
  /** Whoever reads the same again within it has read it once. */
  readonly windowMs: number;
}

/** Entries of what was read, so that pages and programs that ask again and again do not fill the audit trail. */
export class Readings {
  readonly #parts: ReadingsParts;
  readonly #latest = new Map<string, Reading>();

  constructor(parts: ReadingsParts) {
    this.#parts = parts;
  }

  /** Resolves when the reading, or the same one a while ago, is written down. */
  async record(entry: Omit<AuditEntry, "atUtcMs">): Promise<void> {
    const key = JSON.stringify(entry);
    const nowMs = this.#parts.passedMs();
    const before = this.#latest.get(key);
    if (before !== undefined && nowMs - before.atMs < this.#parts.windowMs) return before.written;
    const written = recordAudit(this.#parts.db, { ...entry, atUtcMs: this.#parts.now() });
    this.#remember(key, { atMs: nowMs, written });
    try {
      await written;
    } catch (error) {
      if (this.#latest.get(key)?.written === written) this.#latest.delete(key);
      throw error;
    }
  }

  #remember(key: string, reading: Reading): void {
    this.#latest.delete(key);
    this.#latest.set(key, reading);
    const [oldest] = this.#latest.keys();
    if (this.#latest.size > REMEMBERED_MAX && oldest !== undefined) this.#latest.delete(oldest);
  }
}
