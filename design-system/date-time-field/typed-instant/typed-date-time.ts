/**
 * What an operator typed or pasted, as a date, a time of day and a side of the clock. A text is understood as a
 * whole or refused in words: a wrong guess is worse than a question.
 */
import { readDate, type CalendarDate } from "./typed-date.ts";
import { splitSide, type ClockSide } from "./typed-side.ts";
import { plainText } from "./typed-text.ts";
import { withoutWrapping } from "./typed-wrapping.ts";
import { readTimeOfDay, type TimeOfDay } from "./typed-time.ts";

export type TypedDateTime =
  | { readonly kind: "empty" }
  | { readonly kind: "refused"; readonly message: string }
  | {
      readonly kind: "read";
      /** null: a time alone. */
      readonly date: CalendarDate | null;
      readonly time: TimeOfDay;
      readonly side: ClockSide | null;
    };

export const LOCAL_INSTANT_FORMAT = "YYYY-MM-DD HH:MM:SS.mmm";
/** Longer than any date and time; what is longer was pasted by mistake. */
export const TYPED_MAX_CHARACTERS = 200;

const UNREADABLE = `This cannot be read as a date and time. Write it as ${LOCAL_INSTANT_FORMAT}.`;

export function readDateTime(typed: string): TypedDateTime {
  const whole = plainText(typed.slice(0, TYPED_MAX_CHARACTERS + 1));
  if (whole === "") return { kind: "empty" };
  if (typed.length > TYPED_MAX_CHARACTERS) return refused(UNREADABLE);
  const { text, side } = splitSide(withoutWrapping(whole).replace(LEAD, "").replace(PREPOSITION, ""));
  const alone = readTimeOfDay(text, "alone");
  if (alone !== null) return withTime(alone, null, side);
  const date = readDate(text);
  if (date !== null) {
    return refused("refusal" in date ? date.refusal : "Write the time of day too.");
  }
  return readBoth(text, side);
}

/** What a line of a mail begins with: marks of what is quoted, and the name of the line. */
const LEAD =
  /^(?:> ?)*(?:(?:date|time|sent|received|start|end|datum|zeit|uhrzeit|gesendet|heure|envoyé|fecha|hora|enviado|data|ora|inviato|tijd|verzonden) ?: ?)?/iu;

/** `at 10:40`, `um 10:40 Uhr`: what stands before a time. Words like `from` and `about` say more, and are not understood. */
const PREPOSITION = /^(?:at|um|om|kl\.?|à|a las|a|às|as|alle ore|alle|ore) (?=\d)/iu;

/** Between a date and a time: `T`, a blank, a comma, a word of mails, or the sign of tables and logs. */
const LINK = String.raw`(?:T| ?[,;] ?(?:at |um )?| [-/|@] |(?<=\d{4}):| (?:at|um|a|à|om|as|às|las|alle|ore|kl\.?|on|le|am) (?:las |ore )?| )`;
const COLONS = String.raw`\d{1,2}(?:[:.]\d{1,2}){0,2}(?:[.,]\d{1,9})?(?: ?h ?\d{2}| ?uhr ?\d{1,2})?(?: ?[ap]\.?m\.?| ?(?:uhr|h|hrs?\.?|hours?))?`;
const DIGITS = String.raw`(?:\d{4}|\d{6}(?:[.,]\d{1,9})?)(?: ?(?:uhr|h|hrs?\.?|hours?))?`;
const TIME = String.raw`${COLONS}|${DIGITS}|\d{2}-\d{2}-\d{2}`;
const DATE_FIRST = new RegExp(`^(?<date>.*?[\\d\\p{L}]\\.?)${LINK}(?<time>${TIME})$`, "iu");
const TIME_FIRST = new RegExp(`^(?<time>${TIME})${LINK}(?<date>.*)$`, "iu");
/** As programs for a terminal write it: `Sat Nov 28 10:40:00 2026`. */
const YEAR_BEHIND = /^(?<day>[\p{L}., ]+ \d{1,2}) (?<time>\d{1,2}:\d{2}(?::\d{2})?) (?<year>\d{4})$/u;

function readBoth(text: string, side: ClockSide | null): TypedDateTime {
  let refusal: string | null = null;
  for (const pattern of [DATE_FIRST, TIME_FIRST, YEAR_BEHIND]) {
    const { date: dateText, time: timeText = "", day = "", year = "" } = pattern.exec(text)?.groups ?? {};
    const date = readDate(dateText ?? `${day} ${year}`);
    const time = date === null ? null : readTimeOfDay(timeText, "beside a date");
    if (date === null || time === null) continue;
    if ("date" in date) return withTime(time, date.date, side);
    refusal ??= date.refusal;
  }
  return refused(refusal ?? UNREADABLE);
}

function withTime(
  read: NonNullable<ReturnType<typeof readTimeOfDay>>,
  date: CalendarDate | null,
  side: ClockSide | null,
): TypedDateTime {
  return "refusal" in read ? refused(read.refusal) : { kind: "read", date, time: read.time, side };
}

function refused(message: string): TypedDateTime {
  return { kind: "refused", message };
}
