import type { Page } from "playwright-core";

/** As far as a wheel that is turned fast takes a list within a frame: about ten rows. */
const STEP_PX = 250;

/**
 * Scrolls an element of the page by its own code, a step a frame, there and back.
 * @returns milliseconds between frames
 */
export async function scrollFrames(page: Page, selector: string, frames: number): Promise<number[]> {
  return await page.evaluate<number[]>(`(${SCROLL})(${JSON.stringify({ selector, frames, step: STEP_PX })})`);
}

const SCROLL = `({ selector, frames, step }) => new Promise((resolve) => {
  const scroller = document.querySelector(selector);
  const times = [];
  let last = performance.now();
  const next = (now) => {
    times.push(now - last);
    last = now;
    if (times.length > frames) return resolve(times.slice(1));
    scroller.scrollTop += times.length <= frames / 2 ? step : -step;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
})`;

/** Puts a list beside the other that is as long and has nothing in it, for comparison. */
export async function addEmptyList(page: Page, selector: string, id: string): Promise<void> {
  await page.evaluate<undefined>(`(${EMPTY})(${JSON.stringify({ selector, id })})`);
}

const EMPTY = `({ selector, id }) => {
  const like = document.querySelector(selector);
  const list = document.createElement("div");
  list.id = id;
  list.style = "position: fixed; left: 0; bottom: 0; overflow: auto; z-index: 99";
  list.style.width = like.clientWidth + "px";
  list.style.height = like.clientHeight + "px";
  const inside = document.createElement("div");
  inside.style.height = like.scrollHeight + "px";
  list.append(inside);
  document.body.append(list);
}`;

/** Takes that list away again. */
export async function removeEmptyList(page: Page, id: string): Promise<void> {
  await page.evaluate<undefined>(`document.getElementById(${JSON.stringify(id)}).remove()`);
}
