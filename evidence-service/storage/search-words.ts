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

/** Letters of the Latin script, with what was put onto them in composing. */
const ACCENTED = /(\p{Script=Latin})\p{M}+/gu;

/** The words of a text, each once, in their order; accents of Latin letters are left out. */
function wordsIn(text: string): string[] {
  const plain = text.normalize("NFKC").toLowerCase().replaceAll(WITHOUT_SPACES, " $& ");
  const withoutAccents = plain.normalize("NFD").replaceAll(ACCENTED, "$1").normalize("NFC");
  return [...new Set(withoutAccents.match(WORDS) ?? [])];
}

/** A record's text as it is kept for searching: its words; numbers also without the zeros in front of them. */
export function searchTextOf(...texts: readonly string[]): string {
  const words = wordsIn(texts.join("\n"));
  const numbers = words.filter((word) => /^0+[1-9]\d*$/.test(word)).map((word) => word.replace(/^0+/, ""));
  return [...new Set([...words, ...numbers])].join(" ");
}

/** What a row has to have, all of it. */
export interface SearchTerms {
  /** Each is the beginning of one of its words. */
  readonly beginnings: readonly string[];
  /** Each is one of its words, as a whole. */
  readonly exact: readonly string[];
}

/** What a list is narrowed to. */
export interface SearchedWithin {
  readonly caseId?: string | undefined;
  /** In no case. */
  readonly unassigned?: boolean | undefined;
}

/**
 * What a person typed: every word is the beginning of one of the record's.
 * @returns null when there is no word in it
 */
export function searchTermsOf(text: string, { caseId, unassigned }: SearchedWithin = {}): SearchTerms | null {
  const words = wordsIn(text).slice(0, MOST_WORDS);
  if (words.length === 0) return null;
  const ofCase = caseId === undefined ? [] : [signed(CASE_SIGN, caseId)];
  const ofNone = unassigned === true ? [signed(CASE_SIGN, NO_CASE)] : [];
  return {
    beginnings: words.map((word) => word.slice(0, LONGEST_WORD)),
    exact: [...ofCase, ...ofNone],
  };
}

/**
 * What lists are narrowed by stands among the words, behind signs that nobody's word has (of the private use area, which
 * FTS5 takes for letters): so one index answers both, however few of the rows with a word are in a case.
 */
export const CASE_SIGN = 0xe000;
export const ACCOUNT_SIGN = 0xe001;
export const HOLDER_SIGN = 0xe002;
export const NO_CASE = "none";

/** The words of rows that are seen: of one of the holders, or sent by the account. */
export function wordsOfSight(holders: readonly number[], sentBy: string | null): string[] {
  const ofAccount = sentBy === null ? [] : [signed(ACCOUNT_SIGN, sentBy)];
  return [...holders.map((holder) => signed(HOLDER_SIGN, String(holder))), ...ofAccount];
}

function signed(sign: typeof CASE_SIGN | typeof ACCOUNT_SIGN | typeof HOLDER_SIGN, id: string): string {
  return String.fromCodePoint(sign) + id.replaceAll(/[^\p{L}\p{N}]/gu, "");
}
