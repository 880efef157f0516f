/** What is on screen is asked what it plays; where playback stands changes with each picture, and nothing is drawn from it. */
import type { TileContent } from "./canvas-store.ts";
import type { Playback } from "./playback.ts";

/** By content of tiles. */
const players = new Map<number, () => Playback | null>();

/**
 * @param read tells what is played at the moment it is called; null for live
 * @returns ends it
 */
export function tellPlayback(contentId: number, read: () => Playback | null): () => void {
  players.set(contentId, read);
  return () => players.delete(contentId);
}

/** What is played by now; of what is out of sight, what was played there last. null for live. */
export function playedIn({ contentId, playback }: TileContent): Playback | null {
  const read = players.get(contentId);
  return read === undefined ? playback : read();
}
