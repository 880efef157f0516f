import type { Page } from "playwright-core";
import { outOfReach } from "../proof/in-reach.ts";
import { expect, test } from "../fixture/test.ts";

/** 100, 200 and 400 % of a window of 1280 by 800, and a large screen. */
const SIZES = [
  { width: 1280, height: 720 },
  { width: 640, height: 400 },
  { width: 320, height: 256 },
  { width: 3840, height: 2160 },
];
const USUAL = { width: 1280, height: 720 };

async function expectAllInReach(page: Page, screen: string) {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await expect
      .poll(() => outOfReach(page), { message: `${screen} at ${size.width}×${size.height}` })
      .toEqual([]);
  }
  await page.setViewportSize(USUAL);
}

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.tagName);

test("every screen is in reach at each size, and the focus is where the work is", async ({
  desk,
  screens,
}) => {
  test.setTimeout(240_000);
  const { page } = desk;
  await expectAllInReach(page, "Log on");

  await screens.logOn.logOn("administrator", "administrator");
  await expect.poll(() => focused(page)).toMatch(/^Tile 1/);
  await screens.canvas.choosePattern("2×2");
  // Whatever stood in the tiles before: other specs use the same site.
  for (const [number, camera] of [
    [1, "Car park barrier"],
    [2, "Lobby entrance"],
  ] as const) {
    await screens.canvas.tile(number).select();
    await screens.areaView.open(camera);
  }
  await screens.canvas.tile(1).isPlaying();
  await expectAllInReach(page, "Canvas");

  await test.step("the wizard, opened and closed from a tile that is not the first", async () => {
    const tile = screens.canvas.tile(2);
    await screens.wizard.openFrom(tile);
    await expectAllInReach(page, "Cameras");
    await screens.wizard.next();
    await expectAllInReach(page, "Times");
    await screens.wizard.next();
    await screens.wizard.associate("Select existing case");
    await expectAllInReach(page, "Case association");
    await screens.wizard.next();
    await expectAllInReach(page, "Case");
    await page.keyboard.type("Forklift");
    await expect(page.getByRole("status").getByText(/\d+ cases? found\./)).toBeAttached();
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("option");
    await page.keyboard.press("Enter");
    await screens.wizard.next();
    await expectAllInReach(page, "Summary");
    await screens.wizard.button("Cancel").click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Discard" }).click();
    await expect.poll(() => focused(page)).toMatch(/^Tile 2/);
  });

  await test.step("keys count with Caps Lock too, and a sheet shows them", async () => {
    await screens.canvas.tile(1).element.focus();
    await page.keyboard.press("?");
    const sheet = page.getByRole("dialog", { name: "Keys", exact: true });
    await expect(sheet.getByText("Back to live")).toBeVisible();
    await expectAllInReach(page, "Keys");
    await page.keyboard.press("Escape");
    await expect(sheet).toBeHidden();
    await expect.poll(() => focused(page)).toMatch(/^Tile 1/);
    await page.keyboard.press("T");
    const jump = page.getByRole("dialog", { name: "Jump to time" });
    await expect(jump).toBeVisible();
    await page.keyboard.press("?");
    await expect(sheet).toBeHidden();
    await page.keyboard.press("Escape");
    await expect(jump).toBeHidden();
    await expect.poll(() => focused(page)).not.toBe("BODY");
  });

  await test.step("Escape closes the tray from anywhere", async () => {
    await screens.tray.open();
    await expectAllInReach(page, "Notifications");
    await screens.canvas.tile(1).element.focus();
    await page.keyboard.press("Escape");
    await expect(screens.tray.region).toBeHidden();
    await expect.poll(() => focused(page)).toMatch(/^Notifications/);
  });

  await test.step("the area view is as wide as the operator makes it, also after a reload", async () => {
    const separator = page.getByRole("separator", { name: "Width of the area view" });
    const widthPx = async () => (await screens.areaView.region.boundingBox())?.width;
    const before = (await widthPx()) ?? 0;
    await separator.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect.poll(widthPx).toBe(before + 32);
    await page.reload();
    await expect.poll(widthPx).toBe(before + 32);
  });

  await screens.settings.open();
  for (const tab of ["Destination", "Network", "Cameras", "Site", "Preferences"]) {
    await screens.settings.turnTo(tab);
    await expectAllInReach(page, `Settings, ${tab}`);
  }
  await screens.settings.close();
});
