import { createHash, generateKeyPairSync, sign } from "node:crypto";
import type { ManifestSigner } from "../ports/manifest-signer.ts";

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const raw = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
const KEY = {
  algorithm: "Ed25519",
  keyId: createHash("sha256").update(raw).digest("hex"),
  publicKey: raw.toString("base64"),
} as const;

/** A signer whose key lives as long as the tests do. */
export function memorySigner(): ManifestSigner {
  return {
    site: { name: "Test site", timeZone: "Europe/Berlin" },
    software: { name: "Evidence Desk", version: "0.0.0" },
    key: () => KEY,
    sign: (text) => ({ ...KEY, value: sign(null, Buffer.from(text), privateKey).toString("base64") }),
  };
}
