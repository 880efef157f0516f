/**
 * Instants and durations in words. Instants are milliseconds UTC; a zone is an IANA name and
 * is applied for display only. Built for drawing loops: nothing here allocates a formatter per call.
 */
import { localParts, offsetMs } from "#shared/domain/zone-offset.ts";

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

/** `1 h 02 min 03 s`, `2 min 05 s`, `7.250 s`: for reading; milliseconds only where they matter. */
export function formatDuration(durationMs: number): string {
  const totalSeconds = Math.floor(durationMs / 1000);
  const hours = Math.floor(totalSeconds / 3600);
  const minutes = Math.floor(totalSeconds / 60) % 60;
  const seconds = String(totalSeconds % 60).padStart(2, "0");
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, "0")} min ${seconds} s`;
  if (minutes > 0) return `${minutes} min ${seconds} s`;
  return durationMs % 1000 === 0 ? `${totalSeconds} s` : `${(durationMs / 1000).toFixed(3)} s`;
}

/** `01:02:03.250`: exact to the millisecond, for what is being measured. */
export function formatExactDuration(durationMs: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const rest = Math.max(0, Math.round(durationMs));
  return `${two(rest / 3_600_000)}:${two((rest / 60_000) % 60)}:${two((rest / 1000) % 60)}.${milliseconds(rest)}`;
}
