/** An account's keys: another one beside those that are good, and one that is good no more. */
import { appendAudit } from "../audit/audit-chain.ts";
import { Refusal } from "../http/refusal.ts";
import { accountKeyIdOf, enterAccountKey, keysOfAccount } from "../storage/account-keys.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { type AccountChange, readAccount } from "./account-records.ts";

/** Who has more of them than are in use at once has lost count of who signs in with what. */
const MOST_KEYS = 3;

/** @throws Refusal 404, 409 TOO_MANY_KEYS */
export async function addKey(
  db: Metadata,
  { principalId, publicJwkJson }: { readonly principalId: string; readonly publicJwkJson: string },
  { actor, atUtcMs }: AccountChange,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const { name } = await readAccount(transaction, principalId);
    const keys = await keysOfAccount(transaction, principalId);
    if (keys.length >= MOST_KEYS)
      throw new Refusal("TOO_MANY_KEYS", `The account has ${keys.length} keys already.`);
    const key = { principalId, publicJwkJson, createdUtcMs: atUtcMs, createdBy: actor };
    const keyId = await enterAccountKey(transaction, key);
    const entry = { atUtcMs, actor, action: "ACCOUNT_KEY_ADDED", subject: principalId };
    await appendAudit(transaction, { ...entry, detail: { name, keyId } });
  });
}

interface RemovedKey {
  readonly principalId: string;
  readonly keyId: string;
  /** The key that the service's folder has a connection file of. */
  readonly keyIdInFolder: string;
}

/**
 * Whoever signed in with it is out from the next request on; a key that is gone already changes nothing.
 * @throws Refusal 404, 409 LAST_KEY, KEY_IN_FOLDER
 */
export async function removeKey(
  db: Metadata,
  { principalId, keyId, keyIdInFolder }: RemovedKey,
  { actor, atUtcMs }: AccountChange,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const { name, publicJwkJson } = await readAccount(transaction, principalId);
    const keys = await keysOfAccount(transaction, principalId);
    if (!keys.some((key) => key.keyId === keyId)) return;
    if (keyId === keyIdInFolder)
      throw new Refusal("KEY_IN_FOLDER", "This key is that of the service's own connection file.");
    const newest = keys.findLast((key) => key.keyId !== keyId);
    if (newest === undefined) throw new Refusal("LAST_KEY", "The account has no other key.");
    await transaction
      .deleteFrom("accountKey")
      .where("principalId", "=", principalId)
      .where("keyId", "=", keyId)
      .execute();
    // A service of a version from before there could be several knows one alone.
    if (accountKeyIdOf(publicJwkJson) === keyId) {
      await transaction
        .updateTable("serviceAccount")
        .set({ publicJwkJson: newest.publicJwkJson })
        .where("principalId", "=", principalId)
        .execute();
    }
    const entry = { atUtcMs, actor, action: "ACCOUNT_KEY_REMOVED", subject: principalId };
    await appendAudit(transaction, { ...entry, detail: { name, keyId } });
  });
}
