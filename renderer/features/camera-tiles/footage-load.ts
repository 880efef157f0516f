/** Looks for the recorded footage of an instant, and waits for what is being recorded. */
import { footageBeside, isOnItsWay, loadPiece } from "./playback-piece.ts";
import {
  footageBefore,
  mediaAtInstant,
  type ClockedMediaSegment,
} from "./archive-video/playback-playlist.ts";

/** Footage that is being recorded is asked for this often. */
const ON_ITS_WAY_MS = 500;

export interface FoundFootage {
  readonly mediaSegments: readonly ClockedMediaSegment[];
  /** Of type PARSED_PLAYLIST_TYPE. */
  readonly source: string;
  /** The source starts there. */
  readonly startUtcMs: number;
  readonly isCodecKnown: boolean;
}

export interface FootageLoadListener {
  /** Where it is to be by now: it may have been sent on meanwhile. */
  readonly readTargetUtcMs: () => number;
  readonly isBackwards: () => boolean;
  /** Play came there by itself, and still wants to go on: a gap is passed over. */
  readonly isPlayingOn: () => boolean;
  readonly onFootage: (found: FoundFootage) => void;
  readonly onGap: (utcMs: number) => void;
  /** Behind a gap. */
  readonly onNextFootage: (nextUtcMs: number | null) => void;
  /** What was read does not reach to where it is to be by now, or is not finished yet. */
  readonly onAgain: (utcMs: number) => void;
  /** There is no decoder here for what was recorded then. @param nextUtcMs where pictures begin again, if that is near */
  readonly onUnplayable: (codec: string, nextUtcMs: number | null) => void;
  readonly onFailed: () => void;
}

export interface AskedInstant {
  readonly cameraId: string;
  readonly utcMs: number;
}

export async function loadFootage(
  { cameraId, utcMs }: AskedInstant,
  signal: AbortSignal,
  listener: FootageLoadListener,
): Promise<void> {
  const piece = await loadPiece(cameraId, utcMs, signal);
  if (signal.aborted) return;
  if (piece.kind === "failed") return listener.onFailed();
  const startUtcMs = listener.readTargetUtcMs();
  if (piece.kind === "unplayable") {
    if (startUtcMs !== utcMs) return listener.onAgain(startUtcMs);
    return listener.onUnplayable(piece.codec, piece.nextUtcMs);
  }
  const { mediaSegments } = piece;
  const mediaSeconds = mediaAtInstant(mediaSegments, startUtcMs);
  if (mediaSeconds === null && startUtcMs !== utcMs) return listener.onAgain(startUtcMs);
  if (piece.kind === "footage" && mediaSeconds !== null) {
    const { isCodecKnown, sourceFrom } = piece;
    return listener.onFootage({ mediaSegments, startUtcMs, isCodecKnown, source: sourceFrom(mediaSeconds) });
  }
  if (isOnItsWay(cameraId, utcMs)) {
    // Backwards begins at the newest picture that is recorded, and waits for none that is newer.
    const newestUtcMs = listener.isBackwards() ? footageBefore(mediaSegments, utcMs) : null;
    return newestUtcMs === null ? loadSoon(signal, listener) : listener.onAgain(newestUtcMs);
  }
  if (listener.isPlayingOn()) {
    const besideUtcMs = await footageBeside(
      { cameraId, utcMs, isBackwards: listener.isBackwards() },
      mediaSegments,
    );
    if (signal.aborted) return;
    if (listener.readTargetUtcMs() !== utcMs) return listener.onAgain(listener.readTargetUtcMs());
    // Where the archive holds it by now, it was being finished.
    if (besideUtcMs === Math.round(utcMs)) return loadSoon(signal, listener);
    if (besideUtcMs !== null && listener.isPlayingOn()) return listener.onAgain(besideUtcMs);
  }
  listener.onGap(utcMs);
  const nextUtcMs = await footageBeside({ cameraId, utcMs, isBackwards: false }, mediaSegments);
  if (!signal.aborted) listener.onNextFootage(nextUtcMs);
}

/** It can be played when its media segment is finished. */
function loadSoon(signal: AbortSignal, listener: FootageLoadListener): void {
  setTimeout(() => {
    if (!signal.aborted) listener.onAgain(listener.readTargetUtcMs());
  }, ON_ITS_WAY_MS);
}
