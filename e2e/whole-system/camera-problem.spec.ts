import { expect, test } from "../fixture/test.ts";

/** Nobody listens at the discard port of this computer. */
const NOBODY = "127.0.0.1:9/stream";

test("a camera that cannot be recorded says so, and why, in the area view and in its tile", async ({
  desk,
  screens,
}) => {
  const name = `Cellar ${Date.now()}`;
  const { settings, areaView, canvas } = screens;
  await screens.logOn.logOn("administrator", "administrator");
  await settings.addCamera({ name, area: "Test", address: `rtsp://ann:Geheim@1@${NOBODY}?token=Verborgen1` });

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

  // All of it can be changed, and nobody is shown what is secret.
  const dialog = await settings.openCamera(name);
  await expect(dialog.getByLabel("Address", { exact: true })).toHaveValue(`rtsp://${NOBODY}?token={hidden}`);
  await expect(dialog.getByLabel("User", { exact: true })).toHaveValue("ann");
  await expect(dialog.getByLabel("Password", { exact: true })).toHaveValue("");
  await expect(dialog.getByLabel("Password", { exact: true })).toHaveAttribute("placeholder", "Kept, sealed");
  const shape = dialog.getByRole("button", { name: /Shape$/ });
  await expect(shape).toHaveText(/As sent/);
  await shape.click();
  await desk.page.getByRole("option", { name: "16:9", exact: true }).click();
  await expect(shape).toBeFocused();
  await dialog.getByLabel("Address", { exact: true }).fill("rtsp://127.0.0.2:9/stream");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("alert")).toContainText(
    "names another host: enter the camera's password again",
  );
  await dialog.getByLabel("Password", { exact: true }).fill("Geheim2");
  const renamed = `${name} north`;
  await dialog.getByLabel("Name", { exact: true }).fill(renamed);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(settings.button(`Edit ${renamed}`)).toBeVisible();
  await expect(settings.button(`Edit ${name}`)).toHaveCount(0);
  expect(await desk.page.locator("body").innerHTML()).not.toMatch(/Geheim|Verborgen/);
  await settings.close();
  await expect(canvas.tile(1).badge).toHaveText("No signal");

  await settings.removeCamera(renamed);
});
