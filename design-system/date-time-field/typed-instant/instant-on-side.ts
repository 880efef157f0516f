/** The instant of a local reading whose side of the clock was typed with it. */
import type { Temporal } from "temporal-polyfill";
import { DAY_MS } from "#shared/domain/time-range.ts";
import { offsetMs } from "#shared/domain/zone-offset.ts";
import { formatOffset, formatOffsetMs } from "#shared/words/instants.ts";
import { asUtcMs, isReadingOf, type InstantRole, type LocalReading } from "#shared/words/zone-clock.ts";
import { LANGUAGES } from "./typed-date.ts";
import type { ClockSide } from "./typed-side.ts";

interface LocalPlace {
  readonly local: Temporal.PlainDateTime;
  readonly reading: LocalReading;
  readonly zone: string;
  readonly role: InstantRole;
}

type OnSide = { readonly utcMs: number } | { readonly refusal: string };

export function instantOnSide(place: LocalPlace, side: ClockSide, hasDate: boolean): OnSide {
  switch (side.kind) {
    case "offset":
      return (
        contradiction(place, side.minutes * 60_000, side.saidAgain) ??
        atOffset(place, side.minutes * 60_000, side.mayBeEnd || (side.isBare && !hasDate))
      );
    case "name":
      return onNamedClock(place, side.name);
    case "pass":
      return inPass(place, side.pass);
  }
}

/** @param isDoubtful `10:40-11:00` may be two times: only an offset that the zone's clock has is taken for one */
function atOffset(place: LocalPlace, offset: number, isDoubtful: boolean): OnSide {
  const utcMs = asUtcMs(place.local) - offset;
  if (!isDoubtful || isReadingOf(place, utcMs)) return { utcMs };
  return {
    refusal: `The clock of ${place.zone} is not on ${formatOffsetMs(offset)} then. Write one time, with its date.`,
  };
}

/**
 * `+01:00[America/New_York]` says two things: nobody knows which half was copied wrongly. A name that is neither a
 * zone nor one of the site's own clock may be right in its country: the offset beside it is taken.
 */
function contradiction(place: LocalPlace, offset: number, said: string | null): OnSide | null {
  if (said === null) return null;
  const isSame = said.includes("/")
    ? isOffsetIn(place, offset, said)
    : isOffsetCalled(place, offset, said.toUpperCase());
  if (isSame === null) return { refusal: `“${said}” is not a time zone. Write the offset alone.` };
  return isSame
    ? null
    : { refusal: `The clock of ${said} is not on ${formatOffsetMs(offset)} then. Write one of the two.` };
}

/** @returns null for a zone that does not exist */
function isOffsetIn({ local, role }: LocalPlace, offset: number, zone: string): boolean | null {
  try {
    return isReadingOf({ local, zone, role }, asUtcMs(local) - offset);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function isOffsetCalled({ local, zone }: LocalPlace, offset: number, name: string): boolean {
  if (name === "UTC" || name === "GMT") return offset === 0;
  const at = asUtcMs(local);
  const named = [at - HALF_YEAR_MS, at - DAY_MS, at, at + DAY_MS, at + HALF_YEAR_MS].filter((utcMs) =>
    namesAt(utcMs, zone).has(name),
  );
  return named.length === 0 || named.some((utcMs) => offsetMs(utcMs, zone) === offset);
}

const HALF_YEAR_MS = 182 * DAY_MS;

/** Names mean different clocks in different countries: only the zone's own are understood. */
function onNamedClock(place: LocalPlace, name: string): OnSide {
  const { local, zone } = place;
  const near = [asUtcMs(local) - DAY_MS, asUtcMs(local) + DAY_MS];
  const named = near.find((utcMs) => namesAt(utcMs, zone).has(name));
  const now = formatOffset(asUtcMs(local), zone);
  if (named === undefined) {
    return { refusal: `“${name}” is not a name of the clock of ${zone} then. Write the offset, as ${now}.` };
  }
  const utcMs = asUtcMs(local) - offsetMs(named, zone);
  return isReadingOf(place, utcMs) || isReadingOf({ ...place, role: "end" }, utcMs)
    ? { utcMs }
    : { refusal: `The clock of ${zone} is not on ${name} at that time. Write the offset, as ${now}.` };
}

const NAMING_LANGUAGES = [...LANGUAGES, "en-AU", "en-CA", "en-IN", "en-NZ", "en-SG", "en-ZA"] as const;

/** As `EDT`; `CEST` and `MESZ`. */
function namesAt(utcMs: number, zone: string): Set<string> {
  const names = NAMING_LANGUAGES.map((language) =>
    new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName: "short" })
      .formatToParts(utcMs)
      .find(({ type }) => type === "timeZoneName")
      ?.value.toUpperCase(),
  );
  return new Set(names.filter((name) => name !== undefined));
}

function inPass({ local, reading }: LocalPlace, pass: "first" | "second"): OnSide {
  if (reading.kind === "twice") return { utcMs: reading.choices[pass === "first" ? 0 : 1].utcMs };
  if (reading.kind === "skipped") return { refusal: reading.message };
  const time = local.toPlainTime().toString({ smallestUnit: "minute" });
  return { refusal: `${time} exists only once on ${local.toPlainDate().toString()}.` };
}
