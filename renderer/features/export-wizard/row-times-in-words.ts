import { rangeInWords, type RangeWords } from "../../design-system/moment-format.ts";
import { readingText } from "../../design-system/zone-clock.ts";
import type { RowTimes } from "./export-draft.ts";

/** Start and end of a row as a list shows them: the range, or what was typed where that is none (yet). */
export function rowTimesInWords(times: RowTimes, timeZone: string): RangeWords {
  const { startUtcMs, endUtcMs, startTyped, endTyped } = times;
  if (startUtcMs !== null && endUtcMs !== null) return rangeInWords({ startUtcMs, endUtcMs }, timeZone);
  const alone = (utcMs: number | null, text: string | undefined, role: "moment" | "end"): string => {
    if (utcMs !== null) return readingText(utcMs, timeZone, role).slice(0, 19);
    return text === undefined || text.trim() === "" ? "Not set" : `“${text}”`;
  };
  return {
    start: alone(startUtcMs, startTyped?.text, "moment"),
    end: alone(endUtcMs, endTyped?.text, "end"),
  };
}
