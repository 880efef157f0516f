import { Temporal } from "temporal-polyfill";

/**
 * @param day YYYY-MM-DD
 * @param laterDays so many days later
 * @returns ISO 8601 in UTC; empty for what is no day
 */
export function dayStartUtc(day: string, zone: string, laterDays = 0): string {
  try {
    const start = Temporal.PlainDate.from(day).add({ days: laterDays }).toZonedDateTime(zone);
    return new Date(start.epochMilliseconds).toISOString();
  } catch (error) {
    if (error instanceof RangeError) return "";
    throw error;
  }
}
