/**
 * Local date-times as an operator writes them, and the instants they mean. Twice a year a zone's clock repeats
 * an hour or skips one: a repeated time has two instants and a skipped one has none, and both are said instead
 * of guessed.
 */
import { Temporal } from "temporal-polyfill";
import { instantOnSide } from "./typed-instant/instant-on-side.ts";
import { readDateTime, type TypedDateTime } from "./typed-instant/typed-date-time.ts";
import type { ClockSide } from "./typed-instant/typed-side.ts";
import {
  instantsOf,
  readingText,
  type InstantChoice,
  type InstantRole,
  type LocalReading,
} from "#shared/words/zone-clock.ts";

export type LocalInstant =
  | { readonly kind: "instant"; readonly utcMs: number; readonly local: Temporal.PlainDateTime }
  | {
      readonly kind: "repeated";
      readonly choices: readonly [InstantChoice, InstantChoice];
      readonly question: string;
      readonly local: Temporal.PlainDateTime;
    }
  | { readonly kind: "empty" }
  | { readonly kind: "refused"; readonly message: string };

export interface ReadingPlace {
  /** IANA name of the zone that the text is local to. */
  readonly zone: string;
  readonly role: InstantRole;
  /** Whose day a time alone is of, milliseconds UTC; null where there is none. */
  readonly dayOfUtcMs: number | null;
  /** What the field itself shows: a time alone that is this instant on some day is of that day. */
  readonly shownUtcMs?: number | null;
  /** What is asked for is not later than this, milliseconds UTC; null or left out: it may be. */
  readonly latestUtcMs?: number | null;
}

type Read = TypedDateTime & { readonly kind: "read" };

/** Reads what an operator typed or pasted. Never throws, whatever the text is. */
export function readLocalInstant(text: string, place: ReadingPlace): LocalInstant {
  const typed = readDateTime(text);
  if (typed.kind !== "read") return typed;
  return typed.date === null
    ? readTimeAlone(typed, place)
    : onDay(Temporal.PlainDate.from(typed.date), typed, place);
}

/**
 * A time alone is of the day before the operator's eyes. `24:00`, and a time with the offset of elsewhere, can lead to
 * another day: typed again they are the instant that is shown by then, and not one day further.
 */
function readTimeAlone(typed: Read, place: ReadingPlace): LocalInstant {
  const { dayOfUtcMs, shownUtcMs = null } = place;
  if (dayOfUtcMs === null) return { kind: "refused", message: "Write the date too." };
  const role = shownUtcMs === null ? "moment" : place.role;
  const day = Temporal.PlainDate.from(readingText(dayOfUtcMs, place.zone, role).slice(0, 10));
  if (shownUtcMs !== null) {
    const readings = [0, -1, 1].map((days) => onDay(day.add({ days }), typed, place));
    const again = readings.find((reading) => mayBe(reading, shownUtcMs));
    if (again !== undefined) return again;
  }
  return (
    twoDays(day, dayOfUtcMs, typed.side) ??
    besideMidnight(day, { dayOfUtcMs, latestUtcMs: place.latestUtcMs ?? null }, (on) =>
      onDay(on, typed, place),
    )
  );
}

const HALF_DAY_MS = 12 * 3_600_000;
/** Whoever looks at one side of midnight may mean the other one this far from what is looked at. */
const NIGHT_MS = 6 * 3_600_000;

/** What is looked at while a time is typed, and the latest that can be meant; milliseconds UTC. */
interface Neighbourhood {
  readonly dayOfUtcMs: number;
  readonly latestUtcMs: number | null;
}

/**
 * In the hours after midnight the time of an hour ago is of the day before: the day's own has not come. Where it has, and
 * is far away, while the same time beyond midnight is near, either may be meant.
 */
function besideMidnight(
  day: Temporal.PlainDate,
  { dayOfUtcMs, latestUtcMs }: Neighbourhood,
  readOn: (day: Temporal.PlainDate) => LocalInstant,
): LocalInstant {
  const reading = readOn(day);
  const utcMs = firstOf(reading);
  if (utcMs === null || latestUtcMs === null) return reading;
  if (utcMs > latestUtcMs) {
    const before = readOn(day.subtract({ days: 1 }));
    const beforeUtcMs = firstOf(before);
    const isNear =
      beforeUtcMs !== null && beforeUtcMs <= latestUtcMs && latestUtcMs - beforeUtcMs <= HALF_DAY_MS;
    return isNear ? before : reading;
  }
  if (Math.abs(utcMs - dayOfUtcMs) <= HALF_DAY_MS) return reading;
  const other = day.add({ days: utcMs < dayOfUtcMs ? 1 : -1 });
  const otherUtcMs = firstOf(readOn(other));
  const mayBeOther =
    otherUtcMs !== null && otherUtcMs <= latestUtcMs && Math.abs(otherUtcMs - dayOfUtcMs) <= NIGHT_MS;
  return mayBeOther ? refusedForDays([day, other]) : reading;
}

