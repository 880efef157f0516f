/**
 * Local date-times as an operator writes them, `YYYY-MM-DD HH:MM:SS.mmm`, and the instants they mean.
 * Twice a year a zone's clock repeats an hour or skips one: a repeated time has two instants and a
 * skipped one has none, and both are said instead of guessed.
 */
import { Temporal } from "temporal-polyfill";
import { formatOffset } from "./instant-format.ts";

export interface InstantChoice {
  readonly utcMs: number;
  /** e.g. `UTC+02:00` */
  readonly offset: string;
}

export type LocalInstant =
  | { readonly kind: "instant"; readonly utcMs: number }
  | { readonly kind: "repeated"; readonly choices: readonly [InstantChoice, InstantChoice] }
  | { readonly kind: "skipped"; readonly message: string }
  | { readonly kind: "empty" }
  | { readonly kind: "unreadable"; readonly message: string };

export const LOCAL_INSTANT_FORMAT = "YYYY-MM-DD HH:MM:SS.mmm";

const PATTERN = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3}))?)?$/;

/**
 * Reads what an operator typed.
 * @param text a local date-time; seconds and milliseconds may be left out
 * @param zone IANA name of the zone it is local to
 */
export function readLocalInstant(text: string, zone: string): LocalInstant {
  const trimmed = text.trim();
  if (trimmed === "") return { kind: "empty" };
  const match = PATTERN.exec(trimmed);
  if (match === null) {
    return { kind: "unreadable", message: `Write the time as ${LOCAL_INSTANT_FORMAT}.` };
  }
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const millisecond = Number((match[7] ?? "0").padEnd(3, "0"));
  try {
    const local = Temporal.PlainDateTime.from(
      { year: year!, month: month!, day: day!, hour: hour!, minute: minute!, second: second!, millisecond },
      { overflow: "reject" },
    );
    return instantsOf(local, zone);
  } catch (error) {
    if (error instanceof RangeError)
      return { kind: "unreadable", message: "There is no such date and time." };
    throw error;
  }
}

function instantsOf(local: Temporal.PlainDateTime, zone: string): LocalInstant {
  const earlier = local.toZonedDateTime(zone, { disambiguation: "earlier" });
  const later = local.toZonedDateTime(zone, { disambiguation: "later" });
  if (earlier.epochMilliseconds === later.epochMilliseconds) {
    return { kind: "instant", utcMs: earlier.epochMilliseconds };
  }
  if (!earlier.toPlainDateTime().equals(local)) {
    const message = `This time does not exist in ${zone}: the clock goes forward from ${clock(earlier, later)}.`;
    return { kind: "skipped", message };
  }
  const choice = ({ epochMilliseconds }: Temporal.ZonedDateTime): InstantChoice => ({
    utcMs: epochMilliseconds,
    offset: formatOffset(epochMilliseconds, zone),
  });
  return { kind: "repeated", choices: [choice(earlier), choice(later)] };
}

/** The two readings of the clock at the change that lies between two instants. */
function clock(before: Temporal.ZonedDateTime, after: Temporal.ZonedDateTime): string {
  const change = before.getTimeZoneTransition("next");
  if (change === null || Temporal.ZonedDateTime.compare(change, after) > 0) return "one hour to the next";
  const old = change.toInstant().toZonedDateTimeISO("UTC").add({ nanoseconds: before.offsetNanoseconds });
  return `${old.toPlainTime().toString({ smallestUnit: "minute" })} to ${change
    .toPlainTime()
    .toString({ smallestUnit: "minute" })}`;
}

/** The other instant with the same local time, when an hour is repeated; null on every ordinary time. */
export function repeatedChoices(utcMs: number, zone: string): readonly [InstantChoice, InstantChoice] | null {
  const local = Temporal.Instant.fromEpochMilliseconds(Math.trunc(utcMs)).toZonedDateTimeISO(zone);
  const read = instantsOf(local.toPlainDateTime(), zone);
  return read.kind === "repeated" ? read.choices : null;
}

const PARTS = [
  { end: 4, unit: "years" },
  { end: 7, unit: "months" },
  { end: 10, unit: "days" },
  { end: 13, unit: "hours" },
  { end: 16, unit: "minutes" },
  { end: 19, unit: "seconds" },
  { end: 23, unit: "milliseconds" },
] as const;

/**
 * Steps the part of the text under the caret. Days and longer keep the local time; hours and shorter
 * pass as time passes, so that stepping walks through a repeated hour and over a skipped one.
 * @param caret offset into the formatted text
 * @returns the new instant in milliseconds UTC
 */
export function stepLocalInstant(utcMs: number, zone: string, caret: number, amount: number): number {
  const part = PARTS.find(({ end }) => caret <= end) ?? PARTS[6];
  const at = Temporal.Instant.fromEpochMilliseconds(Math.trunc(utcMs)).toZonedDateTimeISO(zone);
  return at.add({ [part.unit]: amount }).epochMilliseconds;
}
