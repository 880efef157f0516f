/** Times of day as people write them. */

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** 24:00: the beginning of the next day. */
  readonly isNextDay: boolean;
}

/** `null`: not written as a time. */
export type ReadTime = { readonly time: TimeOfDay } | { readonly refusal: string } | null;

interface Written {
  readonly hour: string;
  readonly minute?: string | undefined;
  readonly second?: string | undefined;
  readonly fraction?: string | undefined;
  readonly half?: string | undefined;
}

/** What reports write behind a time of day and means nothing more: `10:40 Uhr`, `1040 hrs`. */
const CLOCK_WORD = / ?(?:uhr|h|hrs?\.?|hours?)$/iu;
/** `9:5`, `10:40:00`, `10:40:00,5`, `9:05 pm` */
const COLONS =
  /^(?<hour>\d{1,2}):(?<minute>\d{1,2})(?::(?<second>\d{1,2})(?:[.,](?<fraction>\d{1,9}))?)?(?: ?(?<half>[ap])\.?m\.?)?$/iu;
/** `9.05`, `9.05 pm`, `10h40`, `10 h 40` */
const DOTTED = /^(?<hour>\d{1,2})(?:\.| ?h ?)(?<minute>\d{2})(?: ?(?<half>[ap])\.?m\.?)?$/iu;
/** `10.40.30`: with a month in the middle it may be a date as well. */
const DOTTED_SECONDS =
  /^(?<hour>\d{1,2})\.(?<minute>\d{2})\.(?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?(?: ?(?<half>[ap])\.?m\.?)?$/iu;
/** `10-40-30`, as in names of files. */
const HYPHENS = /^(?<hour>\d{2})-(?<minute>\d{2})-(?<second>\d{2})$/u;
/** `9 pm` */
const HOUR_ALONE = /^(?<hour>\d{1,2}) ?(?<half>[ap])\.?m\.?$/iu;
/** `10 Uhr`, `10h`, `10 Uhr 40` */
const HOUR_IN_WORDS = /^(?<hour>\d{1,2}) ?(?:h|uhr(?: ?(?<minute>\d{1,2}))?)$/iu;
/** `905`, `0905`, `104000`, `104000.5` */
const DIGITS =
  /^(?<hour>\d{1,2})(?<minute>\d{2})$|^(?<h>\d{2})(?<m>\d{2})(?<s>\d{2})(?:[.,](?<f>\d{1,9}))?$/u;

/** Dots and hyphens are signs of dates too: some notations are times only where the date stands beside them. */
export function readTimeOfDay(text: string, place: "alone" | "beside a date"): ReadTime {
  if (place === "alone") {
    if (HYPHENS.test(text)) return null;
    const both = dayOrTime(text);
    if (both !== "time") return both;
  }
  const written = writtenTime(text);
  return written === null ? null : checked(written, text);
}

/** @returns "time" for whatever is no day with its year in two digits */
function dayOrTime(text: string): ReadTime | "time" {
  const [, first = "", month = "", last = ""] = /^(\d{1,2})\.(\d{2})\.(\d{2})$/u.exec(text) ?? [];
  const isDay = Number(month) >= 1 && Number(month) <= 12 && Number(first) >= 1 && Number(first) <= 31;
  if (!isDay) return "time";
  if (Number(first) > 23 || Number(last) > 59) return null;
  return { refusal: `${text} can be a day or a time. Write ${first}:${month}:${last}, or the whole date.` };
}

function writtenTime(whole: string): Written | null {
  const text = whole.replace(CLOCK_WORD, "");
  const groups = (
    HOUR_IN_WORDS.exec(whole) ??
    COLONS.exec(text) ??
    DOTTED.exec(text) ??
    DOTTED_SECONDS.exec(text) ??
    HYPHENS.exec(text) ??
    HOUR_ALONE.exec(text) ??
    DIGITS.exec(text)
  )?.groups;
  if (groups === undefined) return null;
  return {
    hour: groups["hour"] ?? groups["h"] ?? "",
    minute: groups["minute"] ?? groups["m"],
    second: groups["second"] ?? groups["s"],
    fraction: groups["fraction"] ?? groups["f"],
    half: groups["half"]?.toLowerCase(),
  };
}

function checked(written: Written, text: string): ReadTime {
  const { half } = written;
  const [hour, minute, second] = [written.hour, written.minute, written.second].map((part) =>
    Number(part ?? 0),
  );
  const millisecond = Number((written.fraction ?? "0").slice(0, 3).padEnd(3, "0"));
  const refusal = { refusal: `There is no time ${text}.` };
  if (minute! > 59 || second! > 59) return refusal;
  if (half !== undefined && (hour! < 1 || hour! > 12)) {
    return { refusal: `${text} cannot be: with am or pm, hours go from 1 to 12.` };
  }
  const hours = half === undefined ? hour! : (hour! % 12) + (half === "p" ? 12 : 0);
  const isNextDay = hours === 24 && minute === 0 && second === 0 && millisecond === 0;
  if (hours > 23 && !isNextDay) return refusal;
  return { time: { hour: hours % 24, minute: minute!, second: second!, millisecond, isNextDay } };
}
