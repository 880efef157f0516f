/** Which stretch of time the timelines show, by tile. It goes with what the tile shows, and comes back with it. */
import { z } from "zod";
import { SPAN_MAX_MS, SPAN_MIN_MS } from "./timeline-view.ts";

/** Past instants of a timeline can lie before any footage, and not before there were dates in a computer. */
const EARLIEST_UTC_MS = -SPAN_MAX_MS;
const LATEST_UTC_MS = 253_402_300_799_999;

export const timelinePlaceSchema = z.object({
  startUtcMs: z.number().min(EARLIEST_UTC_MS).max(LATEST_UTC_MS),
  spanMs: z.number().min(SPAN_MIN_MS).max(SPAN_MAX_MS),
  /** Where the present stands that is followed, as a share of the width; null for a timeline that stays where it is. */
  presentShare: z.number().min(0).max(1).nullable(),
});
export type TimelinePlace = Readonly<z.infer<typeof timelinePlaceSchema>>;

interface Told {
  readonly cameraId: string;
  read: () => TimelinePlace;
}

/** It changes with every frame of a pan: nothing is drawn from it. */
let places = new Map<number, Told>();

/** The place of a timeline, on screen or not; null for one that was not there yet. */
export function timelinePlaceOf(tile: number, cameraId: string): TimelinePlace | null {
  const told = places.get(tile);
  return told?.cameraId === cameraId ? told.read() : null;
}

export function setTimelinePlace(tile: number, cameraId: string, place: TimelinePlace): void {
  places.set(tile, { cameraId, read: () => place });
}

/**
 * @param read tells the place at the moment it is called
 * @returns ends it: the last place stays, wherever the tile's content is by then
 */
export function tellTimelinePlace(tile: number, cameraId: string, read: () => TimelinePlace): () => void {
  const told: Told = { cameraId, read };
  places.set(tile, told);
  return () => {
    const last = read();
    told.read = () => last;
  };
}

/** @param placeOf the tile where the content of a tile is now, or null where it is gone */
export function moveTimelinePlaces(placeOf: (tile: number) => number | null): void {
  const moved = [...places].flatMap(([tile, told]) => {
    const place = placeOf(tile);
    return place === null ? [] : [[place, told] as const];
  });
  places = new Map(moved);
}
