import { expect, test } from "../fixture/test.ts";

/** More than a list of the settings draws at once, whatever else the site has. */
const COUNT = 14;

test("a camera that is added to many is brought into sight, and any of them is found by its name", async ({
  screens,
}) => {
  const { settings } = screens;
  const stamp = Date.now();
  const names = Array.from({ length: COUNT }, (_, index) => `Row-${index + 1}-${stamp}`);
  await screens.logOn.logOn("administrator", "administrator");
  // Each waits until the new row can be seen, and nobody scrolls.
  for (const name of names) {
    await settings.addCamera({ name, area: "Rows", address: "rtsp://127.0.0.1:9/none" });
  }

  await settings.open();
  await settings.turnTo("Cameras");
  const rows = settings.dialog.getByRole("list", { name: "Cameras" }).getByRole("listitem");
  await settings.searchCameras(`rows ${names[3]!.toUpperCase()}`);
  await expect(rows).toHaveCount(1);
  await settings.dialog.getByRole("searchbox", { name: "Search cameras" }).press("ArrowDown");
  await expect(settings.button(`Edit ${names[3]}`)).toBeFocused();
  await settings.close();

  for (const name of names) {
    await settings.removeCamera(name);
    await settings.close();
  }
});
