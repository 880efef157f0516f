import { generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import { appendFile, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { publishUpdate, type PublishedUpdate } from "#dev/packaging/signed-update.ts";
import { hasOpenssl, TestAuthority } from "#proofs/private-authority/authority.ts";
import { SettingsStore } from "#electron/adapters/site/settings-store.ts";
import { trustAuthorities } from "#electron/adapters/trust/trusted-authorities.ts";
import { publisherKeyOf } from "#electron/adapters/update/publisher-key.ts";
import {
  DESCRIPTION_FILE,
  type PackageKind,
  SIGNATURE_FILE,
} from "#electron/adapters/update/update-description.ts";
import { UpdateOffers } from "#electron/adapters/update/update-offers.ts";

const NOW_UTC_MS = Date.UTC(2026, 10, 30);
const PACKAGE = "Evidence Desk.AppImage";
const CONTENT = Buffer.alloc(3_000_000, "package ");
const NOTES = "Faster start.\nFor everybody.";

function keyPair() {
  return generateKeyPairSync("ed25519", {
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
}

const PUBLISHER = keyPair();
const STRANGER = keyPair();

let folder: string;
let place: string;
let settings: SettingsStore;
/** Packages that were handed over, with their bytes. */
let handedOver: { kind: PackageKind; version: string; bytes: Buffer }[];
let unfinishedExports: boolean;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "evidence-desk-update-"));
  place = join(folder, "place");
  settings = new SettingsStore(join(folder, "settings.sqlite"));
  [handedOver, unfinishedExports] = [[], false];
  await writeFile(join(folder, PACKAGE), CONTENT);
});

afterEach(async () => {
  settings.close();
  await rm(folder, { recursive: true, force: true });
});

async function publish(version: string, other: Partial<PublishedUpdate> = {}): Promise<void> {
  await publishUpdate({
    ...{ place, privateKeyPem: PUBLISHER.privateKey, version, notes: NOTES, releasedUtcMs: NOW_UTC_MS },
    packages: [join(folder, PACKAGE)],
    ...other,
  });
}

async function publishWithout(file: string): Promise<void> {
  await publish("0.2.0");
  await rm(join(place, file));
}

interface Console {
  readonly version?: string;
  readonly kind?: PackageKind | null;
  readonly hasKey?: boolean;
}

function offersOf({ version = "0.1.0", kind = "AppImage", hasKey = true }: Console = {}): UpdateOffers {
  return new UpdateOffers({
    settings,
    publisher: hasKey ? publisherKeyOf(PUBLISHER.publicKey) : null,
    running: { version, architecture: "x64", packageKind: async () => kind },
    proxyFor: async () => null,
    folder: join(folder, "update"),
    nowUtcMs: () => NOW_UTC_MS,
    hasUnfinishedExports: () => unfinishedExports,
    prepareInstall: async (path, of, { version: offered }) => {
      const bytes = await readFile(path);
      return () => handedOver.push({ kind: of, version: offered, bytes });
    },
  });
}

/** @returns the code with which a look ends, or its kind */
async function lookOf(offers: UpdateOffers, where = place): Promise<string> {
  const used = await offers.usePlace(where);
  if (!used.ok) return used.error.code;
  const { look } = offers.state();
  if (look.kind === "failed") {
    for (const sentence of [look.failure.message, look.failure.action])
      expect(sentence).toMatch(/^[A-Z].+\.$/s);
    return look.failure.code;
  }
  return look.kind;
}

async function installed(offers: UpdateOffers, despiteExports = false): Promise<string> {
  const answer = await offers.install(despiteExports);
  return answer.ok ? "handed over" : answer.error.code;
}

test("a newer version that the publisher signed is offered with its notes, and installed on a press alone", async () => {
  await publish("0.2.0");
  const offers = offersOf();
  expect(await lookOf(offers)).toBe("offered");
  expect(offers.state().look).toEqual({
    ...{ kind: "offered", atUtcMs: NOW_UTC_MS, version: "0.2.0", releasedUtcMs: NOW_UTC_MS },
    ...{ notes: NOTES, sizeBytes: CONTENT.length },
  });
  expect(handedOver).toEqual([]);
  expect(existsSync(join(folder, "update"))).toBe(false);

  expect(await installed(offers)).toBe("handed over");
  expect(handedOver).toEqual([{ kind: "AppImage", version: "0.2.0", bytes: CONTENT }]);
  expect(existsSync(join(folder, "update"))).toBe(false);
});

test("presses after the one that hands a package over begin nothing, while the console ends", async () => {
  await publish("0.2.0");
  const offers = offersOf();
  await lookOf(offers);
  expect(await Promise.all([installed(offers), installed(offers)])).toEqual(["handed over", "UPDATE_BUSY"]);
  expect(await installed(offers, true)).toBe("UPDATE_BUSY");
  expect(handedOver).toHaveLength(1);
});

