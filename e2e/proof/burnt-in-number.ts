import { expect } from "@playwright/test";
import type { Locator } from "playwright-core";
import { FRAME_STRIP } from "#dev/demo-site/footage/frame-strip.ts";
import type { Tile } from "../screen-objects/tile.ts";

/** As many as a minute of a demo camera has, after which the burnt-in numbers begin again. */
const FRAMES_PER_MINUTE = 600;
const FRAME_MS = 100;

/** A picture on the screen: its burnt-in number, and the instant at which it was looked at. */
export interface SeenPicture {
  readonly number: number;
  readonly seenUtcMs: number;
}

/**
 * Reads the burnt-in numbers of the pictures that videos show, or canvases, all at one moment.
 * @returns null for one without a picture
 */
export async function seenPictures(videos: Locator): Promise<(SeenPicture | null)[]> {
  return await videos.evaluateAll((elements, { x, y, blockSize, bits }) => {
    const canvas = document.createElement("canvas");
    canvas.width = bits * blockSize;
    canvas.height = blockSize;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    return elements.map((element) => {
      const shown = element as HTMLVideoElement | HTMLCanvasElement;
      const isEmpty = shown instanceof HTMLVideoElement && (shown.readyState < 2 || shown.videoWidth === 0);
      if (context === null || isEmpty) return null;
      context.drawImage(shown, x, y, canvas.width, blockSize, 0, 0, canvas.width, blockSize);
      const row = context.getImageData(0, blockSize / 2, canvas.width, 1).data;
      let number = 0;
      for (let bit = 0; bit < bits; bit += 1) {
        const isWhite = (row[(bit * blockSize + blockSize / 2) * 4] ?? 0) > 127;
        number = number * 2 + (isWhite ? 1 : 0);
      }
      return { number, seenUtcMs: Date.now() };
    });
  }, FRAME_STRIP);
}

/** The burnt-in number of the picture that a video or a canvas shows; null while it shows none. */
export async function seenNumber(video: Locator): Promise<number | null> {
  const [seen] = await seenPictures(video);
  return seen?.number ?? null;
}

export const videoOf = (tile: Tile): Locator => tile.element.locator("video").first();

/** Where the playhead stands still, with the picture of it on the screen. */
export async function stillNumber(tile: Tile): Promise<number> {
  let before: number | null = null;
  await expect(async () => {
    const number = await seenNumber(videoOf(tile));
    const isStill = number !== null && number === before;
    before = number;
    expect(isStill).toBe(true);
  }).toPass({ intervals: [400] });
  return before!;
}

/** How old a picture is that was recorded within the last minute. */
export function ageMs({ number, seenUtcMs }: SeenPicture): number {
  const shownMs = number * FRAME_MS;
  return (((seenUtcMs - shownMs) % 60_000) + 60_000) % 60_000;
}

/** How many frames lie between the first and the last of pictures that are less than half a minute apart. */
export function framesApart(numbers: readonly number[]): number {
  const first = numbers[0] ?? 0;
  const offsets = numbers.map((number) => {
    const ahead = (number - first + FRAMES_PER_MINUTE) % FRAMES_PER_MINUTE;
    return ahead > FRAMES_PER_MINUTE / 2 ? ahead - FRAMES_PER_MINUTE : ahead;
  });
  return Math.max(...offsets) - Math.min(...offsets);
}

interface PageWithDrawn {
  drawn: number[];
}

/** From now on the page notes the number of every picture that the tile's video draws. */
export async function noteDrawn(tile: Tile): Promise<void> {
  await videoOf(tile).evaluate((element, { x, y, blockSize, bits }) => {
    const video = element as HTMLVideoElement;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [bits * blockSize, blockSize];
    const context = canvas.getContext("2d", { willReadFrequently: true })!;
    const drawn: number[] = [];
    (window as unknown as PageWithDrawn).drawn = drawn;
    const note = () => {
      if ((window as unknown as PageWithDrawn).drawn !== drawn) return;
      context.drawImage(video, x, y, canvas.width, blockSize, 0, 0, canvas.width, blockSize);
      const row = context.getImageData(0, blockSize / 2, canvas.width, 1).data;
      let number = 0;
      for (let bit = 0; bit < bits; bit += 1)
        number = number * 2 + ((row[(bit * blockSize + blockSize / 2) * 4] ?? 0) > 127 ? 1 : 0);
      if (number !== drawn.at(-1)) drawn.push(number);
      video.requestVideoFrameCallback(note);
    };
    video.requestVideoFrameCallback(note);
  }, FRAME_STRIP);
}

/** What was drawn since; a picture that is drawn again counts once. */
export const drawnNumbers = async (tile: Tile): Promise<readonly number[]> =>
  await videoOf(tile).evaluate(() => (window as unknown as PageWithDrawn).drawn);

/** Presses keys of a tile at once: nothing of what the first one began has happened yet. */
export async function pressAtOnce(tile: Tile, ...keys: readonly string[]): Promise<void> {
  await tile.element.focus();
  await tile.element.evaluate((element, pressed) => {
    for (const key of pressed)
      element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }, keys);
}
