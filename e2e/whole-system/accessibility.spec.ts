import { expect, test } from "../fixture/test.ts";
import { violations } from "../proof/axe.ts";

test("axe finds no violation on the console's screens", async ({ desk, screens }) => {
  await expect(screens.logOn.dialog).toBeVisible();
  expect(await violations(desk.page), "log on").toEqual([]);
  await screens.logOn.logOn("administrator", "administrator");
  await screens.canvas.tile(1).isPlaying();
  expect(await violations(desk.page), "canvas").toEqual([]);
  await screens.canvas.tile(1).openMenu();
  expect(await violations(desk.page), "context menu").toEqual([]);
  await desk.page.keyboard.press("Escape");
  await screens.wizard.openFrom(screens.canvas.tile(1));
  expect(await violations(desk.page), "wizard, cameras").toEqual([]);
  await screens.wizard.next();
  expect(await violations(desk.page), "wizard, times").toEqual([]);
  await screens.wizard.next();
  await screens.wizard.associate("Create a new case");
  expect(await violations(desk.page), "wizard, case association").toEqual([]);
  await screens.wizard.next();
  expect(await violations(desk.page), "wizard, new case").toEqual([]);
  await desk.page.keyboard.press("Escape");
  await desk.page.getByRole("button", { name: "Discard" }).click();
  await screens.tray.open();
  expect(await violations(desk.page), "tray").toEqual([]);
  await screens.settings.open();
  expect(await violations(desk.page), "settings").toEqual([]);
});
