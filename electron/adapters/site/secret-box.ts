import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createDurablyNow } from "#runtime/files/new-file.ts";

/** Electron's safeStorage, as far as it is used. */
export interface SystemKeyring {
  isEncryptionAvailable(): boolean;
  encryptString(plaintext: string): Buffer;
  decryptString(sealed: Buffer): string;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals secrets at rest: with the system's keyring, or, where there is none, with a key in a file that
 * only this user can read — said so in the settings.
 */
export class SecretBox {
  readonly #keyring: SystemKeyring;
  readonly #keyPath: string;

  constructor(keyring: SystemKeyring, consoleFolder: string) {
    this.#keyring = keyring;
    this.#keyPath = join(consoleFolder, "secret.key");
  }

  get usesKeyFile(): boolean {
    return !this.#keyring.isEncryptionAvailable();
  }

  seal(plaintext: string): string {
    if (!this.usesKeyFile) return `keyring:${this.#keyring.encryptString(plaintext).toString("base64")}`;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#fileKey(), nonce);
    const sealed = Buffer.concat([
      nonce,
      cipher.update(plaintext, "utf8"),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return `file:${sealed.toString("base64")}`;
  }

  /** @throws Error when the secret was sealed elsewhere or was changed */
  open(sealed: string): string {
    const [kind, body = ""] = sealed.split(":", 2);
    const bytes = Buffer.from(body, "base64");
    if (kind === "keyring") return this.#keyring.decryptString(bytes);
    const decipher = createDecipheriv("aes-256-gcm", this.#fileKey(), bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([
      decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)),
      decipher.final(),
    ]).toString("utf8");
  }

  #fileKey(): Buffer {
    if (existsSync(this.#keyPath)) return readFileSync(this.#keyPath);
    const key = randomBytes(KEY_BYTES);
    // What is sealed outlives a power cut, so the key must.
    createDurablyNow(this.#keyPath, key);
    return key;
  }
}