test("what a kill left of a package is gone after the next start", async () => {
  const left = join(folder, "update");
  await mkdir(left);
  await writeFile(join(left, `${PACKAGE}.part`), CONTENT);
  await offersOf().lookAtStart();
  expect(existsSync(left)).toBe(false);
});

test("the place is remembered and looked at by the next start, without a press", async () => {
  await publish("0.2.0");
  await offersOf().usePlace(place);
  const next = offersOf();
  expect(next.state().look).toEqual({ kind: "none" });
  await next.lookAtStart();
  expect(next.state()).toMatchObject({ place, look: { kind: "offered", version: "0.2.0" } });
  await next.usePlace("  ");
  expect(next.state()).toMatchObject({ place: null, look: { kind: "none" } });
});

describe("nothing is offered", () => {
  const signedByStranger = { privateKeyPem: STRANGER.privateKey };
  test.each<[string, Console, () => Promise<void>]>([
    ["current", { version: "0.2.0" }, () => publish("0.2.0")],
    ["UPDATE_OLDER", { version: "0.10.0" }, () => publish("0.9.9")],
    ["UPDATE_SIGNATURE_WRONG", {}, () => publish("0.2.0", signedByStranger)],
    ["UPDATE_OTHER_PRODUCT", {}, () => publish("0.2.0", { product: "org.other" })],
    ["UPDATE_NO_PACKAGE", { kind: "deb" }, () => publish("0.2.0")],
    ["UPDATE_NO_KEY", { hasKey: false }, () => publish("0.2.0")],
    ["UPDATE_NOT_PUBLISHED", {}, () => publishWithout(DESCRIPTION_FILE)],
    ["UPDATE_UNSIGNED", {}, () => publishWithout(SIGNATURE_FILE)],
    ["UPDATE_PLACE_UNREACHABLE", {}, () => Promise.resolve()],
  ])("%s, %j", async (code, of, prepare) => {
    await prepare();
    const offers = offersOf(of);
    expect(await lookOf(offers)).toBe(code);
    expect(await installed(offers)).toBe("UPDATE_NOTHING_OFFERED");
    expect(handedOver).toEqual([]);
  });

  test("a description that was changed by one character after it was signed", async () => {
    await publish("0.2.0");
    const path = join(place, DESCRIPTION_FILE);
    await writeFile(path, (await readFile(path, "utf8")).replace("0.2.0", "0.3.0"));
    expect(await lookOf(offersOf())).toBe("UPDATE_SIGNATURE_WRONG");
  });

  test("a description that is longer than any, which is not read to its end", async () => {
    await publish("0.2.0");
    await appendFile(join(place, DESCRIPTION_FILE), Buffer.alloc(300_000, " "));
    expect(await lookOf(offersOf())).toBe("UPDATE_DESCRIPTION_INVALID");
  });

  test.each([
    "updates",
    "http://updates.example/",
    "https://user:secret@updates.example/",
    "ftp://updates.example/",
    "https://u.example/?key=1",
  ])("%s is no place, and the previous one stays", async (entered) => {
    await publish("0.2.0");
    const offers = offersOf();
    await offers.usePlace(place);
    expect(await lookOf(offers, entered)).toBe("UPDATE_PLACE_INVALID");
    expect(offers.state()).toMatchObject({ place, look: { kind: "offered" } });
  });
});

describe("a package is not installed", () => {
  test.each<[string, (path: string) => Promise<void>]>([
    ["UPDATE_PACKAGE_TRUNCATED", (path) => truncate(path, 1_000_000)],
    ["UPDATE_PACKAGE_ALTERED", (path) => writeFile(path, Buffer.alloc(CONTENT.length, "package!"))],
    ["UPDATE_PACKAGE_ALTERED", (path) => appendFile(path, "more")],
    ["UPDATE_PLACE_UNREACHABLE", (path) => rm(path)],
  ])("%s", async (code, damage) => {
    await publish("0.2.0");
    const offers = offersOf();
    await lookOf(offers);
    await damage(join(place, PACKAGE));
    expect(await installed(offers)).toBe(code);
    expect(handedOver).toEqual([]);
    expect(existsSync(join(folder, "update"))).toBe(false);
  });

  test("while exports are under way, unless that is said", async () => {
    await publish("0.2.0");
    const offers = offersOf();
    await lookOf(offers);
    unfinishedExports = true;
    expect(await installed(offers)).toBe("UPDATE_EXPORTS_RUNNING");
    expect(handedOver).toEqual([]);
    expect(await installed(offers, true)).toBe("handed over");
  });

  test("where this console came from no package", async () => {
    await publish("0.2.0");
    const offers = offersOf({ kind: null });
    expect(await lookOf(offers)).toBe("offered");
    expect(await installed(offers)).toBe("UPDATE_NOT_INSTALLABLE");
  });
});

