import type { Page } from "playwright-core";
import { type NumberedCamera, startNumberedCameras } from "#proofs/numbered-camera/numbered-camera.ts";
import { videoOf } from "../proof/burnt-in-number.ts";
import type { RunningConsole } from "../fixture/console.ts";
import { expect, test } from "../fixture/test.ts";
import type { Tile } from "../screen-objects/tile.ts";

const LONG = { timeout: 45_000 };
const WISH = { count: 1, rate: 10, group: 20 };
/** Of 640×360. */
const SHAPE = { ratio: "1:1", width: 1 };

/** Width to height of what the tile shows. */
const shapeOf = async (tile: Tile): Promise<number> =>
  await videoOf(tile).evaluate((element) => {
    const { videoWidth, videoHeight } = element as HTMLVideoElement;
    return videoWidth / videoHeight;
  });

/** Width to height of the picture that is saved. */
async function savedShape(desk: RunningConsole, tile: Tile): Promise<number> {
  const png = await desk.savedBy(() => tile.choose("Snapshot"));
  return png.readUInt32BE(16) / png.readUInt32BE(20);
}

// A camera that was removed keeps its name: a run on the same site has others.
const [SQUARE, NEWER] = [`Square ${Date.now()}`, `Newer ${Date.now()}`] as const;

async function addCamera(page: Page, name: string, address: string, ratio?: string): Promise<void> {
  await page.evaluate(
    async (camera) => {
      const { evidenceDesk } = window as unknown as {
        evidenceDesk: { request(name: string, input: unknown): Promise<unknown> };
      };
      await evidenceDesk.request("cameras.add", camera);
    },
    { name, area: "Test", address, ...(ratio === undefined ? {} : { ratio }) },
  );
}

test("a set shape of the picture is seen live, in playback and in snapshots; what cannot be decoded here is named", async ({
  desk,
  screens,
}) => {
  const { page } = desk;
  const { canvas, areaView, settings, logOn } = screens;
  const cameras = (
    await Promise.all([startNumberedCameras(WISH), startNumberedCameras({ ...WISH, codec: "h265" })])
  ).flat() as [NumberedCamera, NumberedCamera];
  await logOn.logOn("administrator", "administrator");
  await addCamera(page, SQUARE, cameras[0].url, SHAPE.ratio);
  await addCamera(page, NEWER, cameras[1].url);
  await canvas.choosePattern("2×2");
  const [square, newer] = [canvas.tile(1), canvas.tile(2)];

  await test.step("H.265 is shown where there is a decoder, else it is named", async () => {
    await newer.select();
    await areaView.open(NEWER);
    const isPlayable = await page.evaluate(() =>
      MediaSource.isTypeSupported('video/mp4; codecs="hvc1.1.6.L93.B0"'),
    );
    test.info().annotations.push({ type: "H.265", description: isPlayable ? "decoded" : "no decoder here" });
    if (isPlayable) return await newer.isPlaying();
    await expect(newer.element.getByText(/^This computer cannot show H\.265 pictures\./)).toBeVisible(LONG);
  });

  await test.step("live", async () => {
    await square.select();
    await areaView.open(SQUARE);
    await expect(square.badge).toHaveText("Live", LONG);
    await square.isPlaying();
    expect([await shapeOf(square), await savedShape(desk, square)]).toEqual([
      expect.closeTo(SHAPE.width, 1),
      expect.closeTo(SHAPE.width, 1),
    ]);
    if (process.env["EVIDENCE_DESK_SCREENSHOTS"] === "1")
      await page.screenshot({ path: "test-results/screens/live-formats.png" });
  });

  await test.step("playback", async () => {
    // As soon as it is recorded for so long.
    await expect(async () => {
      await square.element.focus();
      await square.element.press("l");
      await expect(square.badge).toHaveText("Live");
      await square.control("Back 15 seconds").click();
      await expect(square.badge).toHaveText(/^Playback/);
      await expect(square.element.locator("[data-visible] video")).toBeVisible();
    }).toPass({ timeout: 90_000 });
    await square.isPlaying();
    expect([await shapeOf(square), await savedShape(desk, square)]).toEqual([
      expect.closeTo(SHAPE.width, 1),
      expect.closeTo(SHAPE.width, 1),
    ]);
  });
  await settings.removeCamera(SQUARE);
  await settings.close();
  await settings.removeCamera(NEWER);
  for (const camera of cameras) await camera.close();
});
