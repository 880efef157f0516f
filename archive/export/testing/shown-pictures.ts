import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input, UrlSource } from "mediabunny";
import type { Page } from "playwright-core";
import { NUMBER_BITS, NUMBERED_SIZE, probe } from "./numbered-footage.ts";

const run = promisify(execFile);

/** Numbers of the pictures that ffmpeg shows, in order. */
export async function numbersInFfmpeg(path: string): Promise<number[]> {
  const { width, height } = NUMBERED_SIZE;
  // One row of pixels is enough to read the stripes.
  const filter = `scale=${width}:${height}:flags=neighbor,format=gray,crop=${width}:1:0:${height / 2}`;
  const options = [
    "-map",
    "0:v",
    "-vf",
    filter,
    "-fps_mode",
    "passthrough",
    "-enc_time_base",
    "-1",
    "-f",
    "rawvideo",
    "-",
  ];
  const { stdout, stderr } = await run("ffmpeg", ["-v", "error", "-nostdin", "-i", path, ...options], {
    encoding: "buffer",
    maxBuffer: 1 << 28,
  });
  if (stderr.length > 0) throw new Error(`ffmpeg: ${stderr.toString()}`);
  return Array.from({ length: stdout.length / width }, (_unused, row) =>
    readStripes((x) => stdout[row * width + x] ?? 0),
  );
}

export function readStripes(brightnessAt: (x: number) => number): number {
  let number = 0;
  for (let bit = 0; bit < NUMBER_BITS; bit++) if (brightnessAt(bit * 16 + 8) > 110) number += 2 ** bit;
  return number;
}

/** How many pictures ffprobe decodes, and how long it takes the file to be. */
export async function probeFile(path: string): Promise<{ frames: number; seconds: number }> {
  const answer = await probe<{ streams: { nb_read_frames: string }[]; format: { duration: string } }>(
    ...["-count_frames", "-select_streams", "v:0", "-show_entries", "stream=nb_read_frames:format=duration"],
    path,
  );
  return {
    frames: Number(answer.streams[0]?.nb_read_frames),
    seconds: Number(answer.format.duration),
  };
}

/** MD5 of every packet of picture or sound in the file, shown or not. */
export async function packetHashes(path: string, stream: "v" | "a"): Promise<string[]> {
  const answer = await probe<{ packets: { data_hash: string }[] }>(
    ...["-ignore_editlist", "1", "-select_streams", `${stream}:0`, "-show_packets"],
    ...["-show_data_hash", "md5", path],
  );
  return answer.packets.map((packet) => packet.data_hash);
}

/** The first seconds of the sound that ffmpeg plays, 48 000 samples a second. */
export async function soundSamples(path: string, seconds: number): Promise<Int16Array> {
  const format = ["-map", "0:a", "-t", String(seconds), "-ac", "1", "-ar", "48000", "-f", "s16le", "-"];
  const { stdout } = await run("ffmpeg", ["-v", "error", "-nostdin", "-i", path, ...format], {
    encoding: "buffer",
  });
  return new Int16Array(new Uint8Array(stdout).buffer);
}

/** Times of the pictures that mediabunny shows, from the start of the file, in order of time. */
export async function timesInMediabunny(path: string, endSeconds: number): Promise<number[]> {
  using input = new Input({ formats: ALL_FORMATS, source: new FilePathSource(path) });
  const track = await input.getPrimaryVideoTrack();
  if (track === null) throw new Error("mediabunny finds no picture.");
  const times: number[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) times.push(packet.timestamp);
  // Pre-roll is before zero; what the order of decoding drags along is at the end or behind it.
  const slack = 1e-6;
  return times.filter((time) => time > -slack && time < endSeconds - slack).toSorted((a, b) => a - b);
}

/** Times of the first and the last picture that mediabunny finds at an address, and its length, seconds. */
export async function endsInMediabunny(
  url: string,
): Promise<{ first: number | undefined; last: number | undefined; seconds: number }> {
  using input = new Input({ formats: ALL_FORMATS, source: new UrlSource(url) });
  const track = await input.getPrimaryVideoTrack();
  if (track === null) throw new Error("mediabunny finds no picture.");
  const sink = new EncodedPacketSink(track);
  const [first, last] = [await sink.getPacket(0), await sink.getPacket(Infinity)];
  return { first: first?.timestamp, last: last?.timestamp, seconds: await track.computeDuration() };
}

/** Numbers of the picture that a browser shows first and of those it shows after seeking to each of the times. */
export function numbersInBrowser(page: Page, url: string, seconds: readonly number[]): Promise<number[]> {
  return numbersShown(page, url, "(video, src) => { video.src = src; }", seconds);
}

/** As `numbersInBrowser`, of a stream that video.js plays through Media Source Extensions. */
export async function numbersInPlayer(
  page: Page,
  playlistUrl: string,
  seconds: readonly number[],
): Promise<number[]> {
  const options = JSON.stringify({ html5: { vhs: { overrideNative: true } }, preload: "auto" });
  const type = "application/vnd.apple.mpegurl";
  const open = `(video, src) => { videojs(video, ${options}).src({ src, type: "${type}" }); }`;
  return numbersShown(
    page,
    playlistUrl,
    open,
    seconds,
    createRequire(import.meta.url).resolve("video.js/dist/video.min.js"),
  );
}

async function numbersShown(
  page: Page,
  url: string,
  open: string,
  seconds: readonly number[],
  script?: string,
): Promise<number[]> {
  const { width, height } = NUMBERED_SIZE;
  await page.goto(new URL("/", url).href);
  await page.setContent(`<div><video muted></video></div><canvas width=${width} height=${height}></canvas>`);
  if (script !== undefined) await page.addScriptTag({ path: script });
  const rows = await page.evaluate<number[][]>(
    `(${showAndRead})(${open}, ${JSON.stringify(url)}, ${JSON.stringify(seconds)})`,
  );
  return rows.map((row) => readStripes((x) => row[x] ?? 0));
}

// Runs inside the page, whose types are not those of Node; hence a string.
const showAndRead = `async (open, url, seconds) => {
  const video = document.querySelector("video");
  const canvas = document.querySelector("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const happened = (name) => new Promise((resolve, reject) => {
    video.addEventListener(name, resolve, { once: true });
    video.addEventListener("error", () => reject(new Error(video.error.message)), { once: true });
  });
  const row = () => {
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data } = context.getImageData(0, canvas.height / 2, canvas.width, 1);
    return Array.from({ length: canvas.width }, (_, x) => data[x * 4]);
  };
  const shown = new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  const failed = happened("loadeddata");
  open(video, url);
  await failed;
  await shown;
  const rows = [row()];
  for (const time of seconds) {
    const painted = new Promise((resolve) => video.requestVideoFrameCallback(resolve));
    const sought = happened("seeked");
    video.currentTime = time;
    await sought;
    await painted;
    rows.push(row());
  }
  return rows;
}`;
