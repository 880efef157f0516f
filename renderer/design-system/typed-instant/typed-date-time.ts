/**
 * What an operator typed or pasted, as a date, a time of day and a side of the clock. A text is understood as a
 * whole or refused in words: a wrong guess is worse than a question.
 */
import { readDate, type CalendarDate } from "./typed-date.ts";
import { splitSide, type ClockSide } from "./typed-side.ts";
import { plainText } from "./typed-text.ts";
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
  const { text, side } = splitSide(whole.replace(LEAD, ""));
  const alone = readTimeOfDay(text);
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

/** Between a date and a time: `T`, a blank, a comma, or a word of mails. */
const LINK = String.raw`(?:T| ?, ?(?:at |um )?| - | (?:at|um|a|à|om|as|às|las|alle|ore|kl\.?|on|le|am) (?:las |ore )?| )`;
const TIME = String.raw`\d{1,2}(?:[:.]\d{1,2}){0,2}(?:[.,]\d{1,9})?(?: ?h ?\d{2})?(?: ?[ap]\.?m\.?| ?(?:uhr|h|hrs?\.?|hours?))?|(?:\d{4}|\d{6}(?:[.,]\d{1,9})?)(?: ?(?:uhr|h|hrs?\.?|hours?))?`;
const DATE_FIRST = new RegExp(`^(?<date>.*?[\\d\\p{L}]\\.?)${LINK}(?<time>${TIME})$`, "iu");
const TIME_FIRST = new RegExp(`^(?<time>${TIME})${LINK}(?<date>.*)$`, "iu");

function readBoth(text: string, side: ClockSide | null): TypedDateTime {
  let refusal: string | null = null;
  for (const pattern of [DATE_FIRST, TIME_FIRST]) {
    const { date: dateText = "", time: timeText = "" } = pattern.exec(text)?.groups ?? {};
    const date = readDate(dateText);
    const time = date === null ? null : readTimeOfDay(timeText);
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
