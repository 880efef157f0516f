import { archiveNow, onNewFootage } from "../../main-process-client/holdings.ts";
import { LiveDelay, liveStep } from "./archive-video/live-edge.ts";
import {
  instantAtMedia,
  lastInstant,
  mediaAtInstant,
  type ClockedMediaSegment,
} from "./archive-video/playback-playlist.ts";
import { SharedByCamera } from "./archive-video/shared-by-camera.ts";
import {
  hasMediaSegmentsAhead,
  liveMediaSegments,
  reloadPlaylist,
  type BarePlayer,
} from "./archive-video/video-element.ts";

const LOOK_INTERVAL_MS = 250;
/** Pictures that stand in no media segment of the playlist for this long are not live any more. */
const STRANDED_MS = 6_000;

/** A player that has not reached the end of its playlist by then is too slow for it, and that counts. */
const SETTLED_AFTER_MS = 8_000;

/** What it takes to hear of a media segment and to load it, where nothing is known yet. */
const USUAL_LATE_MS = 800;

const delays = new SharedByCamera(() => new LiveDelay());

/**
 * Keeps an open live playlist playing as near to the present as footage comes, and together with the camera's other
 * tiles: after the start, after pictures stood still, after the window was hidden.
 * @param onStranded the playlist has gone on without the player; it has to be opened anew
 * @returns stops it
 */
export function keepLive(cameraId: string, bare: BarePlayer, onStranded: () => void): () => void {
  const { player, video } = bare;
  const { one: delay, release } = delays.use(cameraId);
  const arrivals = new ArrivalWatch(delay);
  const openedMs = performance.now();
  // A playlist is loaded from its middle on: until its end is reached, what is loaded says nothing of the archive.
  let isSettled = false;
  let isStart = true;
  let strandedSinceMs: number | null = null;
  const look = () => {
    if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    const mediaSegments = liveMediaSegments(player) ?? [];
    isSettled ||= !hasMediaSegmentsAhead(player) || performance.now() - openedMs > SETTLED_AFTER_MS;
    if (isSettled) arrivals.look(mediaSegments);
    if (video.paused || video.seeking) return;
    const nowMs = performance.now();
    strandedSinceMs = isInside(mediaSegments, video.currentTime) ? null : (strandedSinceMs ?? nowMs);
    if (strandedSinceMs !== null && nowMs - strandedSinceMs >= STRANDED_MS) return onStranded();
    if (delay.delayMs === null || mediaSegments.length === 0) return;
    bringTo(archiveNow() - delay.delayMs, mediaSegments, bare, isStart);
    isStart = false;
  };
  const timer = setInterval(look, LOOK_INTERVAL_MS);
  const endListening = onNewFootage(cameraId, () => reloadPlaylist(player));
  video.addEventListener("playing", look);
  document.addEventListener("visibilitychange", look);
  return () => {
    clearInterval(timer);
    endListening();
    release();
    video.removeEventListener("playing", look);
    document.removeEventListener("visibilitychange", look);
  };
}

/** Tells a delay of each media segment that a player has loaded, when it has. */
class ArrivalWatch {
  readonly #delay: LiveDelay;
  #loadedUtcMs: number | null = null;

  constructor(delay: LiveDelay) {
    this.#delay = delay;
  }

  look(mediaSegments: readonly ClockedMediaSegment[]): void {
    const before = this.#loadedUtcMs;
    const loadedUtcMs = lastInstant(mediaSegments);
    if (loadedUtcMs === null || (before !== null && loadedUtcMs <= before)) return;
    this.#loadedUtcMs = loadedUtcMs;
    const mediaSegmentMs = Math.max(...mediaSegments.map(({ seconds }) => seconds)) * 1000;
    const lateMs = Math.max(0, archiveNow() - loadedUtcMs);
    const atMs = performance.now();
    if (before !== null) return this.#delay.add({ atMs, lateMs, mediaSegmentMs });
    // When a playlist is opened its last media segment may have been there for long.
    if (this.#delay.delayMs === null)
      this.#delay.add({ atMs, lateMs: Math.min(lateMs, USUAL_LATE_MS), mediaSegmentMs });
  }
}

function isInside(mediaSegments: readonly ClockedMediaSegment[], mediaSeconds: number): boolean {
  return mediaSegments.some(
    ({ mediaSeconds: start, seconds }) =>
      start <= mediaSeconds + 0.1 && mediaSeconds <= start + seconds + 0.1,
  );
}

/** One step nearer to the instant that is wanted. */
function bringTo(
  wantedUtcMs: number,
  mediaSegments: readonly ClockedMediaSegment[],
  { player, video }: BarePlayer,
  isStart: boolean,
): void {
  const shownUtcMs = instantAtMedia(mediaSegments, video.currentTime) ?? mediaSegments[0]!.startUtcMs;
  const step = liveStep(wantedUtcMs - shownUtcMs, isStart);
  const rate = step.kind === "play" ? step.rate : 1;
  if (rate !== video.playbackRate) player.playbackRate(rate);
  if (step.kind === "play") return;
  // Beyond what is loaded the player finds its own way from the media time alone.
  const mediaSeconds = mediaAtInstant(mediaSegments, wantedUtcMs);
  player.currentTime(mediaSeconds ?? video.currentTime + (wantedUtcMs - shownUtcMs) / 1000);
}
