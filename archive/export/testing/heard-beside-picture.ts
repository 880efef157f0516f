import type { Page } from "playwright-core";
import { NUMBERED_SIZE } from "./numbered-footage.ts";
import { readStripes } from "./shown-pictures.ts";

/** What a browser showed and let hear at the same moment. */
export interface HeardAndShown {
  /** Number of the picture on the screen. */
  readonly number: number;
  /** Of the sound in the block of samples that ended just then; null where it was silent. */
  readonly frequencyHz: number | null;
}

/**
 * Plays a file in a browser in its own time, from `fromS` to `toS`, and notes sound and picture about ten times a
 * second. Between what is noted and what is heard lies a delay of the browser's, the same throughout.
 */
export async function playWithSound(
  page: Page,
  url: string,
  fromS: number,
  toS: number,
): Promise<HeardAndShown[]> {
  const { width, height } = NUMBERED_SIZE;
  await page.goto(new URL("/", url).href);
  await page.setContent(`<video></video><canvas width=${width} height=${height}></canvas>`);
  const noted = await page.evaluate<{ row: number[]; frequencyHz: number | null }[]>(
    `(${playAndNote})(${JSON.stringify(url)}, ${fromS}, ${toS})`,
  );
  return noted.map(({ row, frequencyHz }) => ({ frequencyHz, number: readStripes((x) => row[x] ?? 0) }));
}

// Runs inside the page, whose types are not those of Node; hence a string.
const playAndNote = `async (url, fromS, toS) => {
  const video = document.querySelector("video");
  const canvas = document.querySelector("canvas");
  const picture = canvas.getContext("2d", { willReadFrequently: true });
  const happened = (name) => new Promise((resolve, reject) => {
    video.addEventListener(name, resolve, { once: true });
    video.addEventListener("error", () => reject(new Error(video.error.message)), { once: true });
  });
  const row = () => {
    picture.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data } = picture.getImageData(0, canvas.height / 2, canvas.width, 1);
    return Array.from({ length: canvas.width }, (_, x) => data[x * 4]);
  };
  // Between the first and the last rise through zero lie whole periods.
  const frequencyOf = (samples, rate) => {
    const rises = [];
    for (let at = 1; at < samples.length; at++) {
      const [before, after] = [samples[at - 1], samples[at]];
      if (before < 0 && after >= 0) rises.push(at - after / (after - before));
    }
    const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    if (loudest < 0.2 || rises.length < 3) return null;
    return ((rises.length - 1) * rate) / (rises.at(-1) - rises[0]);
  };
  const context = new AudioContext();
  const listener = context.createScriptProcessor(4096, 1, 1);
  const noted = [];
  listener.onaudioprocess = ({ inputBuffer }) => {
    if (video.seeking || video.paused) return;
    noted.push({ row: row(), frequencyHz: frequencyOf(inputBuffer.getChannelData(0), context.sampleRate), at: video.currentTime });
  };
  context.createMediaElementSource(video).connect(listener);
  listener.connect(context.destination);
  const loaded = happened("loadeddata");
  video.src = url;
  await loaded;
  const sought = happened("seeked");
  video.currentTime = fromS;
  await sought;
  await context.resume();
  await video.play();
  await new Promise((resolve, reject) => {
    video.addEventListener("error", () => reject(new Error(video.error.message)), { once: true });
    const look = () => { if (video.currentTime >= toS || video.ended) resolve(); };
    video.addEventListener("timeupdate", look);
    video.addEventListener("ended", look);
  });
  video.pause();
  await context.close();
  return noted;
}`;
