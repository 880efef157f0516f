/**
 * Assertions that were used, so that one that somebody caught is not good once more. A clock that leaps forward and back
 * forgets none: one goes when its time is over by the clock and more time than the longest one is good for has passed
 * since it was used, counted while this service watched.
 */
import type { Insertable } from "kysely";
import { TimeBetweenChecks } from "./time-between-checks.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { keepSetting } from "../storage/keep-setting.ts";
import type { Metadata, MetadataTransaction, UsedAssertionTable } from "../storage/metadata-tables.ts";
import { Refusal } from "../http/refusal.ts";

/** An assertion is good for an hour and the tolerance between clocks at the most. */
export const KEPT_WATCHED_MS = 70 * 60_000;
/** Of one account in that time: a console needs one an hour. */
export const MOST_OF_ACCOUNT = 10_000;
const RETRY_AFTER_S = 60;
/** Milliseconds that passed while the service watched, over all its runs. */
const WATCHED_SETTING = "watchedMs";

export class UsedAssertions {
  readonly #context: Pick<ServiceContext, "db" | "now">;
  readonly #looks: TimeBetweenChecks;

  constructor(context: Pick<ServiceContext, "db" | "now" | "passedMs">) {
    this.#context = context;
    this.#looks = new TimeBetweenChecks(context.passedMs);
  }

  /** @throws Refusal 401 ASSERTION_REPLAYED, 429 TOO_MANY_TOKENS */
  async add(
    transaction: MetadataTransaction,
    assertion: Omit<Insertable<UsedAssertionTable>, "usedWatchedMs">,
  ): Promise<void> {
    // Rather too late: what has passed since the look may count for less.
    const usedWatchedMs = Math.ceil((await watchedMs(transaction)) + this.#looks.sinceLook());
    const inserted = await transaction
      .insertInto("usedAssertion")
      .values({ ...assertion, usedWatchedMs })
      .onConflict((conflict) => conflict.doNothing())
      .returning("jti")
      .execute();
    if (inserted.length === 0) {
      throw new Refusal("ASSERTION_REPLAYED", "This assertion was used before; sign a new one.");
    }
    await this.#refuseTooMany(transaction, assertion.principalId, usedWatchedMs - KEPT_WATCHED_MS);
  }

  /** None is forgotten to make room: the account waits, and no other one does. */
  async #refuseTooMany(db: MetadataTransaction, principalId: string, sinceMs: number): Promise<void> {
    const { count } = await db
      .selectFrom("usedAssertion")
      .select((e) => e.fn.countAll<number>().as("count"))
      .where("principalId", "=", principalId)
      .where("usedWatchedMs", ">", sinceMs)
      .executeTakeFirstOrThrow();
    if (Number(count) <= MOST_OF_ACCOUNT) return;
    const detail = "The account asked for too many access tokens; use each for as long as it is good.";
    throw new Refusal("TOO_MANY_TOKENS", detail, { retryAfterS: RETRY_AFTER_S });
  }

  /** Another service watches: what passed meanwhile is counted there. */
  onlyLook(): void {
    this.#looks.look();
  }

  /** Counts what has passed, and forgets what can be good no more. Called again and again. */
  async forget(): Promise<void> {
    const passedMs = Math.floor(this.#looks.look());
    const { db, now } = this.#context;
    await db.transaction().execute(async (transaction) => {
      const value = String((await watchedMs(transaction)) + passedMs);
      await keepSetting(transaction, WATCHED_SETTING, value);
      await transaction
        .deleteFrom("usedAssertion")
        .where("usedWatchedMs", "<=", Number(value) - KEPT_WATCHED_MS)
        .where("expiresUtcMs", "<", now())
        .execute();
    });
  }
}

async function watchedMs(db: Metadata | MetadataTransaction): Promise<number> {
  const row = await db
    .selectFrom("setting")
    .select("value")
    .where("name", "=", WATCHED_SETTING)
    .executeTakeFirst();
  const kept = Number(row?.value ?? 0);
  return Number.isFinite(kept) ? kept : 0;
}
