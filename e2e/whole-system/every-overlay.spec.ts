import type { Locator } from "playwright-core";
import { expect, test } from "../fixture/test.ts";

/** Something that opens over the console, and every way in which it is closed without changing anything. */
interface Overlay {
  readonly name: string;
  readonly opener: Locator;
  /** The key with which the opener opens it. */
  readonly key: string;
  readonly overlay: Locator;
  readonly ways: readonly (string | Locator)[];
}

test("whatever opens over the console is opened and closed by keyboard, and the focus comes back", async ({
  desk,
  screens,
}) => {
  test.setTimeout(180_000);
  const { page } = desk;
  await screens.logOn.logOn("administrator", "administrator");
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
  const tile = screens.canvas.tile(1).element;
  const button = (within: Locator, name: string) => within.getByRole("button", { name, exact: true });
  const dialog = (name: string) => page.getByRole("dialog", { name, exact: true });

  const closeEachWay = async ({ name, opener, key, overlay, ways }: Overlay) => {
    for (const way of ways) {
      await test.step(`${name}, closed by ${typeof way === "string" ? way : "its button"}`, async () => {
        await opener.focus();
        await page.keyboard.press(key);
        await expect(overlay).toBeVisible();
        // Whoever opened it by keyboard is inside it.
        await expect
          .poll(() => overlay.evaluate((element) => element.contains(document.activeElement)))
          .toBe(true);
        if (typeof way === "string") await page.keyboard.press(way);
        else {
          await way.focus();
          await page.keyboard.press("Enter");
        }
        await expect(overlay).toBeHidden();
        await expect(opener).toBeFocused();
      });
    }
  };

  const settings = dialog("Settings");
  const keys = dialog("Keys");
  const jump = dialog("Jump to time");
  const overlays: readonly Overlay[] = [
    {
      ...{ name: "Settings", opener: button(page.locator("header"), "Settings"), key: "Enter" },
      ...{ overlay: settings, ways: ["Escape", button(settings, "Close"), button(settings, "Done")] },
    },
    {
      ...{ name: "Keys", opener: button(page.locator("header"), "Keys"), key: "Enter" },
      ...{ overlay: keys, ways: ["Escape", button(keys, "Close"), button(keys, "Done")] },
    },
    {
      ...{ name: "Notifications", opener: screens.tray.button, key: "Enter" },
      ...{ overlay: screens.tray.region, ways: ["Escape"] },
    },
    {
      ...{ name: "the tile's menu", opener: tile, key: "Shift+F10" },
      ...{ overlay: page.getByRole("menu"), ways: ["Escape"] },
    },
    {
      ...{ name: "the menu of speeds", opener: button(tile, "Speed 1×"), key: "Enter" },
      ...{ overlay: page.getByRole("menu"), ways: ["Escape"] },
    },
    {
      ...{ name: "Jump to time", opener: button(tile, "Jump to time"), key: "Enter" },
      ...{ overlay: jump, ways: ["Escape", button(jump, "Cancel")] },
    },
  ];
  for (const overlay of overlays) await closeEachWay(overlay);

  await test.step("the wizard, its dialog of cameras and its question", async () => {
    const wizard = screens.wizard.dialog;
    const openWizard = async () => {
      await tile.focus();
      await page.keyboard.press("Shift+F10");
      await page.getByRole("menuitem", { name: /^Send evidence/ }).focus();
      await page.keyboard.press("Enter");
      await expect(wizard).toBeVisible();
    };
    await openWizard();
    await page.keyboard.press("Escape");
    await expect(wizard).toBeHidden();
    await expect(tile).toBeFocused();

    await openWizard();
    const cameras = dialog("Add cameras");
    await closeEachWay({
      ...{ name: "Add cameras", opener: button(wizard, "Add cameras"), key: "Enter" },
      ...{ overlay: cameras, ways: ["Escape", button(cameras, "Cancel")] },
    });
    await button(wizard, "Add all cameras in tiles").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    const question = page.getByRole("alertdialog");
    await expect(question).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(question).toBeHidden();
    await expect
      .poll(() => wizard.evaluate((element) => element.contains(document.activeElement)))
      .toBe(true);
    await button(wizard, "Cancel").focus();
    await page.keyboard.press("Enter");
    await button(question, "Discard").focus();
    await page.keyboard.press("Enter");
    await expect(wizard).toBeHidden();
    await expect(tile).toBeFocused();
  });
});
