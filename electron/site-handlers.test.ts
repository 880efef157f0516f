import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ArchiveClient } from "./adapters/archive-client/archive-client.ts";
import { openSiteFolder, writeSiteFacts } from "./adapters/site/site-folder.ts";
import { siteHandlers } from "./ipc-handlers/site-handlers.ts";

const CALLER = { operator: null };
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "site-"));
  writeSiteFacts(root, { name: "Harbour", timeZone: "Europe/Lisbon", demo: false });
});

afterEach(() => rmSync(root, { recursive: true }));

function handlersOf(announceSession: () => void) {
  const site = openSiteFolder(root);
  const archive = new ArchiveClient(() => null);
  return siteHandlers({ site, archive, archiveAddress: () => null, announceSession });
}

test("an archive that does not run is shown, with why it cannot be asked", async () => {
  const state = await handlersOf(() => undefined)["site.state"](undefined, CALLER);
  const archive = { address: null, holds: null, failure: { code: "ARCHIVE_UNREACHABLE" } };
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
