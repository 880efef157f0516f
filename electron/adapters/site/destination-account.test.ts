import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { generateKeyPairSync } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parseConnectionFile } from "../clearance-client/connection.ts";
import { DestinationAccount } from "./destination-account.ts";
import { SecretBox } from "./secret-box.ts";
import { SettingsStore } from "./settings-store.ts";

const NO_KEYRING = {
  isEncryptionAvailable: () => false,
  encryptString: () => Buffer.alloc(0),
  decryptString: () => "",
};
const KEY = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

function connectionFile(changes: object = {}): string {
  const addresses = ["http://127.0.0.1:9/"];
  return JSON.stringify({
    DocumentStoreBaseAddresses: addresses,
    SecurityTokenServiceBaseAddresses: addresses,
    KeyStoreBaseAddresses: addresses,
    CaseServiceBaseAddresses: addresses,
    ApiBaseAddresses: addresses,
    ServicePrincipalId: "console",
    ServicePrincipalKey: { ...KEY, kid: "key-1" },
    TenantId: "city",
    ...changes,
  });
}

let folder: string;
let settings: SettingsStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "site-"));
  settings = new SettingsStore(join(folder, "settings.sqlite"));
});

afterEach(() => {
  vi.restoreAllMocks();
  settings.close();
  rmSync(folder, { recursive: true });
});

function account(): DestinationAccount {
  return new DestinationAccount(settings, new SecretBox(NO_KEYRING, folder));
}

describe("where evidence goes", () => {
  test("is the embedded service, once it has started", () => {
    const embedded = account();
    expect(embedded.kind).toBe("embedded");
    expect(embedded.current()).toBeNull();
    const parsed = parseConnectionFile(connectionFile({ TenantId: "embedded" }));
    if (!parsed.ok) throw new Error(parsed.error.message);
    embedded.embeddedIsAt(parsed.value);
    expect(embedded.current()?.connection.tenantId).toBe("embedded");
  });

  test("is an imported account from then on, also at the next start, with its key sealed", () => {
    expect(account().importConnectionFile(connectionFile())).toMatchObject({ ok: true });
    const next = account();
    expect(next.kind).toBe("imported");
    expect(next.current()?.connection).toMatchObject({ tenantId: "city", documents: "http://127.0.0.1:9" });
    expect(JSON.stringify(settings.destination())).not.toContain(KEY.d);
  });

  test.each([
    ["not JSON", "{"],
    ["without a key", connectionFile({ ServicePrincipalKey: undefined })],
    ["that switches encryption off", connectionFile({ DisableEncryption: true })],
  ])("stays as it is after a file %s", (_words, json) => {
    const unchanged = account();
    expect(unchanged.importConnectionFile(json)).toMatchObject({
      ok: false,
      error: { code: "CONNECTION_FILE_INVALID" },
    });
    expect(unchanged.kind).toBe("embedded");
  });

  test("is nowhere, said in the log, when the key that sealed the account is lost; the console starts", () => {
    account().importConnectionFile(connectionFile());
    writeFileSync(join(folder, "secret.key"), Buffer.alloc(32));
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const next = account();
    expect(next.kind).toBe("imported");
    expect(next.current()).toBeNull();
    expect(logged).toHaveBeenCalledOnce();
  });

  test("is checked by asking the service, which may not be there", async () => {
    const away = account();
    expect(await away.check()).toMatchObject({
      reachable: false,
      problem: { code: "DESTINATION_NOT_CONFIGURED" },
    });
    away.importConnectionFile(connectionFile());
    expect(await away.check()).toMatchObject({
      reachable: false,
      problem: { code: "SERVICE_UNREACHABLE" },
    });
  });
});
