/** What stands around and between dates and times and means nothing: quotes, brackets, the full stop of a sentence. */

const QUOTES = /["'`´“”„‟‘’‚‛«»‹›*]/gu;
const END_OF_SENTENCE = /[ .,;]+$/u;
/** A whole text in brackets, none of them closed before its end. */
const IN_BRACKETS =
  /^(?:\((?<round>[^()]*(?:\([^()]*\))?[^()]*)\)|\[(?<square>[^[\]]*)\]|<(?<angle>[^<>]*)>)$/u;
/** `28.11.2026 (10:40)`: a date or a time of its own; words and offsets in brackets say something about a time. */
const NUMBERS_IN_BRACKETS = /\((?<round>\d[\d:. /-]+)\)|\[(?<square>\d[\d:. /-]+)\]/gu;
/** `20261128104030`, `20261128-104030`, as in names of files. */
const UNBROKEN = /^(\d{8})-?(\d{4}(?:\d{2})?)(?!\d)/u;
/** `Sat Nov 28 10:40:00 CET 2026`: the name of the clock belongs behind everything else. */
const NAME_BEFORE_YEAR = /(:\d{2}) (\p{L}{3,5}) (\d{4})$/u;

/** @param text in plain digits and blanks */
export function withoutWrapping(text: string): string {
  let inner = text.replace(QUOTES, " ").replace(/ +/gu, " ").trim();
  for (let before = ""; before !== inner;) {
    before = inner;
    inner = inner.replace(END_OF_SENTENCE, "");
    const { round, square, angle } = IN_BRACKETS.exec(inner)?.groups ?? {};
    inner = (round ?? square ?? angle ?? inner).trim();
  }
  return inner
    .replace(NUMBERS_IN_BRACKETS, " $<round>$<square> ")
    .replace(/(?<=\d)_(?=\d)/gu, " ")
    .replace(/ +/gu, " ")
    .trim()
    .replace(UNBROKEN, "$1T$2")
    .replace(NAME_BEFORE_YEAR, "$1 $3 $2");
}
