import { rtspCameraMissing, startRtspCamera } from "../fixture/rtsp-camera.ts";
import { expect, test } from "../fixture/test.ts";

const missing = rtspCameraMissing();

test("an administrator adds an RTSP camera by its address, and it is recorded and plays", async ({
  screens,
}) => {
  test.skip(missing !== null, missing ?? "");
  const rtsp = await startRtspCamera();
  const { settings, areaView, canvas } = screens;
  await screens.logOn.logOn("administrator", "administrator");
  await settings.open();
  await settings.turnTo("Cameras");
  await settings.field("Name").fill("Loading ramp");
  await settings.field("Area").fill("Test");
  await settings.field("Address").fill(rtsp.address);
  await settings.button("Add camera").click();
  await expect(settings.dialog.getByText("Loading ramp").first()).toBeVisible();
  await settings.close();

  await canvas.tile(1).select();
  await areaView.open("Loading ramp");
  await expect(areaView.camera("Loading ramp")).toHaveAccessibleDescription(/recording/i, { timeout: 30_000 });
  await canvas.tile(1).isPlaying();

  await settings.open();
  await settings.turnTo("Cameras");
  await settings.button("Remove Loading ramp").click();
  await screens.settings.confirm("Remove");
  await rtsp.stop();
});
