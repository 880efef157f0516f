import { rootCertificates } from "node:tls";
import type { Page } from "playwright-core";
import { expect, test } from "../fixture/test.ts";
import { closeEachWay } from "../proof/overlay-walk.ts";
import type { Screens } from "../screen-objects/screens.ts";

const CAMERAS = ["Car park barrier", "Lobby entrance"] as const;

/** What has the focus, by its name as it is spoken. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    const label = document.getElementById(at?.getAttribute("aria-labelledby") ?? "");
    return at?.getAttribute("aria-label") ?? label?.textContent ?? at?.textContent?.trim() ?? "";
  });
const expectFocus = (page: Page, name: string | RegExp) =>
  expect.poll(() => focused(page)).toMatch(typeof name === "string" ? new RegExp(`^${name}$`) : name);

/** Without the pointer, and without giving the focus: as somebody else would do it. */
const pressByScript = (page: Page, name: string) =>
  page.getByRole("button", { name, exact: true }).evaluate((button) => (button as HTMLElement).click());

async function fillTiles({ canvas, areaView }: Screens) {
  await canvas.choosePattern("2×2");
  for (const [index, camera] of CAMERAS.entries()) {
    await canvas.tile(index + 1).select();
    await areaView.open(camera);
  }
}

const CANCEL_ALL = `evidenceDesk.request("exports.list").then(({ value }) =>
  Promise.all(value.exports.map(({ exportId }) => evidenceDesk.request("exports.cancel", { exportId }))))`;

/** So slow that exports are under way for as long as they are looked at; nothing for no cap. */
async function capUploads({ settings }: Screens, megabitsPerSecond: string) {
  await settings.open();
  await settings.turnTo("Destination");
  await settings.field("Bandwidth cap in Mbit/s").fill(megabitsPerSecond);
  await settings.button("Save").press("Enter");
  await expect(settings.dialog.getByText("Saved.")).toBeVisible();
  await expect(settings.button("Save")).toBeFocused();
  await settings.close();
}

async function sendLastMinute(page: Page, { canvas, wizard }: Screens, number: number) {
  await wizard.openFrom(canvas.tile(number));
  for (const _ of ["Cameras", "Times"]) await wizard.next();
  await wizard.associate("Skip and upload evidence");
  await wizard.next();
  await wizard.button("Finish").focus();
  await page.keyboard.press("Enter");
  await wizard.dialog.waitFor({ state: "hidden" });
}