test("a start that should have been the new version's says that it is not, once", async () => {
  await publish("0.2.0");
  const offers = offersOf();
  await lookOf(offers);
  await installed(offers);
  const same = offersOf();
  await same.lookAtStart();
  expect(same.state().look).toMatchObject({ kind: "failed", failure: { code: "UPDATE_NOT_INSTALLED" } });
  const later = offersOf();
  await later.lookAtStart();
  expect(later.state().look.kind).toBe("offered");

  await installed(later);
  const newer = offersOf({ version: "0.2.0" });
  await newer.lookAtStart();
  expect(newer.state().look.kind).toBe("current");
});

describe.runIf(await hasOpenssl())("an address", () => {
  let server: Server;
  let address: string;
  let authority: TestAuthority;
  /** Headers of what was asked. */
  let asked: { url: string; headers: string[] }[];
  /** What the server does in place of giving out a file. */
  let instead: ((name: string, response: import("node:http").ServerResponse) => boolean) | null;

  beforeEach(async () => {
    authority = await TestAuthority.make(join(folder, "authority"), "Updates");
    const certificate = await authority.issue({ names: ["IP:127.0.0.1"] });
    [asked, instead] = [[], null];
    server = createServer(certificate, (request, response) => {
      const name = decodeURIComponent(request.url ?? "").replace("/desk/", "");
      asked.push({ url: request.url ?? "", headers: Object.keys(request.headers) });
      if (instead?.(name, response) === true) return;
      readFile(join(place, name)).then(
        (bytes) => response.writeHead(200, { "content-length": bytes.length }).end(bytes),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `https://127.0.0.1:${(server.address() as AddressInfo).port}/desk`;
  });

  afterEach(async () => {
    trustAuthorities([]);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test("over TLS, by an authority that an administrator added; nothing tells who asks", async () => {
    await publish("0.2.0");
    trustAuthorities([authority.pem]);
    const offers = offersOf();
    expect(await lookOf(offers, address)).toBe("offered");
    expect(await installed(offers)).toBe("handed over");
    expect(handedOver[0]?.bytes.equals(CONTENT)).toBe(true);
    expect(asked.map(({ url }) => url)).toEqual([
      `/desk/${DESCRIPTION_FILE}`,
      `/desk/${SIGNATURE_FILE}`,
      "/desk/Evidence%20Desk.AppImage",
    ]);
    const headers = new Set(asked.flatMap((one) => one.headers));
    for (const telling of ["authorization", "cookie", "user-agent", "referer"])
      expect(headers).not.toContain(telling);
  });

  test("of an authority that nobody trusts is not read", async () => {
    await publish("0.2.0");
    expect(await lookOf(offersOf(), address)).toBe("CERTIFICATE_UNTRUSTED");
    expect(asked).toEqual([]);
  });

  test.each<[string, string, (name: string, response: import("node:http").ServerResponse) => boolean]>([
    [
      "that redirects",
      "UPDATE_PLACE_UNREACHABLE",
      (_name, to) => !!to.writeHead(302, { location: "https://other.example/" }).end(),
    ],
    ["that is in trouble", "UPDATE_PLACE_UNREACHABLE", (_name, to) => !!to.writeHead(503).end()],
    ["with nothing there", "UPDATE_NOT_PUBLISHED", (_name, to) => !!to.writeHead(404).end()],
  ])("%s: %s", async (_what, code, answer) => {
    trustAuthorities([authority.pem]);
    instead = answer;
    expect(await lookOf(offersOf(), address)).toBe(code);
  });

  test("whose line breaks within the package leaves nothing", async () => {
    await publish("0.2.0");
    trustAuthorities([authority.pem]);
    const offers = offersOf();
    await lookOf(offers, address);
    instead = (_name, response) => {
      response
        .writeHead(200, { "content-length": CONTENT.length })
        .write(CONTENT.subarray(0, 100_000), () => response.destroy());
      return true;
    };
    expect(await installed(offers)).toBe("UPDATE_PLACE_UNREACHABLE");
    expect(handedOver).toEqual([]);
    expect(existsSync(join(folder, "update", `${PACKAGE}.part`))).toBe(false);
  });

  test("where nobody answers", async () => {
    await new Promise((resolve) => server.close(resolve));
    expect(await lookOf(offersOf(), address)).toBe("UPDATE_PLACE_UNREACHABLE");
    await new Promise<void>((resolve) => server.listen(0, resolve));
  });
});
