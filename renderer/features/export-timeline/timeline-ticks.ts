/** Ticks at round local times. Pure. */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#shared/domain/time-range.ts";
import { offsetMs } from "#shared/domain/zone-offset.ts";
import { formatOffset } from "#shared/words/instants.ts";
import { viewRange, type TimelineView } from "./timeline-view.ts";
import { repeatedPasses, transitionsWithin } from "./zone-transitions.ts";

const STEPS_MS = [
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  // Of 24 hours; days are round in local time all the same.
  DAY_MS,
];

/** Labels closer than this run into each other. */
const LABEL_SPACING_PX = 68;

export interface Tick {
  readonly utcMs: number;
  readonly label: string;
}

/** The shortest round step whose labels keep their distance. */
export function tickStepMs(view: TimelineView): number {
  const wantedMs = (LABEL_SPACING_PX / view.widthPx) * view.spanMs;
  return STEPS_MS.find((stepMs) => stepMs >= wantedMs) ?? DAY_MS;
}

/**
 * @param zone IANA name; ticks are round in its local time, on both sides of a change of its clock
 * @param offsetAtMs the zone's lead over UTC at an instant, in milliseconds
 */
export function ticksOf(
  view: TimelineView,
  zone: string,
  offsetAtMs: (utcMs: number, zone: string) => number,
): Tick[] {
  const range = viewRange(view);
  const stepMs = tickStepMs(view);
  const changes = transitionsWithin(range, zone).map(({ utcMs }) => utcMs);
  const edges = [range.startUtcMs, ...changes, range.endUtcMs];
  return edges.slice(0, -1).flatMap((startUtcMs, piece) => {
    const endUtcMs = edges[piece + 1]!;
    const offsetMs = offsetAtMs(startUtcMs, zone);
    const ticks: Tick[] = [];
    const first = Math.ceil((startUtcMs + offsetMs) / stepMs) * stepMs;
    for (let localMs = first; localMs - offsetMs < endUtcMs; localMs += stepMs) {
      ticks.push({ utcMs: localMs - offsetMs, label: tickLabel(localMs, stepMs) });
    }
    return ticks;
  });
}

/**
 * What the ruler's left end says where a time alone could be taken for today's, or for that of the hour's other pass.
 * @returns e.g. `2026-10-25 UTC+01:00`, or null where the whole view is of today and no time in it exists twice
 */
export function dateTag(view: TimelineView, zone: string, nowUtcMs: number): string | null {
  const { startUtcMs, endUtcMs } = viewRange(view);
  const [date, today] = [dateAt(startUtcMs, zone), dateAt(nowUtcMs, zone)];
  const isTwice = isInRepeatedHour(startUtcMs, zone);
  if (date === today && dateAt(endUtcMs - 1, zone) === today && !isTwice) return null;
  return isTwice ? `${date} ${formatOffset(startUtcMs, zone)}` : date;
}

/** Drawn sixty times a second: by the offset alone, which is cheaper than a whole date. */
function dateAt(utcMs: number, zone: string): string {
  return new Date(utcMs + offsetMs(utcMs, zone)).toISOString().slice(0, 10);
}

function isInRepeatedHour(utcMs: number, zone: string): boolean {
  const around = { startUtcMs: utcMs - REPEATED_AT_MOST_MS, endUtcMs: utcMs + REPEATED_AT_MOST_MS };
  return repeatedPasses(transitionsWithin(around, zone)).some(
    ({ range }) => utcMs >= range.startUtcMs && utcMs < range.endUtcMs,
  );
}

/** No zone has put its clock back by more. */
const REPEATED_AT_MOST_MS = 3 * HOUR_MS;

/** @param localMs the local time as if it were UTC */
function tickLabel(localMs: number, stepMs: number): string {
  const iso = new Date(localMs).toISOString();
  if (localMs % DAY_MS === 0) return iso.slice(5, 10);
  if (stepMs >= MINUTE_MS) return iso.slice(11, 16);
  return stepMs >= SECOND_MS ? iso.slice(11, 19) : iso.slice(11, 21);
}
