/**
 * What tiles play outlasts the page: a reload, or a crash, shows it again. It is kept for this window and this operator
 * only, and ends with either: who starts in the morning starts live.
 */
import { z } from "zod";
import { useCanvasStore } from "./canvas-store.ts";
import { playback, type Playback } from "./playback.ts";
import { playedIn } from "./playing-tiles.ts";

const STORAGE_KEY = "evidence-desk.playback";
/** A page that crashes does not say so before; playback is then at most so far behind. */
const KEEP_EVERY_MS = 2_000;

const keptPlayback = z.object({
  operator: z.string(),
  /** By tile; null for a tile that is live or empty. */
  tiles: z.array(z.object({ cameraId: z.string(), playback }).nullable()),
});

function written(operator: string): string {
  const tiles = useCanvasStore.getState().tiles.map((content) => {
    const played = content === null ? null : playedIn(content);
    return content === null || played === null ? null : { cameraId: content.cameraId, playback: played };
  });
  return JSON.stringify({ operator, tiles } satisfies z.infer<typeof keptPlayback>);
}

/**
 * Keeps what is played, until it is ended: then it stays as it was kept last.
 * @returns ends it
 */
export function keepPlayback(operator: string): () => void {
  const stop = new AbortController();
  const keep = () => sessionStorage.setItem(STORAGE_KEY, written(operator));
  window.addEventListener("pagehide", keep, { signal: stop.signal });
  const timer = setInterval(keep, KEEP_EVERY_MS);
  return () => {
    stop.abort();
    clearInterval(timer);
  };
}

/** @returns what a tile played when the page ended; null for live, for another camera, and for another operator */
export function readKeptPlayback(operator: string): (tile: number, cameraId: string) => Playback | null {
  const kept = parseKeptPlayback(sessionStorage.getItem(STORAGE_KEY), operator);
  return (tile, cameraId) => {
    const content = kept[tile] ?? null;
    return content?.cameraId === cameraId ? content.playback : null;
  };
}

/** What cannot be read is live: it is seen at once, and nothing typed is lost by it. */
export function parseKeptPlayback(
  text: string | null,
  operator: string,
): z.infer<typeof keptPlayback>["tiles"] {
  try {
    const parsed = keptPlayback.safeParse(JSON.parse(text ?? "null"));
    return parsed.success && parsed.data.operator === operator ? parsed.data.tiles : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** The operator left: the next one is shown nothing of it. */
export function forgetKeptPlayback(): void {
  sessionStorage.removeItem(STORAGE_KEY);
}
