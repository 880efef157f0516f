import { expect, test } from "../fixture/test.ts";

/** Nobody listens at the discard port of this computer. */
const NOBODY = "rtsp://127.0.0.1:9/stream";

test("a camera that cannot be recorded says so, and why, in the area view and in its tile", async ({
  desk,
  screens,
}) => {
  const name = `Cellar ${Date.now()}`;
  const { settings, areaView, canvas } = screens;
  await screens.logOn.logOn("administrator", "administrator");
  await settings.open();
  await settings.turnTo("Cameras");
  await settings.field("Name").fill(name);
  await settings.field("Area").fill("Test");
  await settings.field("Address").fill(NOBODY);
  await settings.button("Add camera").click();
  await expect(settings.button(`Remove ${name}`)).toBeVisible();
  await settings.close();

  await canvas.tile(1).select();
  await areaView.open(name);
  await expect(areaView.camera(name)).toHaveAccessibleDescription(/^No signal: .*refused/i, {
    timeout: 30_000,
  });
  const badge = canvas.tile(1).element.getByRole("img", { name: /^No signal: .*refused/i });
  await expect(badge).toHaveText("No signal");
  await expect(desk.page.locator("[data-live-announcer]", { hasText: `${name}: No signal: ` })).toHaveCount(
    1,
  );

  await settings.open();
  await settings.turnTo("Cameras");
  await settings.button(`Remove ${name}`).click();
  await settings.confirm("Remove");
  await expect(settings.button(`Remove ${name}`)).toBeHidden();
});
