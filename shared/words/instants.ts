/**
 * Instants in words, alike everywhere. Instants are milliseconds UTC, a fraction is cut off; a zone is an IANA name
 * and is applied for display only. Built for drawing loops: nothing here makes a formatter per call.
 */
import { localParts, offsetMs } from "../domain/zone-offset.ts";

function milliseconds(utcMs: number): string {
  return String(((Math.trunc(utcMs) % 1000) + 1000) % 1000).padStart(3, "0");
}

/** `2026-11-23` */
export function formatDate(utcMs: number, zone: string): string {
  return localParts(utcMs, zone).date;
}

/** `14:03:07` */
export function formatTime(utcMs: number, zone: string): string {
  return localParts(utcMs, zone).time;
}

/** `14:03:07.250` */
export function formatTimeMs(utcMs: number, zone: string): string {
  return `${localParts(utcMs, zone).time}.${milliseconds(utcMs)}`;
}

/** `2026-11-23 14:03:07` */
export function formatDateTime(utcMs: number, zone: string): string {
  const { date, time } = localParts(utcMs, zone);
  return `${date} ${time}`;
}

/** `2026-11-23 14:03:07.250`: what a DateTimeField shows and takes. */
export function formatDateTimeMs(utcMs: number, zone: string): string {
  return `${formatDateTime(utcMs, zone)}.${milliseconds(utcMs)}`;
}

/** How finely an instant is written. */
export type Precision = "minute" | "second" | "millisecond";

const SHOWN: Readonly<Record<Precision, number>> = { minute: 5, second: 8, millisecond: 12 };

/** The time of day as finely as is asked for: `14:03`, `14:03:07`, `14:03:07.250`. */
export function formatTimeTo(precision: Precision, utcMs: number, zone: string): string {
  return formatTimeMs(utcMs, zone).slice(0, SHOWN[precision]);
}

/**
 * With the offset always, for readers whose clock may be another: `2026-11-23 14:03:07.250 UTC+01:00`,
 * `2026-11-23 13:03:07.250 UTC`.
 */
export function formatWithOffset(utcMs: number, zone: string, precision: Precision = "second"): string {
  return `${formatDate(utcMs, zone)} ${formatTimeTo(precision, utcMs, zone)} ${formatOffset(utcMs, zone)}`;
}

/** For whoever reads it anywhere, as what a service says: `2026-11-23 13:03:07 UTC`. */
export function formatUtc(utcMs: number, precision: Precision = "second"): string {
  return formatWithOffset(utcMs, "UTC", precision);
}

/** What the zone is called, with its offset at an instant: `Europe/Berlin (UTC+01:00)`, `UTC`. */
export function formatZone(utcMs: number, zone: string): string {
  return zone === "UTC" ? "UTC" : `${zone} (${formatOffset(utcMs, zone)})`;
}

/** `UTC+01:00`, `UTC−03:30`, `UTC` */
export function formatOffset(utcMs: number, zone: string): string {
  return formatOffsetMs(offsetMs(utcMs, zone));
}

/** The same of an offset in milliseconds. */
export function formatOffsetMs(offset: number): string {
  const minutes = Math.round(offset / 60_000);
  if (minutes === 0) return "UTC";
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `UTC${minutes < 0 ? "−" : "+"}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}
