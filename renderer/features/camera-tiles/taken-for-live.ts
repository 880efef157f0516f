/** What is so near to the present that it is taken for live. */
import { archiveNow } from "../../main-process-client/holdings.ts";
import { mediaAtInstant, type ClockedMediaSegment } from "./archive-video/playback-playlist.ts";

/** Playback that comes this near to the present of the archive becomes live. */
export const LIVE_EDGE_MS = 8_000;
const HELD_EDGE_MS = 1_000;

/**
 * Whether who asks for an instant is shown live pictures: of what is held of these only the newest, of what is recorded
 * all that is not finished yet.
 */
export function isTakenForLive(
  utcMs: number,
  isPaused: boolean,
  held: readonly ClockedMediaSegment[],
): boolean {
  if (mediaAtInstant(held, utcMs) !== null) return !isPaused && utcMs > archiveNow() - HELD_EDGE_MS;
  return utcMs > archiveNow() - LIVE_EDGE_MS / 2;
}
