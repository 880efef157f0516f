/** Looks for the recorded footage of an instant, and waits for what is being recorded. */
import { footageAfter, isOnItsWay, loadPiece } from "./playback-piece.ts";
import { footageBefore, mediaAtInstant, type ClockSegment } from "./playback-playlist.ts";

/** Footage that is being recorded is asked for this often. */
const ON_ITS_WAY_MS = 500;

export interface FoundFootage {
  readonly segments: readonly ClockSegment[];
  /** Of type PARSED_PLAYLIST_TYPE. */
  readonly source: string;
  /** The source starts there. */
  readonly startUtcMs: number;
}

export interface FootageLoadListener {
  /** Where it is to be by now: it may have been sent on meanwhile. */
  readonly readTargetUtcMs: () => number;
  readonly isBackwards: () => boolean;
  readonly onFootage: (found: FoundFootage) => void;
  readonly onGap: (utcMs: number, segments: readonly ClockSegment[]) => void;
  /** Behind a gap. */
  readonly onNextFootage: (nextUtcMs: number | null) => void;
  /** What was read does not reach to where it is to be by now, or is not finished yet. */
  readonly onAgain: (utcMs: number) => void;
  readonly onFailed: () => void;
}

export async function loadFootage(
  cameraId: string,
  utcMs: number,
  signal: AbortSignal,
  listener: FootageLoadListener,
): Promise<void> {
  const piece = await loadPiece(cameraId, utcMs, signal);
  if (signal.aborted) return;
  if (piece.kind === "failed") return listener.onFailed();
  const { segments } = piece;
  const startUtcMs = listener.readTargetUtcMs();
  const mediaSeconds = mediaAtInstant(segments, startUtcMs);
  if (mediaSeconds === null && startUtcMs !== utcMs) return listener.onAgain(startUtcMs);
  if (piece.kind === "footage" && mediaSeconds !== null)
    return listener.onFootage({ segments, startUtcMs, source: piece.sourceFrom(mediaSeconds) });
  if (isOnItsWay(cameraId, utcMs)) {
    // Backwards begins at the newest picture that is recorded, and waits for none that is newer.
    const newestUtcMs = listener.isBackwards() ? footageBefore(segments, utcMs) : null;
    return newestUtcMs === null ? loadSoon(signal, listener) : listener.onAgain(newestUtcMs);
  }
  listener.onGap(utcMs, segments);
  const nextUtcMs = await footageAfter(cameraId, utcMs, segments);
  if (!signal.aborted) listener.onNextFootage(nextUtcMs);
}

/** It can be played when its segment is finished. */
function loadSoon(signal: AbortSignal, listener: FootageLoadListener): void {
  setTimeout(() => {
    if (!signal.aborted) listener.onAgain(listener.readTargetUtcMs());
  }, ON_ITS_WAY_MS);
}
