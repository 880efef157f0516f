import { Temporal } from "temporal-polyfill";

/**
 * @param day YYYY-MM-DD
 * @param laterDays so many days later
 * @returns ISO 8601 in UTC; empty for what is no day
 */
export function dayStartUtc(day: string, zone: string, laterDays = 0): string {
  try {
    const start = Temporal.PlainDate.from(day).add({ days: laterDays }).toZonedDateTime(zone);
    return start.toInstant().toString({ fractionalSecondDigits: 3 });
  } catch (error) {
    if (error instanceof RangeError) return "";
    throw error;
  }
}
