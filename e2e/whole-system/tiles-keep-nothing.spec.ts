import type { Tile } from "../screen-objects/tile.ts";
import { heldByPage } from "../proof/held-by-page.ts";
import { expect, test } from "../fixture/test.ts";

const CAMERAS = ["Fence east", "Reception desk"];

/** Live pictures become playback and live again: two sources more. */
async function toPlaybackAndBack(tile: Tile): Promise<void> {
  await tile.element.focus();
  await tile.element.press("Space");
  await expect(tile.badge).toContainText("Playback");
  await expect(tile.element.locator("[data-visible] video")).toBeVisible();
  await tile.element.press("l");
  await expect(tile.badge).toContainText("Live");
  await tile.isPlaying();
}

test("what a tile has shown and shows no more is not kept", async ({ desk, screens }) => {
  const { page } = desk;
  await screens.logOn.logOn("operator", "operator");
  await screens.canvas.choosePattern("1");
  const tile = screens.canvas.tile(1);
  const anotherCamera = async (round: number) => {
    await tile.select();
    await screens.areaView.open(CAMERAS[round % CAMERAS.length]!);
    await tile.isPlaying();
  };
  const session = await page.context().newCDPSession(page);

  await anotherCamera(0);
  await toPlaybackAndBack(tile);
  const before = await heldByPage(session);
  for (let round = 1; round <= 4; round += 1) await toPlaybackAndBack(tile);
  const afterSources = await heldByPage(session);
  for (let round = 1; round <= 4; round += 1) await anotherCamera(round);
  const afterCameras = await heldByPage(session);

  for (const after of [afterSources, afterCameras]) {
    // React keeps what it took out last until it draws the next time: one player at most, however many there were.
    expect(after.HTMLVideoElement).toBeLessThanOrEqual(before.HTMLVideoElement + 1);
    expect(after.MediaSource).toBeLessThanOrEqual(before.MediaSource + 1);
    expect(after.SourceBuffer).toBeLessThanOrEqual(before.SourceBuffer + 1);
    expect(after.Worker).toBeLessThanOrEqual(before.Worker + before.Worker / before.MediaSource);
    // Each change left 10 to 20 of them; what others draw meanwhile comes and goes.
    expect(after.nodes).toBeLessThan(before.nodes + 40);
    expect(after.listeners).toBeLessThan(before.listeners + 40);
  }
});
