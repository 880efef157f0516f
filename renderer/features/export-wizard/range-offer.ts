/** Which range the wizard offers, and how it says so. Pure. */
import type { Holding } from "#shared/domain/camera.ts";
import { MINUTE_MS, SECOND_MS } from "#shared/domain/time-range.ts";
import { utcMsSchema } from "#shared/ipc-contract/values.ts";
import type { rangeOfferSchema } from "#shared/ipc-contract/window-contract.ts";
import { z } from "zod";

/** How much footage is offered when the operator marked nothing on the timeline. */
export const DEFAULT_RANGE_MS = MINUTE_MS;

/** Footage this near to the present is called "now": the archive knows a footage file when it is complete. */
const PRESENT_MS = 30 * SECOND_MS;

/** The picture on a tile's screen: the instant of its frame, and one before the next frame. */
export interface PictureOnScreen {
  readonly utcMs: number;
  /** A range that ends here holds this frame and none after it. */
  readonly endUtcMs: number;
}

/**
 * What the tile showed when the wizard was opened from it. In playback, where nothing is recorded, or not drawn yet, the
 * instant that playback was sent to stands in for the picture.
 */
export type RangeOffer = Readonly<z.infer<typeof rangeOfferSchema>>;

/** A range that was offered; it is kept in the draft to say what it is for as long as the times are those. */
export const offeredRangeSchema = z.object({
  kind: z.enum(["marked", "picture", "position", "now", "newest"]),
  startUtcMs: utcMsSchema,
  endUtcMs: utcMsSchema,
  /** The instant that the words name: of the picture, or the present. */
  atUtcMs: utcMsSchema,
});
export type OfferedRange = z.infer<typeof offeredRangeSchema>;

/**
 * @param holding what the archive holds of the camera at this moment; null when it is not known
 * @param nowUtcMs the present by the archive's clock
 * @returns null where there is nothing to offer: nothing is on the screen, nothing is recorded
 */
export function rangeOffered(
  offer: RangeOffer,
  holding: Holding | null,
  nowUtcMs: number,
): OfferedRange | null {
  switch (offer.kind) {
    case "marked":
      return { kind: "marked", ...offer.range, atUtcMs: offer.range.endUtcMs };
    case "playback":
      return minuteUpTo(offer.isOnScreen ? "picture" : "position", offer.picture);
    case "live":
      return liveOffered(offer.picture, holding?.newestUtcMs ?? null, nowUtcMs);
  }
}

/** Live, the minute ends now, as far as the archive has it; never before the picture that is on the screen. */
function liveOffered(
  picture: PictureOnScreen | null,
  newestUtcMs: number | null,
  nowUtcMs: number,
): OfferedRange | null {
  const endUtcMs = newestUtcMs === null ? null : Math.min(newestUtcMs, Math.floor(nowUtcMs));
  if (picture !== null && (endUtcMs === null || !isWithinMinuteBefore(picture, endUtcMs)))
    return minuteUpTo(isOfNow(picture, endUtcMs, nowUtcMs) ? "now" : "picture", picture);
  if (endUtcMs === null) return null;
  const kind = nowUtcMs - endUtcMs > PRESENT_MS ? "newest" : "now";
  return minuteUpTo(kind, { utcMs: endUtcMs, endUtcMs });
}

/** Live pictures are on the screen before their footage file is finished. */
function isOfNow({ utcMs: at }: PictureOnScreen, endUtcMs: number | null, nowUtcMs: number): boolean {
  return endUtcMs !== null && at >= endUtcMs && nowUtcMs - at <= PRESENT_MS;
}

/** Pictures that stood still for longer than the minute would not be in it. */
function isWithinMinuteBefore({ utcMs: at }: PictureOnScreen, endUtcMs: number): boolean {
  return at >= endUtcMs - DEFAULT_RANGE_MS && at < endUtcMs;
}

function minuteUpTo(kind: OfferedRange["kind"], { utcMs: at, endUtcMs: end }: PictureOnScreen): OfferedRange {
  const endUtcMs = Math.round(end);
  return { kind, startUtcMs: endUtcMs - DEFAULT_RANGE_MS, endUtcMs, atUtcMs: Math.floor(at) };
}

/**
 * What the first step says of the times.
 * @param inWords writes an instant so that it cannot be taken for another
 */
export function offerSentence(offered: OfferedRange, inWords: (utcMs: number) => string): string {
  const at = inWords(offered.atUtcMs);
  switch (offered.kind) {
    case "marked":
      return `Start and end are the range marked on the timeline, ${inWords(offered.startUtcMs)} to ${at}.`;
    case "picture":
      return `Start and end are the minute up to the picture on the screen, ${at}.`;
    case "position":
      return `There is no picture on the screen. Start and end are the minute up to where playback stands, ${at}.`;
    case "now":
      return `Start and end are the minute up to now, ${at}.`;
    case "newest":
      return `Start and end are the last minute that was recorded, up to ${at}.`;
  }
}

/** Whether times are still those that were offered. */
export function isAsOffered(
  offered: OfferedRange,
  times: { readonly startUtcMs: number | null; readonly endUtcMs: number | null },
): boolean {
  return times.startUtcMs === offered.startUtcMs && times.endUtcMs === offered.endUtcMs;
}
