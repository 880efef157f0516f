import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { KnownArchives, OWN_ARCHIVE } from "./adapters/site/known-archives.ts";
import { SecretBox } from "./adapters/site/secret-box.ts";
import { SiteArchives } from "./adapters/site/site-archives.ts";
import { SettingsStore } from "./adapters/site/settings-store.ts";
import { openSiteFolder, writeSiteFacts } from "./adapters/site/site-folder.ts";
import { siteHandlers } from "./ipc-handlers/site-handlers.ts";

/** Privileges are asked about before a handler is called. */
const CALLER = { operator: null, windowId: 1 };
const PAGE = "app://console";
const TOKEN = "the-archives-token";
const NO_KEYRING = {
  isEncryptionAvailable: () => false,
  encryptString: () => Buffer.alloc(0),
  decryptString: () => "",
};

let root: string;
let settings: SettingsStore;
let known: KnownArchives;
let isExporting: boolean;
let changed: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "site-"));
  writeSiteFacts(root, { name: "Harbour", timeZone: "Europe/Lisbon", demo: false });
  openSiteFolder(root);
  settings = new SettingsStore(join(root, "console", "settings.sqlite"));
  known = new KnownArchives(settings, new SecretBox(NO_KEYRING, join(root, "console")));
  [isExporting, changed] = [false, []];
});

afterEach(() => {
  settings.close();
  rmSync(root, { recursive: true });
});

function handlersOf(announceOperator: () => void = () => undefined) {
  const site = openSiteFolder(root);
  const archives = new SiteArchives({
    ...{ known, ownFolder: site.archive, ownAddress: () => null, pageOrigin: PAGE },
    hasUnfinishedExports: () => isExporting,
    onChange: () => changed.push(known.inUse),
  });
  return siteHandlers({ site, archives, announceOperator });
}

test("an archive that does not run is shown, with why it cannot be asked", async () => {
  const state = await handlersOf()["site.state"](undefined, CALLER);
  const archive = { isInUse: true, address: null, holds: null, failure: { code: "ARCHIVE_UNREACHABLE" } };
  expect(state).toMatchObject({ ok: true, value: { timeZone: "Europe/Lisbon", archives: [archive] } });
});

test("another zone is announced; one that nobody knows is refused", async () => {
  const announce = vi.fn();
  const handlers = handlersOf(announce);
  const change = (timeZone: string) => handlers["site.changeTimeZone"]({ timeZone }, CALLER);
  expect(await change("Europe/Atlantis")).toMatchObject({ error: { code: "TIME_ZONE_UNKNOWN" } });
  expect(announce).not.toHaveBeenCalled();
  expect(await change("Asia/Kolkata")).toMatchObject({ value: { timeZone: "Asia/Kolkata" } });
  expect(announce).toHaveBeenCalledOnce();
});

