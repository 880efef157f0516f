import { promptSeeks } from "#shared/page/prompt-seeks.ts";

/** The page of the seek benchmark: two players made as a tile's are, which seek in turn. Text, as it runs in a page. */
export const SEEK_PAGE = `<!doctype html><meta charset="utf-8"><title>Seek</title>
<script src="/video.js"></script><div id="ours"></div><div id="bare"></div>`;

/** Makes the player in the element of that id and waits until it shows a picture. */
export const MAKE_PLAYER = `async ({ id, address, token, isPrompt }) => {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  document.getElementById(id).append(video);
  const player = videojs(video, {
    controls: false, muted: true, preload: "none", bigPlayButton: false, errorDisplay: false,
    textTrackDisplay: false, textTrackSettings: false, loadingSpinner: false, posterImage: false,
    controlBar: false, liveTracker: false, inactivityTimeout: 0, width: 640, height: 360,
    html5: {
      vhs: { overrideNative: true, limitRenditionByPlayerDimensions: false, allowSeeksWithinUnsafeLiveWindow: true },
      nativeAudioTracks: false, nativeVideoTracks: false,
    },
  });
  if (isPrompt) (${promptSeeks.toString()})(player);
  if (token) videojs.Vhs.xhr.onRequest((options) => {
    if (options.uri.startsWith(new URL(address).origin)) {
      options.headers = { ...options.headers, authorization: "Bearer " + token };
    }
    return options;
  });
  const failed = new Promise((_, reject) => player.on("error", () => reject(new Error(player.error().message))));
  // Where the tech has taken the element over, the picture is in the player's own.
  const shown = () => new Promise((resolve) => player.el().querySelector("video").requestVideoFrameCallback(resolve));
  const first = shown();
  player.src({ src: address, type: "application/vnd.apple.mpegurl" });
  player.play().catch(() => undefined);
  await Promise.race([first, failed]);
  player.pause();
  window.players = { ...window.players, [id]: player };
  return player.duration();
}`;

/** Seeks and waits for the picture of that time. Gives milliseconds. */
export const SEEK = `async ({ id, seconds }) => {
  const player = window.players[id];
  const video = player.el().querySelector("video");
  const begun = performance.now();
  const arrived = new Promise((resolve) => {
    const look = () => video.requestVideoFrameCallback((now, { mediaTime }) => {
      if (Math.abs(mediaTime - seconds) < 0.5) resolve(performance.now());
      else look();
    });
    look();
    // A seek that shows nothing counts as the longest there is.
    setTimeout(() => resolve(begun + 10_000), 10_000);
  });
  player.currentTime(seconds);
  return await arrived - begun;
}`;
