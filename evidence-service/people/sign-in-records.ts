/** Where people are signed in: listed, and ended. */
import type { WebSignInRecord } from "#shared/web-api/people.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import { actorOf } from "../http/principal.ts";
import { notFound } from "../http/refusal.ts";
import { isoInstant, isoInstantOrNull } from "../storage/iso-instant.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import type { Change } from "./person-records.ts";

/** A page shows them all; nobody is signed in at more places. */
const MOST_SHOWN = 200;

interface Asked {
  readonly username: string;
  /** The one that asks; null where it is somebody else's. */
  readonly ownId: string | null;
  readonly nowUtcMs: number;
}

/** Those that still work, latest first. */
export async function signInsOf(
  db: Metadata,
  { username, ownId, nowUtcMs }: Asked,
): Promise<WebSignInRecord[]> {
  const rows = await db
    .selectFrom("webSession")
    .selectAll()
    .where("username", "=", username)
    .where("expiresUtcMs", ">", nowUtcMs)
    .orderBy("expiresUtcMs", "desc")
    .limit(MOST_SHOWN)
    .execute();
  return rows.map(({ tokenHash, createdUtcMs, seenUtcMs, expiresUtcMs, network, browser }) => ({
    // The cookie has what this is the hash of, and nobody finds that from it.
    signInId: tokenHash,
    createdUtc: isoInstantOrNull(createdUtcMs),
    seenUtc: isoInstantOrNull(seenUtcMs),
    expiresUtc: isoInstant(expiresUtcMs),
    ...{ network, browser, isThisOne: tokenHash === ownId },
  }));
}

interface Ended {
  readonly username: string;
  /** Null for all of them. */
  readonly signInId: string | null;
  /** Goes on, where all are ended. */
  readonly except?: string | null;
}

/** @throws Refusal 404 where it has ended meanwhile */
export async function endSignIns(
  db: Metadata,
  { username, signInId, except = null }: Ended,
  { principal, atUtcMs }: Change,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const ofPerson = transaction.deleteFrom("webSession").where("username", "=", username);
    const chosen = signInId === null ? ofPerson : ofPerson.where("tokenHash", "=", signInId);
    const { numDeletedRows } = await (
      except === null ? chosen : chosen.where("tokenHash", "!=", except)
    ).executeTakeFirst();
    if (signInId !== null && numDeletedRows === 0n) throw notFound("sign-in");
    await appendAudit(transaction, {
      ...{ atUtcMs, actor: actorOf(principal), action: "SIGN_INS_ENDED", subject: username },
      detail: { count: Number(numDeletedRows) },
    });
  });
}
