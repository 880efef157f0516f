import type { Locator, Page } from "playwright-core";
import { percentile } from "../report.ts";

const WHEEL_STEPS = 120;
const WHEEL_PX = 400;

/**
 * Turns the wheel over an element for some seconds and takes the time from each frame to the next meanwhile.
 * @returns the 95th percentile in milliseconds
 */
export async function scrollP95Ms(page: Page, over: Locator): Promise<number> {
  const box = await over.boundingBox();
  if (box === null) throw new Error("What is to be scrolled is not in sight.");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.evaluate(BEGIN);
  for (let step = 0; step < WHEEL_STEPS; step += 1) {
    await page.mouse.wheel(0, step % 40 < 30 ? WHEEL_PX : -WHEEL_PX);
  }
  const frames = await page.evaluate<number[]>(END);
  return percentile(frames, 95);
}

const BEGIN = `(() => {
  const taken = (window.frameTimes = []);
  window.takeFrames = true;
  let last = performance.now();
  const take = (now) => {
    taken.push(now - last);
    last = now;
    if (window.takeFrames) requestAnimationFrame(take);
  };
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(take); });
})()`;

const END = `(() => { window.takeFrames = false; return window.frameTimes; })()`;
