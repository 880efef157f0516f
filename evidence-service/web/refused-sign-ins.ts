/**
 * Wrong passwords in the audit trail: counted, and told once a minute for an account and once for all names that
 * nobody has. Whoever guesses cannot fill the trail.
 */
import { recordAudit } from "../audit/audit-chain.ts";
import type { Metadata } from "../storage/metadata-tables.ts";

const NOBODYS_NAMES = "unknown names";

interface Tries {
  count: number;
  readonly addresses: Set<string>;
}

const MOST_ADDRESSES_COUNTED = 1_000;

export class RefusedSignIns {
  readonly #db: Metadata;
  readonly #now: () => number;
  #tries = new Map<string, Tries>();

  constructor(db: Metadata, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** @param account null where nobody has that name */
  note(account: string | null, address: string): void {
    const subject = account ?? NOBODYS_NAMES;
    const tries = this.#tries.get(subject) ?? { count: 0, addresses: new Set() };
    tries.count += 1;
    if (tries.addresses.size < MOST_ADDRESSES_COUNTED) tries.addresses.add(address);
    this.#tries.set(subject, tries);
  }

  /** Writes what was counted since the last time. */
  async tell(): Promise<void> {
    const told = this.#tries;
    this.#tries = new Map();
    for (const [subject, { count, addresses }] of told) {
      const entry = { atUtcMs: this.#now(), actor: "anonymous", action: "SIGN_IN_REFUSED", subject };
      await recordAudit(this.#db, { ...entry, detail: { tries: count, addresses: addresses.size } });
    }
  }
}
