/** The manifest among the files of an evidence: found, decrypted, parsed, its signature checked. */
import { createPublicKey, verify } from "node:crypto";
import { MANIFEST_MIME_TYPE, MANIFEST_NAME } from "#shared/manifest/manifest.ts";
import {
  manifestText,
  type ManifestSignature,
  type SignedManifest,
  signedManifestSchema,
  signedManifestText,
} from "#shared/manifest/signed-manifest.ts";
import { openDecrypted } from "../decryption/open-decrypted.ts";
import { Unreadable } from "../decryption/unreadable.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { keyIdOf } from "../storage/device-key-id.ts";
import type { ResourceRow } from "../storage/metadata-rows.ts";

/** Thousands of parts and gaps fit; more is no manifest. */
const MANIFEST_MAX_BYTES = 16 << 20;

export function isManifest(row: ResourceRow): boolean {
  return row.state === "UserCompleted" && row.mimeType === MANIFEST_MIME_TYPE && row.name === MANIFEST_NAME;
}

/**
 * Reads the manifest that a resource holds.
 * @throws Unreadable MANIFEST_UNREADABLE, MANIFEST_NOT_CANONICAL, KEY_UNREADABLE, TAG_MISMATCH…: its message
 *   says what is wrong
 */
export async function readManifest(context: ServiceContext, row: ResourceRow): Promise<SignedManifest> {
  const source = await openDecrypted(context, row.resourceId, row.lengthBytes);
  if (source.lengthBytes > MANIFEST_MAX_BYTES) throw unreadable("it is too long for a manifest");
  const bytes = await source.read(0, source.lengthBytes);
  const parsed = signedManifestSchema.safeParse(jsonOf(bytes));
  if (!parsed.success) {
    throw unreadable(misfitOf(parsed.error.issues[0]?.path ?? []));
  }
  // Only canonical bytes have one meaning for every reader, people with openssl included.
  if (Buffer.from(signedManifestText(parsed.data)).equals(bytes)) return parsed.data;
  throw new Unreadable("MANIFEST_NOT_CANONICAL", "The manifest is not written in its canonical form.");
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw unreadable("it is not JSON");
  }
}

/** In the manifest's own words: whoever looks into it finds the part by its name. */
function misfitOf([part, field]: readonly PropertyKey[]): string {
  if (part !== "manifest" || typeof field !== "string") return "it does not have the form of a manifest";
  if (field === "version") return "it is of a version that this service does not know";
  return `what it has under "${field}" is not as its version has it`;
}

function unreadable(why: string): Unreadable {
  return new Unreadable("MANIFEST_UNREADABLE", `The manifest cannot be read: ${why}.`);
}

/** What is wrong with a signature, or null. Whose key it is, is another question. */
export function signatureFault({ manifest, signature }: SignedManifest): string | null {
  if (!isCanonicalBase64(signature.publicKey) || !isCanonicalBase64(signature.value)) {
    return "The manifest's signature is not written in its canonical form.";
  }
  if (keyIdOf(signature.publicKey) !== signature.keyId) {
    return "The manifest's key id is not that of the key beside it.";
  }
  const bytes = Buffer.from(manifestText(manifest));
  const isRight = verify(null, bytes, publicKeyOf(signature), Buffer.from(signature.value, "base64"));
  return isRight ? null : "The manifest's signature does not fit its content: one of them was changed.";
}

/** The last digit of base64 has bits that mean nothing; they are zero unless somebody changed them. */
function isCanonicalBase64(text: string): boolean {
  return Buffer.from(text, "base64").toString("base64") === text;
}

function publicKeyOf({ publicKey }: ManifestSignature) {
  const x = Buffer.from(publicKey, "base64").toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}
