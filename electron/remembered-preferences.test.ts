import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { preferenceRequests } from "#shared/ipc-contract/preference-contract.ts";
import { SettingsStore } from "./adapters/site/settings-store.ts";
import { preferenceHandlers } from "./ipc-handlers/preference-handlers.ts";

const CALLER = { operator: { username: "ada", displayName: "Ada", privileges: [] }, windowId: 1 } as const;

let folder: string;
let settings: SettingsStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "preferences-"));
  settings = new SettingsStore(join(folder, "settings.sqlite"));
});

afterEach(async () => {
  settings.close();
  await rm(folder, { recursive: true });
});

/** As a call of the page arrives: what it says is parsed first. */
async function update(changes: object) {
  const input = preferenceRequests["preferences.update"].input.parse(changes);
  return await preferenceHandlers(settings, () => undefined)["preferences.update"](input, CALLER);
}

test("a change of one preference leaves the others as they were", async () => {
  await update({ areaViewWidthPx: 400 });
  expect(await update({ sidebarPinned: true })).toMatchObject({
    value: { areaViewWidthPx: 400, sidebarPinned: true },
  });
});

test("preferences that were kept before the area view could be widened have the usual width", async () => {
  settings.write("preferences:ada", {
    sidebarPinned: true,
    trayIcon: "hide",
    canvasPattern: "3x3",
    tiles: [],
  });
  const read = await preferenceHandlers(settings, () => undefined)["preferences.get"](undefined, CALLER);
  expect(read).toMatchObject({ value: { areaViewWidthPx: 252, trayIcon: "hide" } });
});
