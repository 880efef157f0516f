/**
 * Wrong passwords: counted, and told once a minute. In the audit trail for an account, and once for all names that nobody
 * has; in a table by network too, for the page of people. Whoever guesses fills neither.
 */
import { appendAudit } from "../audit/audit-chain.ts";
import type { Metadata } from "../storage/metadata-tables.ts";

const NOBODYS_NAMES = "unknown names";

/** Tries by network. */
interface Tries {
  readonly account: string | null;
  count: number;
  readonly ofNetwork: Map<string, number>;
}

const MOST_NETWORKS_COUNTED = 1_000;
/** Of one account in one minute, those with the most tries. */
const MOST_NETWORKS_KEPT = 20;
/** The table is what somebody looks at; what is older stands in the trail. */
const KEPT_MS = 30 * 24 * 3_600_000;

export class RefusedSignIns {
  readonly #db: Metadata;
  readonly #now: () => number;
  #tries = new Map<string, Tries>();

  constructor(db: Metadata, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** @param account null where nobody has that name */
  note(account: string | null, network: string): void {
    const subject = account ?? NOBODYS_NAMES;
    const tries = this.#tries.get(subject) ?? { account, count: 0, ofNetwork: new Map<string, number>() };
    tries.count += 1;
    const before = tries.ofNetwork.get(network);
    if (before !== undefined || tries.ofNetwork.size < MOST_NETWORKS_COUNTED)
      tries.ofNetwork.set(network, (before ?? 0) + 1);
    this.#tries.set(subject, tries);
  }

  /** Writes what was counted since the last time. */
  async tell(): Promise<void> {
    const told = this.#tries;
    this.#tries = new Map();
    for (const [subject, tries] of told) await this.#write(subject, tries);
  }

  /** The same of one account, of which it has to be known now. */
  async tellOf(account: string): Promise<void> {
    const tries = this.#tries.get(account);
    if (tries === undefined) return;
    this.#tries.delete(account);
    await this.#write(account, tries);
  }

  async #write(subject: string, { account, count, ofNetwork }: Tries): Promise<void> {
    const atUtcMs = this.#now();
    const kept = [...ofNetwork].toSorted(([, a], [, b]) => b - a).slice(0, MOST_NETWORKS_KEPT);
    const rows = kept.map(([network, tries]) => ({ atUtcMs, account, network, tries }));
    const entry = { atUtcMs, actor: "anonymous", action: "SIGN_IN_REFUSED", subject };
    await this.#db.transaction().execute(async (transaction) => {
      await transaction
        .deleteFrom("refusedSignIn")
        .where("atUtcMs", "<", atUtcMs - KEPT_MS)
        .execute();
      await transaction.insertInto("refusedSignIn").values(rows).execute();
      await appendAudit(transaction, { ...entry, detail: { tries: count, addresses: ofNetwork.size } });
    });
  }
}
