import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";

/** The key with which whoever publishes this program signs updates of it. */
export interface PublisherKey {
  readonly key: KeyObject;
  /** SHA-256 of its SubjectPublicKeyInfo (DER), lower-case hex. */
  readonly keyId: string;
}

/**
 * Reads the public key that a program carries (PEM, Ed25519, RFC 8410).
 * @returns null where there is no such file: updates cannot be judged then
 * @throws Error for a file that is no such key: the program was built wrongly
 */
export function readPublisherKey(path: string): PublisherKey | null {
  return existsSync(path) ? publisherKeyOf(readFileSync(path, "utf8")) : null;
}

export function publisherKeyOf(pem: string): PublisherKey {
  const key = createPublicKey(pem);
  if (key.asymmetricKeyType !== "ed25519") throw new Error("The publisher's key is not an Ed25519 key.");
  const keyId = createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("hex");
  return { key, keyId };
}
