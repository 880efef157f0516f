import { isShownTwice, rangeInWords, type RangeWords } from "#shared/words/moments.ts";
import { readingOffset, readingText, type InstantRole } from "#shared/words/zone-clock.ts";
import type { RowTimes } from "./export-draft.ts";

/** Start and end of a row as a list shows them: the range, or what was typed where that is none (yet). */
export function rowTimesInWords(times: RowTimes, timeZone: string): RangeWords {
  const { startUtcMs, endUtcMs, startTyped, endTyped } = times;
  if (startUtcMs !== null && endUtcMs !== null) return rangeInWords({ startUtcMs, endUtcMs }, timeZone);
  const alone = (utcMs: number | null, text: string | undefined, role: InstantRole): string => {
    if (utcMs !== null) return instantInWords(utcMs, timeZone, role);
    return text === undefined || text.trim() === "" ? "Not set" : `“${text}”`;
  };
  return {
    start: alone(startUtcMs, startTyped?.text, "moment"),
    end: alone(endUtcMs, endTyped?.text, "end"),
  };
}

function instantInWords(utcMs: number, timeZone: string, role: InstantRole): string {
  const text = readingText(utcMs, timeZone, role).slice(0, 19);
  return isShownTwice(utcMs, timeZone) ? `${text} ${readingOffset(utcMs, timeZone, role)}` : text;
}
