import { once } from "node:events";
import { createReadStream } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _electron, chromium, type Page } from "playwright-core";
import { findChromium } from "#dev/chromium-shell/chromium.ts";
import { runtimeForTests } from "#dev/electron-runtime/runtime-for-tests.ts";

/** Nothing but video.js: what a tile is measured against. */
export interface BarePage {
  readonly page: Page;
  /** The process that everything of its browser runs under, itself included; null: all browsers of this process. */
  readonly pid: number | null;
  /** Replaces whatever plays by these live playlists, in a grid of as many columns. */
  show(playlists: readonly string[], columns: number): Promise<void>;
  close(): Promise<void>;
}

const PAGE = `<!doctype html><meta charset="utf-8"><title>Bare players</title><script src="/video.js"></script>
<style>body { margin: 0; background: #000 } #grid { display: grid; gap: 2px; height: 100vh; grid-auto-rows: 1fr }
#grid div, #grid video { width: 100%; height: 100%; min-height: 0 } #grid video { object-fit: contain }</style>
<div id="grid"></div>`;

/** Players made as those of tiles are, and left alone. */
const SHOW = `async ({ playlists, columns, token }) => {
  for (const player of window.players ?? []) player.dispose();
  const grid = document.getElementById("grid");
  grid.replaceChildren();
  grid.style.gridTemplateColumns = "repeat(" + columns + ", 1fr)";
  if (!window.hasToken) videojs.Vhs.xhr.onRequest((options) => {
    options.headers = { ...options.headers, authorization: "Bearer " + token };
    return options;
  });
  window.hasToken = true;
  window.players = playlists.map((src) => {
    const place = document.createElement("div");
    const video = document.createElement("video");
    video.muted = true;
    video.playsInline = true;
    place.append(video);
    grid.append(place);
    const player = videojs(video, {
      controls: false, muted: true, preload: "none", bigPlayButton: false, errorDisplay: false,
      textTrackDisplay: false, textTrackSettings: false, loadingSpinner: false, posterImage: false,
      controlBar: false, liveTracker: false, inactivityTimeout: 0,
      html5: {
        vhs: { overrideNative: true, limitRenditionByPlayerDimensions: false, allowSeeksWithinUnsafeLiveWindow: true },
        nativeAudioTracks: false, nativeVideoTracks: false,
      },
    });
    player.src({ src, type: "application/vnd.apple.mpegurl" });
    player.play()?.catch(() => undefined);
    return player;
  });
}`;

async function pageServer(): Promise<Server> {
  const player = createRequire(import.meta.url).resolve("video.js/dist/video.min.js");
  const server = createServer((request, response) => {
    if (request.url === "/video.js") createReadStream(player).pipe(response);
    else response.setHeader("content-type", "text/html").end(PAGE);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** Where a page is shown, and its end. */
interface Opened {
  readonly page: Page;
  readonly pid: number | null;
  readonly close: () => Promise<void>;
}

interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** In the browser that the console runs in: in a bare window of the same Electron, or in the same Chromium. */
async function openIn(address: string, viewport: Viewport): Promise<Opened> {
  const electron = runtimeForTests();
  return electron === null
    ? await openInChromium(address, viewport)
    : await openInElectron(electron.executablePath, address, viewport);
}

async function openInElectron(executablePath: string, address: string, viewport: Viewport): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), "evidence-desk-bare-"));
  const told = [address, viewport.width, viewport.height, folder].join(" ");
  const app = await _electron.launch({
    executablePath,
    args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), join(import.meta.dirname, "bare-window")],
    env: { ...(process.env as Record<string, string>), BARE_WINDOW: told },
  });
  const page = await app.firstWindow();
  await page.waitForLoadState("load");
  const close = async () => {
    await app.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  return { page, pid: app.process().pid ?? null, close };
}

async function openInChromium(address: string, viewport: Viewport): Promise<Opened> {
  // The archive knows the console's page and no other; this one reads it all the same.
  const args = ["--disable-web-security", "--autoplay-policy=no-user-gesture-required"];
  const browser = await chromium.launch({
    ...{ executablePath: findChromium(), chromiumSandbox: process.getuid?.() !== 0, args },
  });
  const page = await browser.newPage({ viewport });
  await page.goto(address);
  return { page, pid: null, close: () => browser.close() };
}

/** @param token opens the archive's playback routes */
export async function openBarePage(token: string, viewport: Viewport): Promise<BarePage> {
  const server = await pageServer();
  const opened = await openIn(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, viewport);
  const { page, pid } = opened;
  return {
    ...{ page, pid },
    show: async (playlists, columns) => {
      await page.evaluate<undefined>(`(${SHOW})(${JSON.stringify({ playlists, columns, token })})`);
    },
    close: async () => {
      await opened.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
