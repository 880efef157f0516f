/** The keys of service accounts. While one is replaced by another both are good, so that nobody is kept out by that. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Metadata, MetadataTransaction } from "./metadata-tables.ts";

const rsaSchema = z.object({ e: z.string(), kty: z.literal("RSA"), n: z.string() });

/** @param publicJwkJson an RSA key as a JSON Web Key @throws ZodError, SyntaxError for anything else */
export function accountKeyIdOf(publicJwkJson: string): string {
  const { e, kty, n } = rsaSchema.parse(JSON.parse(publicJwkJson));
  return createHash("sha256").update(JSON.stringify({ e, kty, n })).digest("base64url");
}

/** Oldest first. */
export function keysOfAccount(db: Metadata | MetadataTransaction, principalId: string) {
  return db
    .selectFrom("accountKey")
    .selectAll()
    .where("principalId", "=", principalId)
    .orderBy("createdUtcMs", (order) => order.asc().nullsFirst())
    .orderBy("keyId")
    .execute();
}

interface NewAccountKey {
  readonly principalId: string;
  readonly publicJwkJson: string;
  readonly createdUtcMs: number;
  readonly createdBy: string;
}

/** @returns the id of the key */
export async function enterAccountKey(transaction: MetadataTransaction, key: NewAccountKey): Promise<string> {
  const keyId = accountKeyIdOf(key.publicJwkJson);
  await transaction
    .insertInto("accountKey")
    .values({ ...key, keyId, latestUseUtcMs: null })
    .execute();
  return keyId;
}

/** Accounts from before there could be several keys go on with the one that they have. */
export async function enterFirstKeys(transaction: MetadataTransaction): Promise<void> {
  const accounts = await transaction
    .selectFrom("serviceAccount")
    .leftJoin("accountKey", "accountKey.principalId", "serviceAccount.principalId")
    .select(["serviceAccount.principalId", "serviceAccount.publicJwkJson"])
    .where("keyId", "is", null)
    .execute();
  for (const { principalId, publicJwkJson } of accounts) {
    const keyId = accountKeyIdOf(publicJwkJson);
    await transaction
      .insertInto("accountKey")
      .values({
        principalId,
        keyId,
        publicJwkJson,
        createdUtcMs: null,
        createdBy: null,
        latestUseUtcMs: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}
