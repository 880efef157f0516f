import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { NetworkSettings } from "./network-settings.ts";
import { SecretBox } from "./secret-box.ts";
import { SettingsStore } from "./settings-store.ts";

const NO_KEYRING = {
  isEncryptionAvailable: () => false,
  encryptString: () => Buffer.alloc(0),
  decryptString: () => "",
};
const SERVICE = "https://evidence.example/x";

let folder: string;
let settings: SettingsStore;
let changes: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "network-"));
  settings = new SettingsStore(join(folder, "settings.sqlite"));
  changes = 0;
});

afterEach(() => {
  settings.close();
  rmSync(folder, { recursive: true });
});

function network(otherwise: string | null = null): NetworkSettings {
  const secrets = new SecretBox(NO_KEYRING, folder);
  const onChange = () => {
    changes += 1;
  };
  return new NetworkSettings({
    settings,
    secrets,
    authorityFile: join(folder, "authorities.pem"),
    otherwise: async () => otherwise,
    onChange,
  });
}

describe("the proxy", () => {
  test("is the system's until one is chosen, and never for this computer itself", async () => {
    const own = network("http://system.example:8080");
    expect(await own.proxyFor(SERVICE)).toBe("http://system.example:8080");
    expect(own.useProxy({ address: "proxy.example:3128", user: "", password: null })).toMatchObject({
      ok: true,
    });
    expect(await own.proxyFor(SERVICE)).toBe("http://proxy.example:3128");
    expect(await network().proxyFor("http://127.0.0.1:9/x")).toBeNull();
    expect(changes).toBe(1);
  });

  test("is logged on to with what was entered, also at the next start; the password is sealed", async () => {
    network().useProxy({ address: "", user: "DOMAIN\\desk@site", password: "p:/@ß%41" });
    const next = network("http://system.example:8080");
    const url = new URL((await next.proxyFor(SERVICE)) ?? "");
    expect(decodeURIComponent(url.username)).toBe("DOMAIN\\desk@site");
    expect(decodeURIComponent(url.password)).toBe("p:/@ß%41");
    expect(next.proxy).toEqual({ address: null, user: "DOMAIN\\desk@site", hasPassword: true });
    expect(readFileSync(join(folder, "settings.sqlite")).includes("p:/@")).toBe(false);
  });

  test("whose address is typed with a log-on in it is taken apart", async () => {
    const own = network();
    own.useProxy({ address: "http://desk:s%40cret@proxy.example:3128", user: "", password: null });
    expect(own.proxy).toEqual({ address: "http://proxy.example:3128", user: "desk", hasPassword: true });
    expect(await own.proxyFor(SERVICE)).toBe("http://desk:s%40cret@proxy.example:3128/");
    expect(JSON.stringify(settings.read("network", z.unknown(), null))).not.toMatch(/s%40cret|s@cret/);
  });

  test("keeps its password when something else is changed, and loses it with its user", () => {
    const own = network();
    own.useProxy({ address: "proxy.example:3128", user: "desk", password: "secret" });
    own.useProxy({ address: "other.example:3128", user: "desk", password: null });
    expect(own.proxy.hasPassword).toBe(true);
    own.useProxy({ address: "other.example:3128", user: "", password: null });
    expect(own.proxy.hasPassword).toBe(false);
  });

  test("that has a log-on of its own in the environment keeps it", async () => {
    const own = network("http://env:own@proxy.example:3128");
    own.useProxy({ address: "", user: "desk", password: "secret" });
    expect(await own.proxyFor(SERVICE)).toBe("http://env:own@proxy.example:3128");
  });

  test.each(["socks5://proxy.example", "http://proxy.example/path", "http://", "a b"])(
    "is refused as %s",
    (address) => {
      expect(network().useProxy({ address, user: "", password: null })).toMatchObject({
        error: { code: "PROXY_ADDRESS_INVALID" },
      });
      expect(changes).toBe(0);
    },
  );
});

test("authorities are refused as a whole, and nothing changes then", () => {
  const own = network();
  expect(own.addAuthorities(Buffer.from("no certificate"), Date.now())).toMatchObject({
    error: { code: "AUTHORITY_FILE_INVALID" },
  });
  expect([own.authorities, changes]).toEqual([[], 0]);
  expect(readFileSync(join(folder, "authorities.pem"), "utf8")).toBe("");
});
