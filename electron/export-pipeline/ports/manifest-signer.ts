import type { ManifestSignature } from "#shared/manifest/signed-manifest.ts";

/** The console's public key, as a manifest's signature names it. */
export type DeviceKey = Pick<ManifestSignature, "algorithm" | "keyId" | "publicKey">;

/** Signs manifests with the key of this console, and knows what they tell about the console itself. */
export interface ManifestSigner {
  readonly site: { readonly name: string; readonly timeZone: string };
  readonly software: { readonly name: string; readonly version: string };
  key(): DeviceKey;
  /** The same text gives the same signature (RFC 8032, 5.1.6). */
  sign(text: string): ManifestSignature;
}
