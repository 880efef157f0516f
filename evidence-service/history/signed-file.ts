/**
 * A file that is signed by the key that signs the audit trail's heads: `{"NAME":SIGNED,"signature":{…}}`, canonical as a whole
 * (members by name, no spaces). What is signed is the SHA-256 of the signed part, in hexadecimal digits: an exported trail may be
 * longer than what fits into memory. docs/guides/verify-audit.md checks it with openssl.
 */
import { createHash, createPublicKey, type KeyObject, sign } from "node:crypto";
import { sortedJson } from "../audit/audit-chain.ts";
import type { ServiceContext } from "../context/service-context.ts";

/** Of SubjectPublicKeyInfo, before the 32 bytes of an Ed25519 key (RFC 8410). */
const KEY_PREFIX_BYTES = 12;

/** @param parts the text of the signed part, in canonical form, piece by piece */
export async function* signedFile(
  { keys }: Pick<ServiceContext, "keys">,
  name: "audit" | "receipt",
  parts: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string> {
  const hash = createHash("sha256");
  yield `{"${name}":`;
  for await (const text of parts) {
    hash.update(text);
    yield text;
  }
  const { keyId, secret } = keys.current("audit");
  const value = sign(null, Buffer.from(hash.digest("hex")), secret).toString("base64");
  const publicKey = rawPublicKey(secret).toString("base64");
  yield `,"signature":${sortedJson({ algorithm: "Ed25519", digest: "SHA-256", keyId, publicKey, value })}}`;
}

function rawPublicKey(secret: KeyObject): Buffer {
  return createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(KEY_PREFIX_BYTES);
}
