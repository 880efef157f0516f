/** The content key of a file, whichever of the service's keys opens it: the one it was sent for, or a later one. */
import type { KeyObject } from "node:crypto";
import type { EncryptionData } from "#shared/clearance-api/encryption.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { unwrapContentKey } from "./content-key.ts";

export interface ContentKeys {
  readonly db: Metadata;
  readonly keys: {
    readonly find: (kind: "content", keyId: string) => { readonly secret: KeyObject } | undefined;
  };
}

/** A content key, wrapped, and the key that opens it. */
export interface HeldContentKey {
  readonly encryptedKey: string;
  readonly secret: KeyObject;
}

/** @returns null where no key that is held opens it */
export async function heldContentKey(
  { db, keys }: ContentKeys,
  blobName: string,
  { WrappedContentKey: { KeyId, EncryptedKey } }: EncryptionData,
): Promise<HeldContentKey | null> {
  const sentFor = keys.find("content", KeyId);
  if (sentFor !== undefined) return { encryptedKey: EncryptedKey, secret: sentFor.secret };
  const row = await db
    .selectFrom("contentKey")
    .select(["keyId", "encryptedKey"])
    .where("resourceId", "=", blobName)
    .executeTakeFirst();
  const later = row === undefined ? undefined : keys.find("content", row.keyId);
  const encryptedKey = row?.encryptedKey ?? null;
  return later === undefined || encryptedKey === null ? null : { encryptedKey, secret: later.secret };
}

/** @returns the AES-256 key, or null where nothing that is held opens it */
export async function contentKeyOf(
  files: ContentKeys,
  blobName: string,
  encryption: EncryptionData,
): Promise<Buffer | null> {
  const held = await heldContentKey(files, blobName, encryption);
  if (held === null) return null;
  const WrappedContentKey = { ...encryption.WrappedContentKey, EncryptedKey: held.encryptedKey };
  return unwrapContentKey(held.secret, { ...encryption, WrappedContentKey });
}
