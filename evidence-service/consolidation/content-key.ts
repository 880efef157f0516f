/** Content keys as Azure's client-side encryption wraps them (RSA-OAEP with SHA-1). */
import { constants, privateDecrypt, type KeyObject } from "node:crypto";
import type { EncryptionData } from "#shared/clearance-api/encryption.ts";

const KEY_BYTES = 32;
/** Protocol 2.0 wraps its version, zero-padded to 8 bytes, before the key: nobody can downgrade it. */
const VERSION_PREFIX = Buffer.from("2.0\0\0\0\0\0", "latin1");

/** @returns the AES-256 key, or null when it was not wrapped for this key or in this way */
export function unwrapContentKey(privateKey: KeyObject, encryption: EncryptionData): Buffer | null {
  const unwrapped = decryptOaep(privateKey, Buffer.from(encryption.WrappedContentKey.EncryptedKey, "base64"));
  if (unwrapped === null) return null;
  if (encryption.EncryptionMode === "FullBlob") return unwrapped.length === KEY_BYTES ? unwrapped : null;
  const prefix = unwrapped.subarray(0, VERSION_PREFIX.length);
  const key = unwrapped.subarray(VERSION_PREFIX.length);
  return prefix.equals(VERSION_PREFIX) && key.length === KEY_BYTES ? key : null;
}

function decryptOaep(privateKey: KeyObject, wrapped: Buffer): Buffer | null {
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    return privateDecrypt({ key: privateKey, padding, oaepHash: "sha1" }, wrapped);
  } catch {
    // Any failure means the same to the caller: these bytes are not a key wrapped for us.
    return null;
  }
}
