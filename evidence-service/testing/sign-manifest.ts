/** A console's device key and manifest, written for the tests alone. */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import type { CurrentManifest, CurrentSentSegment, Manifest } from "#shared/manifest/manifest.ts";
import { manifestText, signedManifestText, type SignedManifest } from "#shared/manifest/signed-manifest.ts";

export class TestDevice {
  readonly #privateKey;
  readonly publicKey: string;
  readonly keyId: string;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const raw = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
    this.#privateKey = privateKey;
    this.publicKey = raw.toString("base64");
    this.keyId = createHash("sha256").update(raw).digest("hex");
  }

  /** The body that registers the key. */
  registration() {
    return { KeyId: this.keyId, Algorithm: "Ed25519", PublicKey: this.publicKey, Name: "Test site" };
  }

  signed(manifest: Manifest): SignedManifest {
    const value = sign(null, Buffer.from(manifestText(manifest)), this.#privateKey).toString("base64");
    const { keyId, publicKey } = this;
    return { manifest, signature: { algorithm: "Ed25519", keyId, publicKey, value } };
  }

  text(manifest: Manifest): string {
    return signedManifestText(this.signed(manifest));
  }
}

/** A manifest of one camera, whose parts follow each other without a gap. */
export function manifestOf(
  evidenceId: string,
  cameraId: string,
  range: { startUtcMs: number; endUtcMs: number },
  segments: readonly CurrentSentSegment[],
): CurrentManifest {
  const askedMs = range.endUtcMs - range.startUtcMs;
  return {
    version: 4,
    exportId: "export-1",
    cameraExportId: "camera-export-1",
    evidenceId,
    account: { id: "city@there", name: "City" },
    asked: { by: "operator", atUtcMs: range.endUtcMs, range },
    site: {
      name: "Test site",
      timeZone: "Europe/Berlin",
      utcOffsetMinutes: { atStart: 60, atEnd: 60 },
    },
    camera: { id: cameraId, name: "North", area: null },
    segments: [...segments],
    coverage: { askedMs, recordedMs: askedMs, missingMs: 0, sentMs: askedMs },
    serviceClock: null,
    software: { name: "Test", version: "0.0.0" },
  };
}
