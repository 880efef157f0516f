import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { saysMissing } from "#runtime/files/missing-file.ts";
import { createDurablyNow } from "#runtime/files/new-file.ts";
import { cameraKeyFile } from "../ground/archive-folder.ts";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals texts with the archive's own key, so that its index and the files beside the footage hold no password. */
export interface SecretBox {
  seal(text: string): string;
  /** Null where the text was sealed with another key, or was changed. */
  open(sealed: string): string | null;
}

/** The key is made when something is sealed for the first time; only the owner can read it. */
export function secretBox(dir: string): SecretBox {
  return {
    seal(text) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", readKey(dir) ?? makeKey(dir), nonce);
      const bytes = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), bytes]).toString("base64");
    },
    open(sealed) {
      const key = readKey(dir);
      const bytes = Buffer.from(sealed, "base64");
      if (key === null || bytes.length < NONCE_BYTES + TAG_BYTES) return null;
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
      try {
        return Buffer.concat([text, decipher.final()]).toString("utf8");
      } catch {
        // The tag does not fit: another key, or a changed text. Both mean that it cannot be opened.
        return null;
      }
    },
  };
}

function readKey(dir: string): Buffer | null {
  try {
    const key = Buffer.from(readFileSync(cameraKeyFile(dir), "utf8").trim(), "base64");
    return key.length === KEY_BYTES ? key : null;
  } catch (error) {
    if (saysMissing(error)) return null;
    throw error;
  }
}

/** Never replaces a key: what is sealed with it would be lost. */
function makeKey(dir: string): Buffer {
  const key = randomBytes(KEY_BYTES);
  mkdirSync(dir, { recursive: true });
  createDurablyNow(cameraKeyFile(dir), `${key.toString("base64")}\n`);
  return key;
}
