/**
 * Local date-times as an operator writes them, and the instants they mean. Twice a year a zone's clock repeats
 * an hour or skips one: a repeated time has two instants and a skipped one has none, and both are said instead
 * of guessed.
 */
import { Temporal } from "temporal-polyfill";
import { instantOnSide } from "./typed-instant/instant-on-side.ts";
import { readDateTime, type TypedDateTime } from "./typed-instant/typed-date-time.ts";
import { instantsOf, type InstantChoice, type InstantRole, type LocalReading } from "./zone-clock.ts";

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
}

/** Reads what an operator typed or pasted. Never throws, whatever the text is. */
export function readLocalInstant(text: string, place: ReadingPlace): LocalInstant {
  const typed = readDateTime(text);
  if (typed.kind !== "read") return typed;
  const local = localOf(typed, place);
  if (local === null) return { kind: "refused", message: "Write the date too." };
  const reading = instantsOf(local, place.zone, place.role);
  if (typed.side === null) return withoutSide(local, reading);
  const onSide = instantOnSide({ local, reading, ...place }, typed.side, typed.date !== null);
  return "refusal" in onSide
    ? { kind: "refused", message: onSide.refusal }
    : { kind: "instant", utcMs: onSide.utcMs, local };
}

function localOf(
  { date, time }: TypedDateTime & { readonly kind: "read" },
  { zone, dayOfUtcMs }: ReadingPlace,
): Temporal.PlainDateTime | null {
  if (date === null && dayOfUtcMs === null) return null;
  const { isNextDay, ...clock } = time;
  const day =
    date === null
      ? Temporal.Instant.fromEpochMilliseconds(Math.trunc(dayOfUtcMs ?? 0))
          .toZonedDateTimeISO(zone)
          .toPlainDate()
      : Temporal.PlainDate.from(date);
  return day.toPlainDateTime(clock).add({ days: isNextDay ? 1 : 0 });
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
 * @param caret offset into the formatted text
 * @returns the new instant in milliseconds UTC
 */
export function stepLocalInstant(utcMs: number, zone: string, caret: number, amount: number): number {
  const part = PARTS.find(({ end }) => caret <= end) ?? PARTS[6];
  const at = Temporal.Instant.fromEpochMilliseconds(Math.trunc(utcMs)).toZonedDateTimeISO(zone);
  return at.add({ [part.unit]: amount }).epochMilliseconds;
}
