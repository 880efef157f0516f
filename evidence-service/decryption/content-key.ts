/** Content keys as Azure's client-side encryption wraps them (RSA-OAEP with SHA-1). */
import { constants, createPublicKey, privateDecrypt, publicEncrypt, type KeyObject } from "node:crypto";
import { type EncryptionData, isInRegions } from "#shared/clearance-api/encryption.ts";

const KEY_BYTES = 32;
/** Protocol 2.0 wraps its version, zero-padded to 8 bytes, before the key: nobody can downgrade it. */
const VERSION_PREFIX = Buffer.from("2.0\0\0\0\0\0", "latin1");

/** To undo a wrapping takes a millisecond of the one thread that answers, and each piece of a video asks for it. */
const KEPT_MOST = 1_000;
const keptOf = new WeakMap<KeyObject, Map<string, Buffer>>();

/** Undoes it once for the files that are read again and again. */
function unwrappedOnce(privateKey: KeyObject, wrapped: string): Buffer | null {
  const kept = keptOf.get(privateKey) ?? new Map<string, Buffer>();
  keptOf.set(privateKey, kept);
  const known = kept.get(wrapped);
  const unwrapped = known ?? decryptOaep(privateKey, Buffer.from(wrapped, "base64"));
  if (unwrapped === null) return null;
  kept.delete(wrapped);
  kept.set(wrapped, unwrapped);
  const [leastRecent] = kept.keys();
  if (kept.size > KEPT_MOST && leastRecent !== undefined) kept.delete(leastRecent);
  return unwrapped;
}

/** @returns the AES-256 key, or null when it was not wrapped for this key or in this way */
export function unwrapContentKey(privateKey: KeyObject, encryption: EncryptionData): Buffer | null {
  const unwrapped = unwrappedOnce(privateKey, encryption.WrappedContentKey.EncryptedKey);
  if (unwrapped === null) return null;
  if (!isInRegions(encryption)) return unwrapped.length === KEY_BYTES ? unwrapped : null;
  const prefix = unwrapped.subarray(0, VERSION_PREFIX.length);
  const key = unwrapped.subarray(VERSION_PREFIX.length);
  return prefix.equals(VERSION_PREFIX) && key.length === KEY_BYTES ? key : null;
}

/**
 * The same content key for another key, as it is wrapped now: with the version before it, where there is one.
 * @param to the private part of the key that it is wrapped for
 * @returns base64; null when it was not wrapped for the first key
 */
export function wrappedAnew(wrapped: string, from: KeyObject, to: KeyObject): string | null {
  const secret = unwrapSecret(wrapped, from);
  return secret === null ? null : wrapSecret(secret, to);
}

/**
 * Wraps a short secret as content keys are: it is opened again by the private part alone.
 * @param to the private part of the key that it is wrapped for
 * @returns base64
 */
export function wrapSecret(secret: Uint8Array, to: KeyObject): string {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key: publicOf(to), padding, oaepHash: "sha1" }, secret).toString("base64");
}

/** @returns null when it was not wrapped for this key */
export function unwrapSecret(wrapped: string, privateKey: KeyObject): Buffer | null {
  return decryptOaep(privateKey, Buffer.from(wrapped, "base64"));
}

const publicParts = new WeakMap<KeyObject, KeyObject>();

function publicOf(key: KeyObject): KeyObject {
  const known = publicParts.get(key) ?? createPublicKey(key);
  publicParts.set(key, known);
  return known;
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