describe("an archive elsewhere", () => {
  let server: Server;
  let address: string;
  let allowedOrigin: string;

  beforeEach(async () => {
    allowedOrigin = PAGE;
    server = createServer((request, response) => {
      response.setHeader("content-type", "application/json");
      if (request.headers.authorization !== `Bearer ${TOKEN}`)
        return response.writeHead(401).end(JSON.stringify({ code: "UNAUTHORIZED", detail: "No." }));
      if (request.headers.origin === allowedOrigin)
        response.setHeader("access-control-allow-origin", allowedOrigin);
      const footage = {
        oldestUtcMs: 1,
        newestUtcMs: 2,
        keptMs: 3,
        freeBytes: 4,
        leftOutFiles: 0,
        leftOutBytes: 0,
      };
      return response.end(JSON.stringify({ cameraCount: 7, recordedCount: 5, ...footage }));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });

  const save = (entry: Partial<Parameters<KnownArchives["read"]>[0]> = {}) =>
    handlersOf()["site.saveArchive"](
      { archiveId: null, name: "North", address, token: TOKEN, ...entry },
      CALLER,
    );
  const idOf = () => known.added[0]?.archiveId ?? "";

  test("is kept once it has answered, and its token is sealed", async () => {
    const saved = await save();
    expect(saved).toMatchObject({
      value: { archives: [{ kind: "own" }, { name: "North", isInUse: false, holds: { cameraCount: 7 } }] },
    });
    expect(readFileSync(join(root, "console", "settings.sqlite")).includes(TOKEN)).toBe(false);
    const next = new KnownArchives(settings, new SecretBox(NO_KEYRING, join(root, "console")));
    expect(next.accessOf(idOf())).toEqual({ baseUrl: address, token: TOKEN });
  });

  test.each([
    ["that takes another token", { token: "wrong" }, "ARCHIVE_TOKEN_REFUSED"],
    ["without a token", { token: null }, "ARCHIVE_TOKEN_MISSING"],
    ["that is not there", { address: "http://127.0.0.1:9" }, "ARCHIVE_UNREACHABLE"],
    ["in the clear across a network", { address: "http://archive.example:8081" }, "ARCHIVE_ADDRESS_INVALID"],
    ["that is no address", { address: "rtsp://archive" }, "ARCHIVE_ADDRESS_INVALID"],
  ])("%s is not kept", async (_words, entry, code) => {
    expect(await save(entry)).toMatchObject({ error: { code } });
    expect(known.added).toEqual([]);
  });

  test("that does not let the page read is not kept, and how to start it is said", async () => {
    allowedOrigin = "https://another.example";
    const action = `Start it with --allow-origin ${PAGE}`;
    expect(await save()).toMatchObject({ error: { code: "ARCHIVE_REFUSES_PAGE", action } });
    expect(known.added).toEqual([]);
  });

  test("is renamed with the token that is kept, which is told to no other address", async () => {
    await save();
    expect(await save({ archiveId: idOf(), name: "North gate", token: null })).toMatchObject({ ok: true });
    expect(known.added).toMatchObject([{ name: "North gate" }]);
    const moved = await save({ archiveId: idOf(), address: "http://127.0.0.1:9", token: null });
    expect(moved).toMatchObject({ error: { code: "ARCHIVE_TOKEN_MISSING" } });
  });

  test("is used from then on; while exports run, and while it is used, it stays", async () => {
    await save();
    const archiveId = idOf();
    const handlers = handlersOf();
    isExporting = true;
    expect(await handlers["site.useArchive"]({ archiveId }, CALLER)).toMatchObject({
      error: { code: "ARCHIVE_IN_USE" },
    });
    expect(changed).toEqual([]);
    isExporting = false;
    expect(await handlers["site.useArchive"]({ archiveId }, CALLER)).toMatchObject({
      value: { archives: [{ isInUse: false }, { isInUse: true }] },
    });
    expect(changed).toEqual([archiveId]);
    expect(await handlers["site.removeArchive"]({ archiveId }, CALLER)).toMatchObject({
      error: { code: "ARCHIVE_IN_USE" },
    });
    await handlers["site.useArchive"]({ archiveId: OWN_ARCHIVE }, CALLER);
    expect(await handlers["site.removeArchive"]({ archiveId }, CALLER)).toMatchObject({ ok: true });
    expect(known.added).toEqual([]);
  });

  test("that reads as another is refused, and the other one is named", async () => {
    await save();
    const own = await handlersOf()["site.renameOwnArchive"](
      { name: known.added[0]!.name.toUpperCase() },
      CALLER,
    );
    expect(own).toMatchObject({
      error: { code: "NAME_READS_ALIKE", message: `The archive “${known.added[0]!.name}” reads the same.` },
    });
    expect(known.ownName).toBe("Archive of this console");
    const entry = { name: "ARCHIVE\u00A0of this console", address: "http://127.0.0.1:9", token: TOKEN };
    expect(await handlersOf()["site.saveArchive"]({ archiveId: null, ...entry }, CALLER)).toMatchObject({
      error: { code: "NAME_READS_ALIKE" },
    });
    expect(known.added).toHaveLength(1);
  });

  test("that has gone is not used; the console's own one is never removed", async () => {
    await save();
    known.keep({ archiveId: idOf(), name: "North", baseUrl: "http://127.0.0.1:9", token: TOKEN });
    expect(await handlersOf()["site.useArchive"]({ archiveId: idOf() }, CALLER)).toMatchObject({
      error: { code: "ARCHIVE_UNREACHABLE" },
    });
    expect(changed).toEqual([]);
    const removed = await handlersOf()["site.removeArchive"]({ archiveId: OWN_ARCHIVE }, CALLER);
    expect(removed).toMatchObject({ error: { code: "ARCHIVE_IS_OWN" } });
  });
});

test("the console's own archive has the name that an administrator gives it", async () => {
  await handlersOf()["site.renameOwnArchive"]({ name: "Cellar" }, CALLER);
  expect(known.ownName).toBe("Cellar");
});
