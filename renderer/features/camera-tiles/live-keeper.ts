import { liveStep } from "./live-edge.ts";
import { playlistSegments, type BarePlayer } from "./video-element.ts";

const LOOK_INTERVAL_MS = 1_000;
/** Pictures that stand in no segment of the playlist for this long are not live any more. */
const STRANDED_MS = 6_000;

/**
 * Keeps an open live playlist playing near to its end: after the start, after pictures stood still, after
 * the window was hidden.
 * @param onStranded the playlist has gone on without the player; it has to be opened anew
 * @returns stops it
 */
export function keepLive({ player, video }: BarePlayer, onStranded: () => void): () => void {
  let isStart = true;
  let strandedMs = 0;
  const look = () => {
    if (video.paused || video.seeking || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    const step = liveStep(playlistSegments(player), video.currentTime, video.playbackRate, isStart);
    strandedMs = step === null ? strandedMs + LOOK_INTERVAL_MS : 0;
    if (strandedMs >= STRANDED_MS) return onStranded();
    if (step === null) return;
    isStart = false;
    if (step.jumpSeconds !== null) player.currentTime(video.currentTime + step.jumpSeconds);
    if (step.rate !== video.playbackRate) player.playbackRate(step.rate);
  };
  const timer = setInterval(look, LOOK_INTERVAL_MS);
  video.addEventListener("playing", look);
  document.addEventListener("visibilitychange", look);
  return () => {
    clearInterval(timer);
    video.removeEventListener("playing", look);
    document.removeEventListener("visibilitychange", look);
  };
}
