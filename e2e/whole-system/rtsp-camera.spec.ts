import { rtspCameraMissing, startRtspCamera } from "../fixture/rtsp-camera.ts";
import { expect, test } from "../fixture/test.ts";

const missing = rtspCameraMissing();

const withCamera = test.extend<{ rtspAddress: string }>({
  // oxlint-disable-next-line no-empty-pattern -- how Playwright learns that a fixture needs no other
  rtspAddress: async ({}, use) => {
    const camera = await startRtspCamera();
    await use(camera.address);
    await camera.stop();
  },
});

withCamera.skip(missing !== null, missing ?? "");

withCamera(
  "an administrator adds an RTSP camera by its address, and it is recorded and plays",
  async ({ rtspAddress, screens }) => {
    const name = `Ramp ${new URL(rtspAddress.replace("rtsp:", "http:")).port}`;
    const { settings, areaView, canvas } = screens;
    await screens.logOn.logOn("administrator", "administrator");
    await settings.addCamera({ name, area: "Test", address: rtspAddress });

    await canvas.tile(1).select();
    await areaView.open(name);
    await expect(areaView.camera(name)).toHaveAccessibleDescription(/recording/i, { timeout: 30_000 });
    await canvas.tile(1).isPlaying();

    await settings.removeCamera(name);
  },
);
