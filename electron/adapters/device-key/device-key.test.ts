import { createPublicKey, verify } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SecretBox } from "../site/secret-box.ts";
import { SettingsStore } from "../site/settings-store.ts";
import { SealedDeviceKey } from "./device-key.ts";

const NO_KEYRING = {
  isEncryptionAvailable: () => false,
  encryptString: () => Buffer.alloc(0),
  decryptString: () => "",
};

let folder: string;
let settings: SettingsStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "device-key-"));
  settings = new SettingsStore(join(folder, "settings.sqlite"));
});

afterEach(() => {
  settings.close();
  rmSync(folder, { recursive: true });
});

function deviceKey(): SealedDeviceKey {
  return new SealedDeviceKey(settings, new SecretBox(NO_KEYRING, folder));
}

test("a signature can be checked with the public key, and the same text always has the same", () => {
  const { publicKey, value } = deviceKey().sign("Gewölbe");
  const x = Buffer.from(publicKey, "base64").toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  expect(verify(null, Buffer.from("Gewölbe"), key, Buffer.from(value, "base64"))).toBe(true);
  expect(deviceKey().sign("Gewölbe").value).toBe(value);
});

test("the key stays the same over restarts, and lies nowhere unsealed", () => {
  const first = deviceKey().key();
  expect(deviceKey().key()).toEqual(first);
  const stored = readFileSync(join(folder, "settings.sqlite-wal"), "latin1");
  expect(stored).toContain("sealedPrivateKey");
  expect(stored).not.toContain("PRIVATE KEY");
});

test("a key that cannot be unsealed any more is replaced, and that is logged", () => {
  const first = deviceKey().key();
  settings.write("device-key", { sealedPrivateKey: "file:AAAA" });
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  expect(deviceKey().key()).not.toEqual(first);
  expect(log).toHaveBeenCalledOnce();
  log.mockRestore();
});
