import type { Page } from "playwright-core";
import type { RunningConsole } from "#e2e/index.ts";
import { screensOf } from "#e2e/index.ts";

const SEEKS = 30;
/** The part of the timeline in which there is footage whatever hour it is. */
const FROM = 0.1;
const TO = 0.6;

/** From the press of the mouse to the first picture that is drawn after it; null after ten seconds without any. */
const ARM = `() => {
  const tile = document.querySelector("[data-tile='0']");
  window.seekTook = new Promise((resolve) => {
    let pressedMs = null;
    const watched = new WeakSet();
    const watch = () => {
      for (const video of tile.querySelectorAll("video")) {
        if (watched.has(video)) continue;
        watched.add(video);
        video.requestVideoFrameCallback(() => {
          if (pressedMs !== null) resolve(performance.now() - pressedMs);
          else watched.delete(video);
        });
      }
      requestAnimationFrame(watch);
    };
    watch();
    addEventListener("pointerdown", () => {
      pressedMs = performance.now();
      setTimeout(() => resolve(null), 10_000);
    }, { once: true, capture: true });
  });
}`;

/**
 * Clicks here and there on the timeline of a tile that is paused: nothing but the picture of another time is drawn then.
 * @returns milliseconds of each
 */
export async function consoleSeeks({ page }: RunningConsole, cameraName: string): Promise<number[]> {
  const { canvas, areaView } = screensOf(page);
  await canvas.choosePattern("1");
  const tile = canvas.tile(1);
  await tile.select();
  await areaView.open(cameraName);
  await tile.isPlaying();
  const box = await tile.timeline.position.boundingBox();
  if (box === null) throw new Error("The timeline is not in sight.");
  const click = (share: number) =>
    page.mouse.click(box.x + box.width * (FROM + (TO - FROM) * share), box.y + box.height * 0.75);
  await click(0.5);
  await tile.badge.filter({ hasText: "Playback" }).waitFor();
  await tile.isPlaying();
  await tile.element.focus();
  await tile.element.press("Space");
  await tile.control("Play").waitFor({ state: "attached" });
  const took: number[] = [];
  for (let seek = 1; seek <= SEEKS; seek++)
    took.push(await timedSeek(page, () => click((seek * 0.618_033_988_75) % 1)));
  return took;
}

async function timedSeek(page: Page, click: () => Promise<void>): Promise<number> {
  await page.evaluate<undefined>(`(${ARM})()`);
  await click();
  const tookMs = await page.evaluate<number | null>("window.seekTook");
  if (tookMs === null) throw new Error("A seek showed no picture within ten seconds.");
  return tookMs;
}
