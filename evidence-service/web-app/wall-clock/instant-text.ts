import { Temporal } from "temporal-polyfill";

/** How finely an instant is written. */
export type Precision = "minute" | "second" | "millisecond";

/**
 * The wall-clock time of an instant with its offset, e.g. `2026-11-23 15:26:54.120 +01:00`.
 * @param instantUtcMs milliseconds since 1970 UTC; a fraction is cut off
 * @param zone an IANA time zone
 */
export function instantText(instantUtcMs: number, zone: string, precision: Precision = "second"): string {
  const local = at(instantUtcMs, zone);
  return `${local.toPlainDate().toString()} ${clock(local, precision)} ${local.offset}`;
}

/** Only the time of day, e.g. `15:26:54`. */
export function timeText(instantUtcMs: number, zone: string, precision: Precision = "second"): string {
  return clock(at(instantUtcMs, zone), precision);
}

/** What the zone is called, with its offset at an instant: `Europe/Berlin (+01:00)`. */
export function zoneText(instantUtcMs: number, zone: string): string {
  return zone === "UTC" ? "UTC" : `${zone} (${at(instantUtcMs, zone).offset})`;
}

/** How far the zone is ahead of UTC at an instant, milliseconds. */
export function zoneOffsetMs(instantUtcMs: number, zone: string): number {
  return at(instantUtcMs, zone).offsetNanoseconds / 1_000_000;
}

function at(instantUtcMs: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(instantUtcMs)).toZonedDateTimeISO(zone);
}

function clock(local: Temporal.ZonedDateTime, precision: Precision): string {
  return local.toPlainTime().toString({ smallestUnit: precision });
}