test("the focus is never nowhere: tiles, rows, cards and settings give it to their neighbour when they go", async ({
  desk,
  screens,
}) => {
  test.setTimeout(240_000);
  const { page } = desk;
  page.setDefaultTimeout(30_000);
  const { canvas, wizard, tray, settings } = screens;
  await screens.logOn.logOn("administrator", "administrator");
  await fillTiles(screens);

  await test.step("a tile whose camera is taken out, whose button goes, whose mark is cleared", async () => {
    const { element, timeline } = canvas.tile(1);
    await canvas.tile(1).isPlaying();
    await element.focus();
    await page.keyboard.press(",");
    await element.getByRole("button", { name: "Back to live" }).focus();
    await page.keyboard.press("Enter");
    await expectFocus(page, /^Tile 1/);
    await timeline.markRange(0.5, 0.7);
    await timeline.startHandle.focus();
    await page.keyboard.press("Delete");
    await expectFocus(page, "Playback position of tile 1");
    await element.focus();
    await page.keyboard.press("Delete");
    await expectFocus(page, /^Tile 1 – .*empty/);
  });

  await test.step("a tile that the pattern has no more", async () => {
    await fillTiles(screens);
    await canvas.tile(2).element.focus();
    await pressByScript(page, "Pattern 1");
    await expectFocus(page, /^Tile 1/);
    await fillTiles(screens);
  });

  await test.step("rows of the wizard, by key and by their button", async () => {
    await wizard.openFrom(canvas.tile(1));
    await wizard.addCameras("Lobby entrance", "Gate at night");
    await wizard.cameraRow("Car park barrier").focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Delete");
    await expectFocus(page, /Lobby entrance/);
    await wizard.button("Remove Lobby entrance").focus();
    await page.keyboard.press("Enter");
    await expectFocus(page, /^Remove .*Gate at night/);
    await page.keyboard.press("Enter");
    await expectFocus(page, "Cameras");
    await wizard.discard();
    await expectFocus(page, /^Tile 1/);
  });

  await capUploads(screens, "0.01");
  await test.step("Finish is said aloud, and the focus is at the tile that it came from", async () => {
    for (const number of [1, 2]) {
      await sendLastMinute(page, screens, number);
      const said = page.locator("[data-live-announcer]", { hasText: CAMERAS[number - 1] });
      await expect(said.getByText(/has begun\.$/)).toBeAttached();
      await expectFocus(page, new RegExp(`^Tile ${number}`));
    }
  });

  await test.step("cards that are dismissed, and buttons that a card has no more", async () => {
    await tray.open();
    const question = page.getByRole("alertdialog");
    for (const camera of CAMERAS) {
      const opener = tray.exports.named(camera).button("Cancel export");
      const keep = question.getByRole("button", { name: "Keep exporting" });
      await closeEachWay(page, {
        ...{ source: "", name: "Cancel this export?", opener, key: "Enter", overlay: question },
        ways: ["Escape", keep],
      });
      await opener.press("Enter");
      // The second is cancelled by somebody else while its question is open, which goes with what it asks about.
      if (camera === CAMERAS[1]) await page.evaluate(CANCEL_ALL);
      else await question.getByRole("button", { name: "Cancel export" }).press("Enter");
      await expect(question).toBeHidden();
      await expectFocus(page, camera);
    }
    // Newest first; what other specs have sent stands below.
    const { newest } = tray.exports;
    await newest.button("Dismiss").press("Enter");
    await expect(newest.card).toHaveAccessibleName(CAMERAS[0]);
    await expect(newest.button("Dismiss")).toBeFocused();
    await newest.card.getByRole("button", { name: /segment/ }).focus();
    // As another window, or a script, would dismiss it.
    await newest.button("Dismiss").evaluate((button) => (button as HTMLElement).click());
    const tag = () => page.evaluate(() => document.activeElement?.tagName);
    await expect.poll(tag).toMatch(/^(ARTICLE|H2)$/);
    const inTray = () => tray.region.evaluate((region) => region.contains(document.activeElement));
    expect(await inTray()).toBe(true);
  });

  await capUploads(screens, "");
  await test.step("Escape closes the innermost only", async () => {
    await tray.open();
    await canvas.tile(1).element.focus();
    await page.keyboard.press("t");
    await expect(canvas.tile(1).question).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(canvas.tile(1).question).toBeHidden();
    await expect(tray.region).toBeVisible();
    const search = screens.areaView.region.getByRole("searchbox");
    await search.fill("Lobby");
    await expect(page.locator("[data-live-announcer]", { hasText: /^\d+ cameras? found\.$/ })).toBeAttached();
    await search.press("Escape");
    await expect(search).toHaveValue("");
    await expect(tray.region).toBeVisible();
    await page.getByRole("button", { name: "Settings", exact: true }).focus();
    await page.keyboard.press("Enter");
    await settings.turnTo("Site");
    await settings.dialog.getByRole("button", { name: /Time zone of the site$/ }).focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("listbox")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("listbox")).toBeHidden();
    await expect(settings.dialog).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(settings.dialog).toBeHidden();
    await expect(tray.region).toBeVisible();
    // The button of the settings has the focus again, and shows what it is: that would be closed first.
    await canvas.tile(1).element.focus();
    await page.keyboard.press("Escape");
    await expect(tray.region).toBeHidden();
  });

  await test.step("a camera and an authority that are removed in the settings", async () => {
    const stamp = `${Date.now()}`;
    const name = `Gone ${stamp}`;
    for (const each of [`Stays ${stamp}`, name]) {
      await settings.addCamera({ name: each, area: "Zone", address: "rtsp://127.0.0.1:9/none" });
    }
    await settings.open();
    await settings.turnTo("Cameras");
    await settings.searchCameras(stamp);
    await settings.button(`Remove ${name}`).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).focus();
    await page.keyboard.press("Enter");
    await expect(settings.button(`Remove ${name}`)).toBeHidden();
    await expect.poll(() => focused(page)).not.toBe("");
    const list = settings.dialog.getByRole("list", { name: "Cameras" });
    await expect.poll(() => list.evaluate((shown) => shown.contains(document.activeElement))).toBe(true);

    await settings.turnTo("Network");
    const pem = { name: "authority.pem", mimeType: "application/x-pem-file" };
    for (const certificate of rootCertificates.slice(0, 2)) {
      const shown = settings.dialog.getByRole("button", { name: /^Remove / });
      const before = await shown.count();
      await settings.dialog
        .locator("input[type=file]")
        .setInputFiles({ ...pem, buffer: Buffer.from(certificate) });
      await expect(shown).toHaveCount(before + 1);
    }
    const removes = settings.dialog.getByRole("button", { name: /^Remove / });
    await removes.first().focus();
    await page.keyboard.press("Enter");
    await expect(removes).toHaveCount(1);
    await expect(removes.first()).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(removes).toHaveCount(0);
    await expect(settings.button("Add an authority")).toBeFocused();
    await settings.close();
  });

  await test.step("log-off", async () => {
    await page.getByRole("button", { name: "Log off" }).focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("textbox", { name: "User name" })).toBeFocused();
  });
});
