import { join } from "node:path";
import { startConsole } from "../fixture/console.ts";
import { copyCamera, startArchive } from "../fixture/other-archive.ts";
import { expect, makeDemoSite, removeDemoSite, test } from "../fixture/test.ts";
import { asEntered } from "../proof/site-facts.ts";
import { screensOf } from "../screen-objects/screens.ts";

const CAMERA = "North quay";
const TOKEN = "the-harbours-token";
const AHEAD_MS = 90_000;

// The console watches another archive: a site of its own.
test("of an archive whose clock is ahead, the minute that is offered is sent, and its last seconds are played", async () => {
  test.setTimeout(300_000);
  const siteDir = await makeDemoSite();
  const archiveFolder = join(siteDir, "..", "harbour");
  await copyCamera(siteDir, "lobby-entrance", archiveFolder, CAMERA);
  const desk = await startConsole({ siteDir });
  const { page } = desk;
  const pageOrigin = await page.evaluate(() => location.origin);
  const archive = await startArchive(archiveFolder, TOKEN, pageOrigin, AHEAD_MS);
  const { logOn, settings, areaView, canvas, wizard, tray } = screensOf(page);
  const tile = canvas.tile(1);

  await test.step("the console watches it", async () => {
    await logOn.logOn("administrator", "administrator");
    await settings.open();
    await settings.turnTo("Site");
    await settings.button("Add an archive").click();
    const entry = page.getByRole("dialog", { name: "Add an archive", exact: true });
    await entry.getByLabel("Name", { exact: true }).fill("Harbour");
    await entry.getByLabel("Address", { exact: true }).fill(archive.address);
    await entry.getByLabel("Token", { exact: true }).fill(TOKEN);
    await entry.getByRole("button", { name: "Try and save", exact: true }).click();
    await expect(entry).toBeHidden();
    await settings.button("Use Harbour").click();
    const reloaded = page.waitForEvent("load");
    await settings.confirm("Use");
    await reloaded;
    await expect(areaView.camera(CAMERA)).toBeVisible();
    await tile.select();
    await areaView.open(CAMERA);
    await tile.isPlaying();
    await expect(tile.badge).toHaveText("Live", { timeout: 60_000 });
  });

  const name = `Another clock ${Date.now()}`;
  await test.step("the minute up to now is offered, and sent", async () => {
    await wizard.openFrom(tile);
    await expect(wizard.offer).toContainText("now");
    await wizard.next();
    const end = await wizard.timesField(CAMERA, "End").inputValue();
    // By the console's clock it lies in the future: written times of one zone are in order.
    expect(end > asEntered(Date.now())).toBe(true);
    await wizard.fillTimes(CAMERA, { name });
    await expect(wizard.button("Next")).toBeEnabled();
    await expect(wizard.dialog.getByText("The end must not be in the future.")).toHaveCount(0);
    await wizard.next();
    await wizard.associate("Skip and upload evidence");
    await wizard.next();
    await wizard.finish();
    await tray.open();
    await tray.exports.newest.isAvailable();
  });

  await test.step("fifteen seconds back, and a time of twenty seconds ago, are playback", async () => {
    await page.keyboard.press("Escape");
    await expect(tile.badge).toHaveText("Live", { timeout: 60_000 });
    await tile.element.hover();
    await tile.control("Back 15 seconds").click();
    await expect(tile.badge).toContainText("Playback");
    await tile.element.hover();
    await tile.control("Back to live").click();
    await expect(tile.badge).toHaveText("Live", { timeout: 60_000 });
    await tile.jumpTo(asEntered(Date.now() + AHEAD_MS - 20_000));
    await expect(tile.badge).toContainText("Playback");
  });

  await desk.close();
  await archive.stop();
  await removeDemoSite(siteDir);
});
