/** How long something is kept, as people say it. The service counts days of 24 hours. */
import { formatCount } from "#shared/words/amounts.ts";

export type KeptUnit = "forever" | "days" | "years";

/** What a field holds: a number as it was typed, and what it counts. */
export interface TypedKept {
  readonly text: string;
  readonly unit: KeptUnit;
}

const DAYS_OF_A_YEAR = 365.25;
const MOST_DAYS = 36_525;

/** Never shorter than years of the calendar, and at most a day longer. */
const daysOfYears = (years: number): number => Math.ceil(years * DAYS_OF_A_YEAR);

/** How many whole years these days are; null where they are none. */
function yearsOf(days: number): number | null {
  const years = Math.floor(days / DAYS_OF_A_YEAR);
  return years > 0 && daysOfYears(years) === days ? years : null;
}

/** `5 years`, `30 days`, `for ever`. */
export function keptInWords(days: number | null): string {
  if (days === null) return "for ever";
  const years = yearsOf(days);
  return years === null ? formatCount(days, "day") : formatCount(years, "year");
}

export function typedOf(days: number | null): TypedKept {
  if (days === null) return { text: "", unit: "forever" };
  const years = yearsOf(days);
  return years === null ? { text: String(days), unit: "days" } : { text: String(years), unit: "years" };
}

/** @returns undefined while nothing that can be kept is typed */
export function daysOf({ text, unit }: TypedKept): number | null | undefined {
  if (unit === "forever") return null;
  if (!/^\d{1,5}$/.test(text.trim())) return undefined;
  const days = unit === "days" ? Number(text) : daysOfYears(Number(text));
  return days >= 1 && days <= MOST_DAYS ? days : undefined;
}
