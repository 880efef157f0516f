/** What a person has as second factors, and how all of it is taken away. */
import { appendAudit } from "../audit/audit-chain.ts";
import { notFound } from "../http/refusal.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import type { PasskeyTable } from "../storage/factor-tables.ts";
import { passkeysOf } from "./passkeys.ts";
import { recoveryCodesLeft } from "./recovery-codes.ts";

export interface Factors {
  /** Null where no app is in use. */
  readonly app: { readonly createdUtcMs: number; readonly usedUtcMs: number | null } | null;
  /** Oldest first. */
  readonly passkeys: readonly PasskeyTable[];
  readonly recoveryCodesLeft: number;
}

export async function factorsOf(db: Metadata | MetadataTransaction, username: string): Promise<Factors> {
  const app = await db
    .selectFrom("authenticatorApp")
    .select(["createdUtcMs", "usedUtcMs"])
    .where("username", "=", username)
    .where("state", "=", "in use")
    .executeTakeFirst();
  const passkeys = await passkeysOf(db, username);
  return { app: app ?? null, passkeys, recoveryCodesLeft: await recoveryCodesLeft(db, username) };
}

/** Recovery codes stand in for a factor, and are none. */
export const hasFactor = ({ app, passkeys }: Factors): boolean => app !== null || passkeys.length > 0;

/**
 * An administrator takes all of a person's second factors away, with where the person is signed in.
 * @throws Refusal 404 where there is none
 */
export async function resetFactors(
  db: Metadata,
  username: string,
  { actor, atUtcMs }: { readonly actor: string; readonly atUtcMs: number },
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    if (!hasFactor(await factorsOf(transaction, username))) throw notFound("second factor");
    for (const table of [
      "authenticatorApp",
      "passkey",
      "recoveryCode",
      "halfSignIn",
      "webSession",
    ] as const) {
      await transaction.deleteFrom(table).where("username", "=", username).execute();
    }
    await appendAudit(transaction, { atUtcMs, actor, action: "SECOND_FACTOR_RESET", subject: username });
  });
}
