import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { startConsole } from "../fixture/console.ts";
import { expect, test } from "../fixture/test.ts";
import { screensOf } from "../screen-objects/screens.ts";

const EARLIER_SITE = fileURLToPath(new URL("../fixture/earlier-site/", import.meta.url));

/** The sealed key that signs manifests: with another, nobody could tell whose evidence it was. */
function deviceKeyOf(siteDir: string): string | undefined {
  const settings = new Database(join(siteDir, "console", "settings.sqlite"), { readonly: true });
  try {
    const sql = "SELECT body FROM settings WHERE name = 'device-key'";
    return settings.prepare<[], string>(sql).pluck().get();
  } finally {
    settings.close();
  }
}

test("what an earlier version kept is as it was: operators, canvas, cameras, settings, exports and the device key", async () => {
  const siteDir = await mkdtemp(join(tmpdir(), "evidence-desk-earlier-"));
  await cp(EARLIER_SITE, siteDir, { recursive: true });
  const deviceKey = deviceKeyOf(siteDir);
  const desk = await startConsole({ siteDir });
  const { page } = desk;
  const { logOn, canvas, settings, sidebar } = screensOf(page);

  await test.step("the operator's password, canvas and pinned sidebar", async () => {
    await logOn.logOn("administrator", "administrator");
    await expect(canvas.region.getByRole("group", { name: /^Tile \d+/ })).toHaveCount(9);
    await expect(sidebar.region).toBeVisible();
  });

  await test.step("an export that was made, with its evidence", async () => {
    await sidebar.exports.newest.isAvailable();
    await expect(sidebar.exports.newest.card).toContainText("Person behind the fence");
  });

  await test.step("what was set", async () => {
    await settings.open();
    await settings.turnTo("Destination");
    await expect(settings.field("Spool quota in GB")).toHaveValue("7");
    await expect(settings.field("Bandwidth cap in Mbit/s")).toHaveValue("12");
  });

  await test.step("a camera, of which nobody reads the password any more", async () => {
    await settings.turnTo("Cameras");
    await settings.button("Edit Old gate").click();
    const dialog = page.getByRole("dialog", { name: "Edit Old gate", exact: true });
    await expect(dialog.getByLabel("User", { exact: true })).toHaveValue("reader");
    await expect(dialog.getByLabel("Address", { exact: true })).toHaveValue("rtsp://127.0.0.1:9/old");
  });

  await desk.close();
  expect(desk.output()).not.toMatch(/Error|damaged/);
  expect(deviceKeyOf(siteDir)).toBe(deviceKey);
  for (const file of ["index.sqlite", "index.sqlite-wal"]) {
    const bytes = await readFile(join(siteDir, "archive", file)).catch(() => Buffer.of());
    expect(bytes.includes("Sealed-1x")).toBe(false);
  }
  await rm(siteDir, { recursive: true, force: true });
});
