/** Dates as people write them, in digits or with the month in words. */
import { plainWord } from "./typed-text.ts";

export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** `null`: not written as a date. */
export type ReadDate = { readonly date: CalendarDate } | { readonly refusal: string } | null;

const YEAR_FIRST = /^(\d{4})(?:([-/.:])(\d{1,2})\2(\d{1,2})|(\d{2})(\d{2}))$/u;
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/u;
const WITHOUT_YEAR = /^\d{1,2}[-/.]\d{1,2}\.?$/u;
const SHORT_YEAR = /^\d{1,2}([-/.])\d{1,2}\1\d{2}$/u;

const YEAR_MISSING = { refusal: "Write the year too." };
const YEAR_SHORT = { refusal: "Write the year with four digits." };

/** @param text without a time of day, its blanks single */
export function readDate(text: string): ReadDate {
  return readDigits(text) ?? readWords(text);
}

function readDigits(text: string): ReadDate {
  if (WITHOUT_YEAR.test(text)) return YEAR_MISSING;
  if (SHORT_YEAR.test(text)) return YEAR_SHORT;
  const yearFirst = YEAR_FIRST.exec(text);
  if (yearFirst !== null) {
    const [, year, , month, day, basicMonth, basicDay] = yearFirst;
    const date = { year: Number(year), month: Number(month ?? basicMonth), day: Number(day ?? basicDay) };
    return existing(date, text);
  }
  const yearLast = YEAR_LAST.exec(text);
  if (yearLast === null) return null;
  const [, first, sign, second, year] = yearLast;
  const [dayFirst, monthFirst] = [
    { year: Number(year), month: Number(second), day: Number(first) },
    { year: Number(year), month: Number(first), day: Number(second) },
  ];
  // With dots the day comes first everywhere; with strokes that depends on who wrote it, so one who could mean two is asked.
  if (sign === "." || dayFirst.day > 12) return existing(dayFirst, text);
  if (monthFirst.day > 12 || monthFirst.month === monthFirst.day) return existing(monthFirst, text);
  return { refusal: `${text} can mean two days. Write ${isoDate(dayFirst)} or ${isoDate(monthFirst)}.` };
}

function existing({ year, month, day }: CalendarDate, text: string): ReadDate {
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day < 1 || day > days) return { refusal: `There is no day ${text}.` };
  return year < 1970 ? { refusal: "Write a year from 1970 on." } : { date: { year, month, day } };
}

function isoDate({ year, month, day }: CalendarDate): string {
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** Languages whose names of months and days are understood; no name of theirs means two months. */
export const LANGUAGES = ["en-US", "en-GB", "de", "fr", "es", "it", "nl", "pt"] as const;

/** Words that stand between the parts of a date and mean nothing. */
const FILLERS = new Set(["of", "the", "on", "am", "el", "il", "op", "de", "del", "den", "der", "le", "do"]);

/** Names of the months from 1 and of the weekdays from Monday, 1. */
interface Names {
  readonly months: ReadonlyMap<string, number>;
  readonly weekdays: ReadonlyMap<string, number>;
}

let known: Names | null = null;

function names(): Names {
  known ??= {
    months: namesOf("month", (index) => Date.UTC(2026, index, 15), 12),
    weekdays: namesOf("weekday", (index) => Date.UTC(2026, 10, 23 + index), 7),
  };
  return known;
}

function namesOf(
  part: "month" | "weekday",
  at: (index: number) => number,
  count: number,
): Map<string, number> {
  const found = new Map<string, number>();
  for (const language of LANGUAGES) {
    for (const width of ["long", "short"] as const) {
      const format = new Intl.DateTimeFormat(language, { timeZone: "UTC", day: "numeric", [part]: width });
      for (let index = 0; index < count; index += 1) {
        const name = format.formatToParts(at(index)).find(({ type }) => type === part)?.value;
        if (name !== undefined) found.set(plainWord(name), index + 1);
      }
    }
  }
  return found;
}

interface Sorted {
  readonly weekday: number | null;
  readonly month: number | null;
  readonly numbers: readonly string[];
}

/** `Sat, 28 Nov 2026`, `November 28, 2026`, `28. November 2026`; a weekday may stand before digits too. */
function readWords(text: string): ReadDate {
  // `28-Nov-2026` and `28/Nov/2026` are how reports and logs write it.
  const spaced = text.replace(/(\d)([-/])(\p{L}+)\2(\d)/u, "$1 $3 $4");
  const words = spaced.split(/[ ,]+/u).filter((word) => word !== "" && !FILLERS.has(plainWord(word)));
  const [first = "", ...rest] = words;
  const weekday = names().weekdays.get(plainWord(first)) ?? null;
  if (weekday !== null) {
    const digits = readDigits(rest.join(" "));
    const after = digits ?? dateOf({ ...sorted(rest), weekday }, text);
    if (after !== null) return onWeekday(after, weekday, first);
  }
  return words.length === 1 && first !== text ? readDigits(first) : dateOf(sorted(words), text);
}

function sorted(words: readonly string[]): Sorted & { readonly isClear: boolean } {
  const { months } = names();
  const monthNames = words.filter((word) => months.has(plainWord(word)));
  const numbers = words.filter((word) => /^\d+(?:\.|st|nd|rd|th)?$/iu.test(word));
  return {
    weekday: null,
    month: months.get(plainWord(monthNames[0] ?? "")) ?? null,
    numbers: numbers.map((number) => number.replace(/\D+$/u, "")),
    isClear: monthNames.length === 1 && monthNames.length + numbers.length === words.length,
  };
}

function dateOf({ month, numbers, isClear }: ReturnType<typeof sorted>, text: string): ReadDate {
  if (month === null || !isClear) return null;
  const [first = "", second, ...more] = numbers;
  if (second === undefined) return first === "" ? null : YEAR_MISSING;
  if (more.length > 0) return null;
  if (second.length === 4 && first.length <= 2)
    return existing({ year: Number(second), month, day: Number(first) }, text);
  if (first.length === 4 && second.length <= 2)
    return existing({ year: Number(first), month, day: Number(second) }, text);
  return YEAR_SHORT;
}

/** A day that falls on another weekday was copied wrongly: nobody knows which half. */
function onWeekday(read: NonNullable<ReadDate>, weekday: number, word: string): ReadDate {
  if ("refusal" in read) return read;
  const { year, month, day } = read.date;
  const at = Date.UTC(year, month - 1, day);
  if ((new Date(at).getUTCDay() + 6) % 7 === weekday - 1) return read;
  const right = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", weekday: "long" }).format(at);
  return { refusal: `${isoDate({ year, month, day })} is a ${right}, not “${word.replace(/\.$/u, "")}”.` };
}
