import type { Page } from "playwright-core";

const START = `() => {
  const times = [];
  let last = performance.now();
  window.stopFrames = () => { window.stopFrames = undefined; return times.slice(1); };
  const next = (now) => {
    times.push(now - last);
    last = now;
    if (window.stopFrames) requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}`;

/**
 * Drags over a box, there and back, by real events of the mouse.
 * @returns milliseconds between the frames of the page meanwhile
 */
export async function dragFrames(
  page: Page,
  box: { x: number; y: number; width: number; height: number },
  moves: number,
): Promise<number[]> {
  const y = box.y + box.height * 0.75;
  const at = (move: number): number => {
    const share = Math.abs(((move * 2) / moves) % 2 > 1 ? 2 - (move * 2) / moves : (move * 2) / moves);
    return box.x + box.width * (0.1 + 0.7 * share);
  };
  await page.mouse.move(at(0), y);
  await page.mouse.down();
  await page.evaluate<undefined>(`(${START})()`);
  for (let move = 1; move <= moves; move++) await page.mouse.move(at(move), y);
  const times = await page.evaluate<number[]>("window.stopFrames()");
  await page.mouse.up();
  await page.keyboard.press("Delete");
  return times;
}
