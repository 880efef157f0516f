import { z } from "zod";
import { canonicalJson } from "./canonical-json.ts";
import { type Manifest, manifestSchema } from "./manifest.ts";

export const manifestSignatureSchema = z.strictObject({
  algorithm: z.literal("Ed25519"),
  /** Lower-case hex of the SHA-256 of the raw public key. */
  keyId: z.string().regex(/^[0-9a-f]{64}$/),
  /** The raw 32 bytes (RFC 8032), base64. */
  publicKey: z.base64().length(44),
  /** The 64 bytes of the signature over the canonical manifest, base64. */
  value: z.base64().length(88),
});
export type ManifestSignature = z.infer<typeof manifestSignatureSchema>;

export const signedManifestSchema = z.strictObject({
  manifest: manifestSchema,
  signature: manifestSignatureSchema,
});
export type SignedManifest = z.infer<typeof signedManifestSchema>;

/** The bytes that are signed, as text. */
export function manifestText(manifest: Manifest): string {
  return canonicalJson(manifest);
}

/**
 * The bytes of the resource, as text: canonical as a whole, so that the signed bytes stand in it as they are,
 * between `{"manifest":` and the last `,"signature":{` — which is how docs/guides/verify.md takes them out.
 */
export function signedManifestText(signed: SignedManifest): string {
  return canonicalJson(signed);
}
