/** Draws a timeline on its canvas; everything it needs is in the picture it is given. */
import type { Run } from "#shared/domain/footage.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import { offsetMs } from "#shared/domain/zone-offset.ts";
import { formatOffset } from "#shared/words/instants.ts";
import type { TimelineColours } from "./timeline-colours.ts";
import { dateTag, ticksOf } from "./timeline-ticks.ts";
import { viewRange, xAt, type TimelineView } from "./timeline-view.ts";
import { repeatedPasses, transitionsWithin } from "./zone-transitions.ts";

export const TIMELINE_HEIGHT_PX = 36;
/** Ticks above, the band of footage below. */
export const BAND_TOP_PX = 17;
const BAND_HEIGHT_PX = 15;
const BAND_BOTTOM_PX = BAND_TOP_PX + BAND_HEIGHT_PX;

export interface TimelinePicture {
  readonly view: TimelineView;
  readonly zone: string;
  readonly runs: readonly Run[];
  readonly nowUtcMs: number;
  readonly playheadUtcMs: number | null;
  readonly range: TimeRange | null;
}

export function paintTimeline(
  context: CanvasRenderingContext2D,
  picture: TimelinePicture,
  colours: TimelineColours,
): void {
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, picture.view.widthPx, TIMELINE_HEIGHT_PX);
  paintBand(context, picture, colours);
  paintRange(context, picture, colours);
  paintTicks(context, picture, colours);
  paintClockChanges(context, picture, colours);
  paintPlayhead(context, picture, colours);
}

function fillBand(
  context: CanvasRenderingContext2D,
  view: TimelineView,
  range: TimeRange,
  colour: string | CanvasPattern,
): void {
  const left = Math.max(0, xAt(view, range.startUtcMs));
  const right = Math.min(view.widthPx, xAt(view, range.endUtcMs));
  if (right <= left) return;
  context.fillStyle = colour;
  context.fillRect(left, BAND_TOP_PX, Math.max(right - left, 0.5), BAND_HEIGHT_PX);
}

function paintBand(
  context: CanvasRenderingContext2D,
  picture: TimelinePicture,
  colours: TimelineColours,
): void {
  const { view, runs, nowUtcMs } = picture;
  const shown = viewRange(view);
  fillBand(context, view, shown, colours.gap);
  for (const run of runs) fillBand(context, view, run, colours.footage);
  fillBand(context, view, { startUtcMs: nowUtcMs, endUtcMs: shown.endUtcMs }, colours.future);
  if (colours.edge === null) return;
  context.fillStyle = colours.edge;
  for (const y of [BAND_TOP_PX - 1, BAND_BOTTOM_PX]) context.fillRect(0, y, view.widthPx, 1);
}

function paintRange(
  context: CanvasRenderingContext2D,
  picture: TimelinePicture,
  colours: TimelineColours,
): void {
  const { view, range } = picture;
  if (range === null) return;
  const left = xAt(view, range.startUtcMs);
  const width = Math.max(1, xAt(view, range.endUtcMs) - left);
  context.fillStyle = colours.range;
  context.globalAlpha = colours.rangeAlpha;
  context.fillRect(left, BAND_TOP_PX, width, BAND_HEIGHT_PX);
  context.globalAlpha = 1;
  context.fillStyle = colours.rangeEdge;
  context.fillRect(left, BAND_TOP_PX - 2, width, 2);
  context.fillRect(left, BAND_BOTTOM_PX, width, 2);
}

function paintTicks(
  context: CanvasRenderingContext2D,
  picture: TimelinePicture,
  colours: TimelineColours,
): void {
  const { view, zone } = picture;
  context.font = colours.font;
  context.textBaseline = "alphabetic";
  context.textAlign = "left";
  const tag = dateTag(view, zone, picture.nowUtcMs);
  const tagEndPx = tag === null ? 0 : context.measureText(tag).width + 8;
  if (tag !== null) {
    context.fillStyle = colours.seam;
    context.fillText(tag, 3, 11);
  }
  for (const { utcMs, label } of ticksOf(view, zone, offsetMs)) {
    const x = Math.round(xAt(view, utcMs));
    if (x < tagEndPx) continue;
    context.fillStyle = colours.line;
    context.fillRect(x, 2, 1, BAND_TOP_PX - 2);
    context.fillStyle = colours.text;
    // A label cut off by the edge could be read as another time.
    if (x + 3 + context.measureText(label).width <= view.widthPx) context.fillText(label, x + 3, 11);
  }
}

/** A repeated hour has two rows above the band, a skipped one only the seam; both tell their offsets. */
function paintClockChanges(
  context: CanvasRenderingContext2D,
  picture: TimelinePicture,
  colours: TimelineColours,
): void {
  const { view, zone } = picture;
  const changes = transitionsWithin(viewRange(view), zone);
  if (changes.length === 0) return;
  context.fillStyle = colours.seam;
  for (const { range, pass } of repeatedPasses(changes)) {
    const left = xAt(view, range.startUtcMs);
    const y = pass === "first" ? 0 : BAND_TOP_PX - 3;
    context.fillRect(left, y, xAt(view, range.endUtcMs) - left, 2);
  }
  for (const { utcMs } of changes) {
    const x = Math.round(xAt(view, utcMs));
    const seam = { x, before: formatOffset(utcMs - 1, zone), after: formatOffset(utcMs, zone) };
    paintSeam(context, seam, colours);
  }
}

function paintSeam(
  context: CanvasRenderingContext2D,
  { x, before, after }: { readonly x: number; readonly before: string; readonly after: string },
  colours: TimelineColours,
): void {
  context.fillStyle = colours.seam;
  for (let y = 0; y < TIMELINE_HEIGHT_PX; y += 4) context.fillRect(x, y, 1, 2);
  const write = (text: string, align: CanvasTextAlign, at: number) => {
    context.textAlign = align;
    const width = context.measureText(text).width + 4;
    context.fillStyle = colours.ground;
    context.fillRect(align === "right" ? at - width + 2 : at - 2, BAND_TOP_PX + 2, width, 11);
    context.fillStyle = colours.seam;
    context.fillText(text, at, BAND_TOP_PX + 11);
  };
  write(before, "right", x - 4);
  write(after, "left", x + 5);
  context.textAlign = "left";
}

function paintPlayhead(
  context: CanvasRenderingContext2D,
  picture: TimelinePicture,
  colours: TimelineColours,
): void {
  if (picture.playheadUtcMs === null) return;
  const x = Math.round(xAt(picture.view, picture.playheadUtcMs));
  if (colours.edge !== null) {
    // Its own colour may be that of the footage.
    context.fillStyle = colours.ground;
    context.fillRect(x - 3, BAND_TOP_PX, 6, BAND_HEIGHT_PX);
  }
  context.fillStyle = colours.playhead;
  context.fillRect(x - 1, BAND_TOP_PX - 3, 2, TIMELINE_HEIGHT_PX - BAND_TOP_PX + 3);
  context.beginPath();
  context.moveTo(x - 4, BAND_TOP_PX - 6);
  context.lineTo(x + 4, BAND_TOP_PX - 6);
  context.lineTo(x, BAND_TOP_PX - 1);
  context.fill();
}
