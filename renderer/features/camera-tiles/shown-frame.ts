/**
 * Which frame of a video is on the screen: told by the browser with each one it draws, never worked out from a clock.
 */
import type { ClockedMediaSegment } from "./archive-video/playback-playlist.ts";

export class ShownFrame {
  readonly #video: HTMLVideoElement;
  readonly #readMediaSegments: () => readonly ClockedMediaSegment[];
  #request: number;
  #mediaSegment: ClockedMediaSegment | null = null;
  #shownUtcMs: number | null = null;

  /** @param readMediaSegments of the source that is open, on both clocks */
  constructor(video: HTMLVideoElement, readMediaSegments: () => readonly ClockedMediaSegment[]) {
    this.#video = video;
    this.#readMediaSegments = readMediaSegments;
    this.#request = video.requestVideoFrameCallback(this.#drawn);
  }

  /** The instant at which the frame on the screen was recorded, milliseconds UTC; null while there is none. */
  get utcMs(): number | null {
    return this.#shownUtcMs;
  }

  /** Another source is opened: frames of the one before mean nothing, unless the last one stays on the screen. */
  forget(staysOnScreen = false): void {
    if (!staysOnScreen) this.#shownUtcMs = null;
    this.#mediaSegment = null;
  }

  /** The same, read off the picture itself: on a busy page it is told late of what was drawn. */
  look(): number | null {
    const mediaTime = this.#shownUtcMs === null ? null : mediaTimeOf(this.#video);
    if (mediaTime !== null) this.#see(mediaTime);
    return this.#shownUtcMs;
  }

  dispose(): void {
    this.#video.cancelVideoFrameCallback(this.#request);
  }

  readonly #drawn = (_now: number, { mediaTime }: { readonly mediaTime: number }): void => {
    this.#request = this.#video.requestVideoFrameCallback(this.#drawn);
    this.#see(mediaTime);
  };

  #see(mediaTime: number): void {
    this.#mediaSegment = mediaSegmentAt(this.#mediaSegment, this.#readMediaSegments, mediaTime);
    // The instant is kept: a frame stays on the screen when its media segment has left the playlist long ago.
    this.#shownUtcMs = this.#mediaSegment === null ? null : instantIn(this.#mediaSegment, mediaTime);
  }
}

/** Seconds; null where the browser does not tell. */
function mediaTimeOf(video: HTMLVideoElement): number | null {
  if (typeof VideoFrame === "undefined" || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
  const frame = new VideoFrame(video);
  const { timestamp } = frame;
  frame.close();
  return timestamp / 1e6;
}

function instantIn({ mediaSeconds, startUtcMs }: ClockedMediaSegment, at: number): number {
  return startUtcMs + Math.max(0, at - mediaSeconds) * 1000;
}

/** The media segment that holds a media time; the one before is looked at first, as it nearly always does. */
function mediaSegmentAt(
  before: ClockedMediaSegment | null,
  readMediaSegments: () => readonly ClockedMediaSegment[],
  mediaSeconds: number,
): ClockedMediaSegment | null {
  if (before !== null && holds(before, mediaSeconds)) return before;
  const mediaSegments = readMediaSegments();
  const found = mediaSegments.findLast((mediaSegment) => mediaSegment.mediaSeconds <= mediaSeconds + EXACT_S);
  return found ?? null;
}

/** Media time comes in microseconds; a media segment's place in it is a sum of such. */
const EXACT_S = 1e-4;

function holds({ mediaSeconds, seconds }: ClockedMediaSegment, at: number): boolean {
  return at >= mediaSeconds - EXACT_S && at < mediaSeconds + seconds - EXACT_S;
}
