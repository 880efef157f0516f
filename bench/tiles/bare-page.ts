import { once } from "node:events";
import { createReadStream } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { chromium, type Browser, type Page } from "playwright-core";
import { findChromium } from "#dev/chromium-shell/chromium.ts";

/** Nothing but video.js: what a tile is measured against. */
export interface BarePage {
  readonly page: Page;
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

/** @param token opens the archive's playback routes */
export async function openBarePage(
  token: string,
  viewport: { width: number; height: number },
): Promise<BarePage> {
  const server = await pageServer();
  // The archive knows the console's page and no other; this one reads it all the same.
  const args = ["--disable-web-security", "--autoplay-policy=no-user-gesture-required"];
  const browser: Browser = await chromium.launch({
    ...{ executablePath: findChromium(), chromiumSandbox: process.getuid?.() !== 0, args },
  });
  const page = await browser.newPage({ viewport });
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    page,
    show: async (playlists, columns) => {
      await page.evaluate<undefined>(`(${SHOW})(${JSON.stringify({ playlists, columns, token })})`);
    },
    close: async () => {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
