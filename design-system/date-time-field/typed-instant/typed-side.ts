/** What a typed time says about the clock that it was read from: an offset, a zone's name, or which pass. */

export type ClockSide =
  | {
      readonly kind: "offset";
      readonly minutes: number;
      readonly isBare: boolean;
      /** `10:40-11:00`: what follows may be the end of a range as well. */
      readonly mayBeEnd: boolean;
      /** What stands in brackets behind it and says it again: `CET`, `Europe/Berlin`. */
      readonly saidAgain: string | null;
    }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "pass"; readonly pass: "first" | "second" };

export interface WithSide {
  readonly text: string;
  readonly side: ClockSide | null;
}

/** What a time ends with; before anything else, an offset could be a part of a date. */
const TIME_END =
  /(?:\d[:.h]\d{1,2}(?:[.,]\d+)?|(?:^|[T ])\d{3,6}(?:[.,]\d+)?|\d ?[ap]\.?m\.?|\d ?(?:uhr(?: ?\d{1,2})?|h|hrs?\.?|hours?))$/iu;
/** Without `UTC` in front, only behind a time that is plainly one: `2026-05` is no time of day. */
const PLAIN_TIME_END = /(?:\d:\d{2}(?:[.,]\d+)?|T\d{4}(?:\d{2}(?:[.,]\d+)?)?)$/iu;
/** Programs write `T` or seconds before an offset; people write ranges without. */
const WRITTEN_BY_PROGRAM = /(?:T\d{1,2}:?\d{2}|:\d{2}:\d{2}(?:[.,]\d+)?|T\d{6}(?:[.,]\d+)?)$/iu;
const LARGEST_OFFSET_MINUTES = 14 * 60;
const PASS = /[ ,(]+(?:of (?:the )?)?(first|second|1st|2nd)(?: (?:pass|time))?\)?$/iu;
/** Mails and programs repeat the offset as a name in brackets: `+0100 (CET)`, `+01:00[Europe/Berlin]`. */
const COMMENT = /([+-]\d{2}:?\d{2}) ?(?:\((?<name>[\p{L} ]+)\)|\[(?<zone>[\w/+-]+)\])$/u;
/** `(UTC+01:00)`, `[GMT]`: the brackets say nothing. */
const BRACKETED =
  / ?(?:\((?=[^)]*\)$)|\[(?=[^\]]*\]$))((?:UTC|GMT)? ?[+-]\d{1,2}(?::?\d{2})?|UTC|GMT|Z)[)\]]$/iu;
const OFFSET = / ?(UTC|GMT)? ?([+-])(\d{1,2})(?::?(\d{2}))?$/iu;
const UTC = /(?:(?<=\d) ?Z| ?(?:UTC|GMT))$/iu;
const NAME = / ?\(?(?<!\p{L})(?!(?:am|pm|uhr|hrs?|hours?)\b)(\p{L}{3,5})\)?$/iu;

/** Takes from the end of a text what tells the side of the clock. */
export function splitSide(whole: string): WithSide {
  const comment = COMMENT.exec(whole)?.groups;
  const text = whole.replace(COMMENT, "$1").replace(BRACKETED, " $1");
  const side =
    passIn(text) ?? offsetIn(text, comment?.["name"] ?? comment?.["zone"]) ?? utcIn(text) ?? nameIn(text);
  return side !== null && TIME_END.test(side.text) ? side : { text: whole, side: null };
}

function passIn(text: string): WithSide | null {
  const match = PASS.exec(text);
  if (match === null) return null;
  const pass = /^(?:first|1st)$/iu.test(match[1] ?? "") ? "first" : "second";
  return { text: text.slice(0, match.index), side: { kind: "pass", pass } };
}

function offsetIn(text: string, saidAgain: string | null = null): WithSide | null {
  const match = OFFSET.exec(text);
  if (match === null) return null;
  const [, prefix, sign, hours = "", minutes = "0"] = match;
  if (prefix === undefined && hours.length < 2) return null;
  const size = Number(hours) * 60 + Number(minutes);
  if (size > LARGEST_OFFSET_MINUTES || Number(minutes) > 59) return null;
  const before = text.slice(0, match.index);
  if (prefix === undefined && !PLAIN_TIME_END.test(before)) return null;
  const isBare = prefix === undefined;
  const minutesEast = sign === "-" ? -size : size;
  const mayBeEnd = isBare && sign === "-" && !WRITTEN_BY_PROGRAM.test(before);
  return { text: before, side: { kind: "offset", minutes: minutesEast, isBare, mayBeEnd, saidAgain } };
}

function utcIn(text: string): WithSide | null {
  const match = UTC.exec(text);
  if (match === null) return null;
  return {
    text: text.slice(0, match.index),
    side: { kind: "offset", minutes: 0, isBare: false, mayBeEnd: false, saidAgain: null },
  };
}

function nameIn(text: string): WithSide | null {
  const match = NAME.exec(text);
  if (match === null) return null;
  return {
    text: text.slice(0, match.index),
    side: { kind: "name", name: (match[1] ?? "").toUpperCase() },
  };
}
