/**
 * What tiles show outlasts the page: a reload, or a crash, shows it again, with the mark that was drawn beside it and
 * the stretch of time that its timeline showed. It is kept for this window and this operator only, and ends with
 * either: who starts in the morning starts live.
 */
import { z } from "zod";
import { useCanvasStore } from "../features/camera-tiles/canvas-store.ts";
import { playbackSchema, type Playback } from "../features/camera-tiles/playback.ts";
import { playedIn } from "../features/camera-tiles/playing-tiles.ts";
import { TILES_MAX } from "../features/camera-tiles/tile-patterns.ts";
import {
  exportRangeOf,
  setExportRange,
  useExportRangeStore,
} from "../features/export-timeline/export-range-store.ts";
import {
  setTimelinePlace,
  timelinePlaceSchema,
  timelinePlaceOf,
} from "../features/export-timeline/timeline-places.ts";

const STORAGE_KEY = "evidence-desk.tiles";
/** A page that crashes does not say so before; what is kept is then at most so far behind. */
const KEEP_EVERY_MS = 2_000;
/** The end of the year 9999: later instants are no dates any more. */
const LATEST_UTC_MS = 253_402_300_799_999;

const instantSchema = z.number().min(0).max(LATEST_UTC_MS);
const markSchema = z
  .object({ startUtcMs: instantSchema, endUtcMs: instantSchema })
  .refine(({ startUtcMs, endUtcMs }) => startUtcMs < endUtcMs);

const keptTileSchema = z.object({
  cameraId: z.string(),
  /** null: live. */
  playback: playbackSchema.nullable(),
  /** A mark or a timeline that cannot be read is none; what is played is shown all the same. */
  mark: markSchema.nullable().catch(null),
  timeline: timelinePlaceSchema.nullable().catch(null),
});
type KeptTile = Readonly<z.infer<typeof keptTileSchema>>;

const keptTilesSchema = z.object({
  operator: z.string(),
  /** By tile; null for an empty one. */
  tiles: z.array(keptTileSchema.nullable()).max(TILES_MAX),
});

function written(operator: string): string {
  const tiles = useCanvasStore.getState().tiles.map((content, tile) => {
    if (content === null) return null;
    const { cameraId } = content;
    const [marked, timeline] = [exportRangeOf(tile, cameraId), timelinePlaceOf(tile, cameraId)];
    return { cameraId, playback: playedIn(content), mark: marked, timeline };
  });
  return JSON.stringify({ operator, tiles } satisfies z.infer<typeof keptTilesSchema>);
}

/**
 * Keeps what tiles show, until it is ended: then it stays as it was kept last. A mark that was sent or cleared is
 * not kept for a moment longer.
 * @returns ends it
 */
export function keepTiles(operator: string): () => void {
  const stop = new AbortController();
  const keep = () => sessionStorage.setItem(STORAGE_KEY, written(operator));
  window.addEventListener("pagehide", keep, { signal: stop.signal });
  const timer = setInterval(keep, KEEP_EVERY_MS);
  const endListening = useExportRangeStore.subscribe(keep);
  return () => {
    stop.abort();
    clearInterval(timer);
    endListening();
  };
}

export interface KeptTiles {
  /** What a tile played when the page ended; null for live, and for another camera. */
  readonly playedIn: (tile: number, cameraId: string) => Playback | null;
  /** Puts marks and timelines back into tiles that show the same camera; once the canvas is open. */
  readonly restoreTimelines: () => void;
}

/** @returns nothing that another operator left */
export function readKeptTiles(operator: string): KeptTiles {
  const kept = parseKeptTiles(sessionStorage.getItem(STORAGE_KEY), operator);
  const keptOf = (tile: number, cameraId: string): KeptTile | null => {
    const content = kept[tile] ?? null;
    return content?.cameraId === cameraId ? content : null;
  };
  return {
    playedIn: (tile, cameraId) => keptOf(tile, cameraId)?.playback ?? null,
    restoreTimelines: () => {
      useCanvasStore.getState().tiles.forEach((content, tile) => {
        const before = content === null ? null : keptOf(tile, content.cameraId);
        if (before === null) return;
        if (before.timeline !== null) setTimelinePlace(tile, before.cameraId, before.timeline);
        if (before.mark !== null) setExportRange(tile, before.cameraId, before.mark);
      });
    },
  };
}

/** What cannot be read is live: it is seen at once, and nothing typed is lost by it. */
function parseKeptTiles(text: string | null, operator: string): readonly (KeptTile | null)[] {
  try {
    const parsed = keptTilesSchema.safeParse(JSON.parse(text ?? "null"));
    return parsed.success && parsed.data.operator === operator ? parsed.data.tiles : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** The operator left: the next one is shown nothing of it. */
export function forgetKeptTiles(): void {
  sessionStorage.removeItem(STORAGE_KEY);
}
