import { useCallback, useState, type RefCallback } from "react";
import { contentOf, rememberPlayback } from "./canvas-store.ts";
import { tellPlayback } from "./playing-tiles.ts";
import { TilePlayer } from "./tile-player.ts";

/**
 * A player for as long as what was put into a tile is on screen there; released when it is replaced, moved or out of
 * sight, and started again as playback was: there, at that speed, and standing still where it stood.
 * @param baseUrl the archive's address; null while it is not known
 * @returns the ref of the element that holds the picture, and the player once there is one
 */
export function useTilePlayer(
  contentId: number,
  cameraId: string,
  baseUrl: string | null,
): readonly [RefCallback<HTMLElement>, TilePlayer | null] {
  const [player, setPlayer] = useState<TilePlayer | null>(null);
  const attach = useCallback(
    (host: HTMLElement | null) => {
      if (baseUrl === null || host === null) return;
      const made = new TilePlayer(host, cameraId);
      const playback = contentOf(contentId)?.playback ?? null;
      if (playback === null) made.showLive();
      else made.resume(playback);
      setPlayer(made);
      const endTelling = tellPlayback(contentId, () => made.place.playback());
      return () => {
        endTelling();
        rememberPlayback(contentId, made.place.playback());
        made.dispose();
        setPlayer(null);
      };
    },
    [contentId, cameraId, baseUrl],
  );
  return [attach, player];
}