function firstOf(reading: LocalInstant): number | null {
  if (reading.kind === "repeated") return reading.choices[0].utcMs;
  return reading.kind === "instant" ? reading.utcMs : null;
}

function refusedForDays(days: readonly [Temporal.PlainDate, Temporal.PlainDate]): LocalInstant {
  const [first, second] = days.toSorted((a, b) => Temporal.PlainDate.compare(a, b)).map(String);
  return { kind: "refused", message: `This time can be of ${first} or of ${second}. Write the date too.` };
}

function mayBe(reading: LocalInstant, utcMs: number): boolean {
  if (reading.kind === "repeated") return reading.choices.some((choice) => choice.utcMs === utcMs);
  return reading.kind === "instant" && reading.utcMs === utcMs;
}

/** In the evening of one place it is the next day in another: `01:30 UTC` may be of either. */
function twoDays(day: Temporal.PlainDate, dayOfUtcMs: number, side: ClockSide | null): LocalInstant | null {
  if (side?.kind !== "offset" || side.isBare) return null;
  const there = Temporal.PlainDate.from(
    new Date(dayOfUtcMs + side.minutes * 60_000).toISOString().slice(0, 10),
  );
  return there.equals(day) ? null : refusedForDays([day, there]);
}

function onDay(day: Temporal.PlainDate, typed: Read, place: ReadingPlace): LocalInstant {
  const { isNextDay, ...clock } = typed.time;
  const local = day.toPlainDateTime(clock).add({ days: isNextDay ? 1 : 0 });
  const reading = instantsOf(local, place.zone, place.role);
  if (typed.side === null) return withoutSide(local, reading);
  const onSide = instantOnSide({ local, reading, ...place }, typed.side, typed.date !== null);
  return "refusal" in onSide
    ? { kind: "refused", message: onSide.refusal }
    : { kind: "instant", utcMs: onSide.utcMs, local };
}

function withoutSide(local: Temporal.PlainDateTime, reading: LocalReading): LocalInstant {
  switch (reading.kind) {
    case "once":
      return { kind: "instant", utcMs: reading.utcMs, local };
    case "skipped":
      return { kind: "refused", message: reading.message };
    case "twice":
      return {
        kind: "repeated",
        choices: reading.choices,
        question: questionOf(local, reading.choices, reading.isEndOfPass),
        local,
      };
  }
}

function questionOf(
  local: Temporal.PlainDateTime,
  [first, second]: readonly [InstantChoice, InstantChoice],
  isEndOfPass: boolean,
): string {
  const time = clockText(local);
  const what = isEndOfPass ? `${time} ends both passes of the repeated time` : `${time} exists twice`;
  return `${what} on ${local.toPlainDate().toString()}: first (${first.offset}) or second (${second.offset}).`;
}

/** `02:10`, or as much more as there is. */
function clockText(local: Temporal.PlainDateTime): string {
  const smallestUnit = local.millisecond > 0 ? "millisecond" : local.second > 0 ? "second" : "minute";
  return local.toPlainTime().toString({ smallestUnit });
}

/** `2026-11-01 01:50:00.000`: as a field shows it. */
export function fullText(local: Temporal.PlainDateTime): string {
  return local.toString({ smallestUnit: "millisecond" }).replace("T", " ");
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
 * @param shown what the field shows, milliseconds UTC
 * @param caret offset into the formatted text
 * @returns the new instant in milliseconds UTC
 */
export function stepLocalInstant(
  { utcMs, zone }: { readonly utcMs: number; readonly zone: string },
  caret: number,
  amount: number,
): number {
  const part = PARTS.find(({ end }) => caret <= end) ?? PARTS[6];
  const at = Temporal.Instant.fromEpochMilliseconds(Math.trunc(utcMs)).toZonedDateTimeISO(zone);
  return at.add({ [part.unit]: amount }).epochMilliseconds;
}
