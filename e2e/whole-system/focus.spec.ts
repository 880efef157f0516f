import type { Page } from "playwright-core";
import { expect, test } from "../fixture/test.ts";

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.tagName);

test("the focus is where the work is", async ({ desk, screens }) => {
  test.setTimeout(240_000);
  const { page } = desk;

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

  await test.step("the wizard, opened and closed from a tile that is not the first", async () => {
    const tile = screens.canvas.tile(2);
    await screens.wizard.openFrom(tile);
    await screens.wizard.next();
    await screens.wizard.next();
    await screens.wizard.associate("Select existing case");
    await screens.wizard.next();
    await page.keyboard.type("Forklift");
    await expect(page.getByRole("status").getByText(/\d+ cases? found\./)).toBeAttached();
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("option");
    await page.keyboard.press("Enter");
    await screens.wizard.next();
    await screens.wizard.button("Cancel").click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Discard" }).click();
    await expect.poll(() => focused(page)).toMatch(/^Tile 2/);
  });

  await test.step("keys count with Caps Lock too, and a sheet shows them", async () => {
    await screens.canvas.tile(1).element.focus();
    await page.keyboard.press("?");
    const sheet = page.getByRole("dialog", { name: "Keys", exact: true });
    await expect(sheet.getByText("Back to live")).toBeVisible();
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
});
