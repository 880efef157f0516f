import type { ServiceContext } from "../context/service-context.ts";
import { wrappedAnew } from "../decryption/content-key.ts";
import type { RingKey } from "../site/key-ring.ts";

type Parts = Pick<ServiceContext, "db" | "keys">;

/** Keys from before of which the service could open something. */
const othersThan = ({ keys }: Parts, target: RingKey): string[] =>
  keys
    .all("content")
    .filter((key) => key !== target)
    .map(({ keyId }) => keyId);

/** Whether an app's secret is wrapped for another key that is held. */
export async function hasAppSecretsOfOthers(parts: Parts, target: RingKey): Promise<boolean> {
  const others = othersThan(parts, target);
  if (others.length === 0) return false;
  const row = await parts.db
    .selectFrom("authenticatorApp")
    .select("username")
    .where("keyId", "in", others)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Wraps the secrets of people's authenticator apps for the key in use: one for each person, so all at once. One that
 * cannot be opened stays as it is.
 */
export async function rewrapAppSecrets(parts: Parts, target: RingKey): Promise<void> {
  const others = othersThan(parts, target);
  if (others.length === 0) return;
  const { db, keys } = parts;
  const rows = await db.selectFrom("authenticatorApp").selectAll().where("keyId", "in", others).execute();
  for (const { keyId, sealedSecret } of rows) {
    const key = keys.find("content", keyId);
    const anew = key === undefined ? null : wrappedAnew(sealedSecret, key.secret, target.secret);
    if (anew === null) continue;
    // The person may have set another one up meanwhile.
    await db
      .updateTable("authenticatorApp")
      .set({ keyId: target.keyId, sealedSecret: anew })
      .where("sealedSecret", "=", sealedSecret)
      .execute();
  }
}
