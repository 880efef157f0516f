/**
 * What is searched: words. A record is found by the beginnings of its words, in any order, whatever their case and
 * accents.
 */

/** Scripts that put no spaces between words: each sign stands for itself. */
const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;
const WORDS = /[\p{L}\p{M}\p{N}]+/gu;
/** More words than anybody types; each costs time. */
const MOST_WORDS = 12;
const LONGEST_WORD = 64;

/** The words of a text, each once, in their order. */
function wordsIn(text: string): string[] {
  const plain = text.normalize("NFKC").toLowerCase().replaceAll(WITHOUT_SPACES, " $& ");
  return [...new Set(plain.match(WORDS) ?? [])];
}

/** A record's text as it is kept for searching: its words; numbers also without the zeros in front of them. */
export function searchTextOf(...texts: readonly string[]): string {
  const words = wordsIn(texts.join("\n"));
  const numbers = words.filter((word) => /^0+[1-9]\d*$/.test(word)).map((word) => word.replace(/^0+/, ""));
  return [...new Set([...words, ...numbers])].join(" ");
}

/**
 * What a person typed as a query of FTS5: every word is the beginning of one of the record's.
 * @returns null when there is no word in it
 */
export function searchQueryOf(text: string): string | null {
  const words = wordsIn(text)
    .slice(0, MOST_WORDS)
    .map((word) => word.slice(0, LONGEST_WORD));
  return words.length === 0 ? null : words.map((word) => `"${word}"*`).join(" AND ");
}

/**
 * What lists are narrowed by stands among the words, behind signs that nobody's word has (of the private use area, which
 * FTS5 takes for letters): so one index answers both, however few of the rows with a word are in a case.
 */
export const CASE_SIGN = 0xe000;
export const ACCOUNT_SIGN = 0xe001;
export const NO_CASE = "none";

/** A term of a query: rows of this case (`NO_CASE`: of none), or of this account. */
export function termOf(sign: typeof CASE_SIGN | typeof ACCOUNT_SIGN, id: string): string {
  return `"${String.fromCodePoint(sign)}${id.replaceAll(/[^\p{L}\p{N}]/gu, "")}"`;
}
