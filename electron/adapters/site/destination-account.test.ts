import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { generateKeyPairSync } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ExportAccount } from "#shared/domain/export-status.ts";
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

/** As the administrator's import does once the account was tried. */
function adopted(json: string, into = account()): ExportAccount {
  const file = into.read(json);
  if (!file.ok) throw new Error(file.error.message);
  into.adopt(file.value);
  return file.value.identity;
}

describe("where evidence goes", () => {
  test("is the embedded service, once it has started", () => {
    const embedded = account();
    expect(embedded.kind).toBe("embedded");
    expect(embedded.current()).toBeNull();
    const parsed = parseConnectionFile(connectionFile({ TenantId: "embedded" }));
    if (!parsed.ok) throw new Error(parsed.error.message);
    const told: (string | undefined)[] = [];
    embedded.watchEmbedded(() => told.push(embedded.current()?.connection.tenantId));
    embedded.embeddedIsAt(parsed.value);
    // Who showed that there is none shows it then.
    expect(told).toEqual(["embedded"]);
  });

  test("is an imported account from then on, also at the next start, with its key sealed", () => {
    adopted(connectionFile());
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
    expect(unchanged.read(json)).toMatchObject({
      ok: false,
      error: { code: "CONNECTION_FILE_INVALID" },
    });
    expect(unchanged.kind).toBe("embedded");
  });

  test("is nowhere, said in the log, when the key that sealed the account is lost; the console starts", () => {
    const identity = adopted(connectionFile());
    writeFileSync(join(folder, "secret.key"), Buffer.alloc(32));
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const next = account();
    expect(next.kind).toBe("imported");
    expect(next.current()).toBeNull();
    expect(next.identity()).toEqual(identity);
    expect(logged).toHaveBeenCalledOnce();
  });

  test("is checked by asking the service, which may not be there", async () => {
    const away = account();
    expect(await away.check()).toMatchObject({
      reachable: false,
      problem: { code: "EMBEDDED_SERVICE_STARTING" },
    });
    adopted(connectionFile(), away);
    expect(await away.check()).toMatchObject({
      reachable: false,
      problem: { code: "SERVICE_UNREACHABLE" },
    });
  });
});

describe("an earlier account", () => {
  const city = connectionFile();
  const county = connectionFile({ TenantId: "county" });

  test("is there for the exports that were made for it, also at the next start, and sealed", () => {
    const first = adopted(city);
    const second = adopted(county);
    for (const now of [account(), account()]) {
      expect(now.identity()).toEqual(second);
      expect(now.of(first)?.connection.tenantId).toBe("city");
      expect(now.of(second)?.connection.tenantId).toBe("county");
      expect(now.of(null)?.connection.tenantId).toBe("county");
    }
    const stored = settings.read("kept-accounts", z.unknown(), null);
    expect(JSON.stringify(stored)).toContain("city");
    expect(JSON.stringify(stored)).not.toContain(KEY.d);
  });

  test("is forgotten once no export needs it", () => {
    const first = adopted(city);
    const second = adopted(county);
    const now = account();
    now.keepOnly(new Set([first.accountId, second.accountId]));
    expect(now.of(first)).not.toBeNull();
    now.keepOnly(new Set([second.accountId]));
    expect(now.of(first)).toBeNull();
    expect(now.keptNames()).toEqual([]);
    expect(settings.read("kept-accounts", z.unknown(), null)).toEqual([]);
  });

  test("that becomes the destination again is kept no longer, and its newest file counts", () => {
    const first = adopted(city);
    const now = account();
    now.useEmbedded();
    expect(now.of(first)?.connection.file.ServicePrincipalId).toBe("console");
    expect(adopted(connectionFile({ ServicePrincipalId: "another" }), now)).toEqual(first);
    expect(now.keptNames()).toEqual([]);
    expect(now.of(first)?.connection.file.ServicePrincipalId).toBe("another");
  });

  test("that is the embedded service is reached wherever it listens", () => {
    const now = account();
    const parsed = parseConnectionFile(connectionFile({ TenantId: "beside" }));
    if (!parsed.ok) throw new Error(parsed.error.message);
    now.embeddedIsAt(parsed.value);
    adopted(city, now);
    expect(now.of(now.embedded)?.connection.tenantId).toBe("beside");
    expect(now.keptNames()).toEqual([]);
  });

  test("that is away says why: it starts, cannot be unsealed, is not there any more, or there is none", () => {
    const now = account();
    const code = (made: ExportAccount | null) => {
      const why = now.whyAway(made);
      return why.ok ? "" : `${why.error.kind} ${why.error.code}`;
    };
    expect([code(now.embedded), code(null)]).toEqual(Array(2).fill("transient EMBEDDED_SERVICE_STARTING"));
    const first = adopted(city, now);
    expect(code(first)).toBe("transient ACCOUNT_NOT_READABLE");
    expect(code(now.embedded)).toBe("transient EMBEDDED_SERVICE_STARTING");
    adopted(county, now);
    expect(code(first)).toBe("transient ACCOUNT_AWAY");
  });
});
