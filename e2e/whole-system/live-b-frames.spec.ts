import { startNumberedCameras, type NumberedWish } from "#proofs/numbered-camera/numbered-camera.ts";
import {
  drawnNumbers,
  noteDrawn,
  pressAtOnce,
  seenPictures,
  stillNumber,
  videoOf,
} from "../proof/burnt-in-number.ts";
import { expect, test } from "../fixture/test.ts";

const isLong = process.env["EVIDENCE_DESK_LONG_TESTS"] === "1";
/** Behind a key frame stand whole groups of one frame and its B-frames: what the numbered camera's stamps say. */
const H264: NumberedWish = { count: 1, rate: 10, group: 100, codec: "h264", bFrames: 2 };
const CAMERAS: readonly NumberedWish[] = isLong ? [H264, { ...H264, group: 41, bFrames: 3 }] : [H264];
const TIMES_PAUSED = isLong ? 20 : 2;
/** On a busy machine; with nothing else to do it is less than a second. */
const LIVE_MS = 3_000;
const LONG = { timeout: 45_000 };
const CLIP_FRAMES = 600;

/** From each picture to the one drawn after it. */
const steps = (numbers: readonly number[]): number[] =>
  numbers.slice(1).map((number, at) => (number - numbers[at]! + CLIP_FRAMES) % CLIP_FRAMES);

for (const wish of CAMERAS)
  test(`a camera with ${wish.bFrames} B-frames is live frame by frame, in order, and steps count from the picture shown`, async ({
    screens,
  }) => {
    const [camera] = await startNumberedCameras(wish);
    const { canvas, areaView, settings, logOn } = screens;
    const tile = canvas.tile(1);
    const name = `Reordered ${wish.bFrames} ${new URL(camera!.url.replace("rtsp:", "http:")).port}`;
    const live = () =>
      expect
        .poll(async () => {
          const [seen] = await seenPictures(videoOf(tile));
          return (seen && camera!.delayMs(seen)) ?? Infinity;
        }, LONG)
        .toBeLessThan(LIVE_MS);
    await logOn.logOn("administrator", "administrator");
    await settings.addCamera({ name, area: "Test", address: camera!.url });
    await tile.select();
    await areaView.open(name);
    await live();

    await test.step("every picture once, in the order in which they were taken", async () => {
      await expect(tile.badge).toHaveText("Live", LONG);
      await noteDrawn(tile);
      await expect.poll(async () => (await drawnNumbers(tile)).length, LONG).toBeGreaterThan(50);
      const numbers = await drawnNumbers(tile);
      // A picture that a busy page does not come to draw is no picture in another order.
      expect(Math.max(...steps(numbers))).toBeLessThan(CLIP_FRAMES / 2);
      const left = steps(numbers).reduce((sum, step) => sum + step - 1, 0);
      expect(left).toBeLessThan(numbers.length / 4);
    });

    await test.step("paused, the picture stands; a step at once counts from it", async () => {
      for (let time = 0; time < TIMES_PAUSED; time += 1) {
        const key = time % 2 === 0 ? "," : ".";
        await noteDrawn(tile);
        await expect.poll(async () => (await drawnNumbers(tile)).length).toBeGreaterThan(2);
        await pressAtOnce(tile, " ", key);
        await expect(tile.badge).toHaveText(/^Playback/);
        const stands = await stillNumber(tile);
        const drawn = await drawnNumbers(tile);
        expect([drawn.at(-1), steps(drawn.slice(-2))[0]], drawn.slice(-6).join(" ")).toEqual([
          stands,
          key === "," ? CLIP_FRAMES - 1 : 1,
        ]);
        await pressAtOnce(tile, ",", ",", ",", ".");
        await expect.poll(async () => (await drawnNumbers(tile)).at(-1)).toBe((stands + 598) % CLIP_FRAMES);
        await pressAtOnce(tile, "l");
        await live();
      }
    });
    await settings.removeCamera(name);
    await camera!.close();
  });
