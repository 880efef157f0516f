import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SecretBox, type SystemKeyring } from "./secret-box.ts";

const SECRET = "the account's private key: ключ 🔑";
const NO_KEYRING: SystemKeyring = {
  isEncryptionAvailable: () => false,
  encryptString: () => {
    throw new Error("There is no keyring.");
  },
  decryptString: () => {
    throw new Error("There is no keyring.");
  },
};

/** Turns the bytes around: enough to tell what went through it. */
const KEYRING: SystemKeyring = {
  isEncryptionAvailable: () => true,
  encryptString: (plaintext) => Buffer.from(plaintext).reverse(),
  decryptString: (sealed) => Buffer.from(sealed).reverse().toString(),
};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "site-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe("with the system's keyring", () => {
  test("a secret comes back, and no key lies in a file", async () => {
    const box = new SecretBox(KEYRING, folder);
    expect(box.usesKeyFile).toBe(false);
    const sealed = box.seal(SECRET);
    expect(sealed).toMatch(/^keyring:/);
    expect(box.open(sealed)).toBe(SECRET);
    await expect(stat(join(folder, "secret.key"))).rejects.toThrow("ENOENT");
  });
});

describe("without a keyring", () => {
  test("a secret comes back at the next start, with a key that only this user can read", async () => {
    const box = new SecretBox(NO_KEYRING, folder);
    expect(box.usesKeyFile).toBe(true);
    const sealed = box.seal(SECRET);
    expect(sealed).not.toContain("private key");
    expect((await stat(join(folder, "secret.key"))).mode & 0o777).toBe(0o600);
    expect(new SecretBox(NO_KEYRING, folder).open(sealed)).toBe(SECRET);
  });

  test("the same secret is sealed differently each time", () => {
    const box = new SecretBox(NO_KEYRING, folder);
    expect(box.seal(SECRET)).not.toBe(box.seal(SECRET));
  });

  test("any byte that was changed is noticed", () => {
    const box = new SecretBox(NO_KEYRING, folder);
    const bytes = Buffer.from(box.seal(SECRET).slice("file:".length), "base64");
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => box.open(`file:${changed.toString("base64")}`)).toThrow(/authenticate/);
    }
    expect(() => box.open(`file:${bytes.subarray(0, 20).toString("base64")}`)).toThrow();
  });

  test("another site's key does not open it", async () => {
    const box = new SecretBox(NO_KEYRING, folder);
    const sealed = box.seal(SECRET);
    const key = await readFile(join(folder, "secret.key"));
    await writeFile(join(folder, "secret.key"), Buffer.from(key).reverse());
    expect(() => box.open(sealed)).toThrow(/authenticate/);
  });

  test("what a keyring sealed is not opened with the file's key", () => {
    const sealed = new SecretBox(KEYRING, folder).seal(SECRET);
    expect(() => new SecretBox(NO_KEYRING, folder).open(sealed)).toThrow("There is no keyring.");
  });
});
