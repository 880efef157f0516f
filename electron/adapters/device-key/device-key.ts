import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";
import { z } from "zod";
import type { ManifestSignature } from "#shared/manifest/signed-manifest.ts";
import type { DeviceKey } from "../../export-pipeline/ports/manifest-signer.ts";
import type { SecretBox } from "../site/secret-box.ts";
import type { SettingsStore } from "../site/settings-store.ts";

const SETTING = "device-key";
const storedKeySchema = z.object({ sealedPrivateKey: z.string() }).nullable();

/**
 * The Ed25519 key (RFC 8032) with which this console signs manifests. Made at its first use; the private part
 * is kept sealed and never leaves the console.
 */
export class SealedDeviceKey {
  readonly #settings: SettingsStore;
  readonly #secrets: SecretBox;
  #opened: { readonly privateKey: KeyObject; readonly key: DeviceKey } | null = null;

  constructor(settings: SettingsStore, secrets: SecretBox) {
    this.#settings = settings;
    this.#secrets = secrets;
  }

  key(): DeviceKey {
    return this.#open().key;
  }

  sign(text: string): ManifestSignature {
    const { privateKey, key } = this.#open();
    return { ...key, value: sign(null, Buffer.from(text, "utf8"), privateKey).toString("base64") };
  }

  #open() {
    if (this.#opened === null) {
      const privateKey = this.#stored() ?? this.#make();
      this.#opened = { privateKey, key: publicPartOf(privateKey) };
    }
    return this.#opened;
  }

  /** A keyring that lost its secret must not stop evidence: a new key is made, and registered like the first. */
  #stored(): KeyObject | null {
    const stored = this.#settings.read(SETTING, storedKeySchema, null);
    if (stored === null) return null;
    try {
      return createPrivateKey(this.#secrets.open(stored.sealedPrivateKey));
    } catch (error) {
      console.error("The device key cannot be unsealed. A new one is made.", error);
      return null;
    }
  }

  #make(): KeyObject {
    const { privateKey } = generateKeyPairSync("ed25519");
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    this.#settings.write(SETTING, { sealedPrivateKey: this.#secrets.seal(pem) });
    return privateKey;
  }
}

function publicPartOf(privateKey: KeyObject): DeviceKey {
  const raw = Buffer.from(createPublicKey(privateKey).export({ format: "jwk" }).x ?? "", "base64url");
  return {
    algorithm: "Ed25519",
    keyId: createHash("sha256").update(raw).digest("hex"),
    publicKey: raw.toString("base64"),
  };
}
