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
  await settings.addCamera({ name, area: "Test", address: NOBODY });

  await canvas.tile(1).select();
  await areaView.open(name);
  await expect(areaView.camera(name)).toHaveAccessibleDescription(/^No signal: .*refused/i, {
    timeout: 30_000,
  });
  const badge = canvas.tile(1).element.getByRole("img", { name: /^No signal: .*refused/i });
  await expect(badge).toHaveText("No signal");
  await expect(canvas.tile(1).badge).toHaveText("No signal");
  await expect(desk.page.locator("[data-live-announcer]", { hasText: `${name}: No signal: ` })).toHaveCount(
    1,
  );

  await settings.removeCamera(name);
});
