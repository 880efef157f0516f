import type { Page } from "playwright-core";

/** From now on the page notes, for each key, how long it takes until the frame after it has been given away to be drawn. */
export async function beginLatencies(page: Page): Promise<void> {
  await page.evaluate<undefined>(BEGIN);
}

/** @returns milliseconds from each key to its frame, and how many announcements of statuses came meanwhile */
export async function takeLatencies(page: Page): Promise<{ latenciesMs: number[]; statusEvents: number }> {
  return await page.evaluate<{ latenciesMs: number[]; statusEvents: number }>(`window.endLatencies()`);
}

const BEGIN = `(() => {
  const found = (window.latencies = { latenciesMs: [], statusEvents: 0 });
  const note = (event) => requestAnimationFrame(() => {
    // What is posted within a frame's callbacks runs when that frame's style, layout and painting are done.
    const channel = new MessageChannel();
    channel.port1.onmessage = () => found.latenciesMs.push(performance.now() - event.timeStamp);
    channel.port2.postMessage(null);
  });
  addEventListener("keydown", note, true);
  const stop = window.evidenceDesk.onEvent((name) => { if (name === "exports.changed") found.statusEvents += 1; });
  // The last key's frame is waited for.
  window.endLatencies = () => new Promise((resolve) => setTimeout(() => resolve(found), 200)).finally(() => {
    removeEventListener("keydown", note, true);
    stop();
  });
})()`;
