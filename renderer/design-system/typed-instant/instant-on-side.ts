/** The instant of a local reading whose side of the clock was typed with it. */
import type { Temporal } from "temporal-polyfill";
import { offsetMs } from "#shared/domain/zone-offset.ts";
import { formatOffset, formatOffsetMs } from "../instant-format.ts";
import { asUtcMs, isReadingOf, type InstantRole, type LocalReading } from "../zone-clock.ts";
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
      return atOffset(place, side.minutes * 60_000, side.mayBeEnd || (side.isBare && !hasDate));
    case "name":
      return onNamedClock(place, side.name);
    case "pass":
      return inPass(place, side.pass);
  }
}

/** @param isDoubtful `10:40-11:00` may be two times: only an offset that the zone's clock has is taken for one */
function atOffset({ local, zone, role }: LocalPlace, offset: number, isDoubtful: boolean): OnSide {
  const utcMs = asUtcMs(local) - offset;
  if (!isDoubtful || isReadingOf(local, utcMs, zone, role)) return { utcMs };
  return {
    refusal: `The clock of ${zone} is not on ${formatOffsetMs(offset)} then. Write one time, with its date.`,
  };
}

const DAY_MS = 24 * 3_600_000;

/** Names mean different clocks in different countries: only the zone's own are understood. */
function onNamedClock({ local, zone, role }: LocalPlace, name: string): OnSide {
  const near = [asUtcMs(local) - DAY_MS, asUtcMs(local) + DAY_MS];
  const named = near.find((utcMs) => namesAt(utcMs, zone).has(name));
  const now = formatOffset(asUtcMs(local), zone);
  if (named === undefined) {
    return { refusal: `“${name}” is not a name of the clock of ${zone} then. Write the offset, as ${now}.` };
  }
  const utcMs = asUtcMs(local) - offsetMs(named, zone);
  return isReadingOf(local, utcMs, zone, role) || isReadingOf(local, utcMs, zone, "end")
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
