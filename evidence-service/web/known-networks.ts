/** From where somebody has signed in before; a new place after many wrong passwords is told of. */
import { appendAudit } from "../audit/audit-chain.ts";
import type { MetadataTransaction } from "../storage/metadata-tables.ts";

const DAY_MS = 24 * 3_600_000;
const KNOWN_FOR_MS = 400 * DAY_MS;
/** Wrong passwords of a day that are more than a slip. */
const MANY_TRIES = 5;

interface SignedIn {
  readonly username: string;
  /** See `client-network.ts`. */
  readonly network: string;
}

/** Keeps where a person signs in from, within the transaction that signs them in, and tells where that is suspicious. */
export async function noteNetwork(
  transaction: MetadataTransaction,
  { username, network }: SignedIn,
  atUtcMs: number,
): Promise<void> {
  const known = await transaction
    .selectFrom("knownNetwork")
    .select("seenUtcMs")
    .where("username", "=", username)
    .where("network", "=", network)
    .executeTakeFirst();
  await transaction
    .deleteFrom("knownNetwork")
    .where("username", "=", username)
    .where("seenUtcMs", "<", atUtcMs - KNOWN_FOR_MS)
    .execute();
  await transaction
    .insertInto("knownNetwork")
    .values({ username, network, seenUtcMs: atUtcMs })
    .onConflict((conflict) => conflict.columns(["username", "network"]).doUpdateSet({ seenUtcMs: atUtcMs }))
    .execute();
  if (known !== undefined) return;
  const tries = await triesOfADay(transaction, username, atUtcMs);
  if (tries < MANY_TRIES) return;
  const entry = { atUtcMs, actor: `user:${username}`, action: "SIGNED_IN_AFTER_REFUSALS", subject: username };
  await appendAudit(transaction, { ...entry, detail: { tries } });
}

async function triesOfADay(
  transaction: MetadataTransaction,
  username: string,
  atUtcMs: number,
): Promise<number> {
  const row = await transaction
    .selectFrom("refusedSignIn")
    .select(({ fn }) => fn.sum<number | null>("tries").as("tries"))
    .where("account", "=", username)
    .where("atUtcMs", ">", atUtcMs - DAY_MS)
    .executeTakeFirst();
  return Number(row?.tries ?? 0);
}
