/**
 * Which new passwords are taken: NIST SP 800-63B-4, 3.1.1.2. Length, and nothing that is tried first: no rules of
 * composition, no expiry, any character of Unicode.
 */
import type { RefusalCode } from "../http/refusal-codes.ts";

/** Characters, as Unicode counts them. */
export const SHORTEST_PASSWORD = 12;

export type PasswordIssue = Extract<
  RefusalCode,
  "PASSWORD_TOO_SHORT" | "PASSWORD_KNOWN" | "PASSWORD_REPEATS" | "PASSWORD_NAMES"
>;

/** What is put before or behind a word to make it long enough; more than this is a password of its own. */
const LONGEST_TRIMMING = 8;
/** A password that is made of fewer characters, however long, is tried soon. */
const FEWEST_CHARACTERS = 4;
const LONGEST_UNIT = 8;
/** A shorter name is found in many a password by chance. */
const SHORTEST_NAME = 4;
/** Beside a name that everybody knows. */
const LEAST_BESIDE_NAME = 8;

export interface PasswordSurroundings {
  /** Of the person and of the service. */
  readonly names: readonly string[];
  /** Whether it is one of those that are tried first, all in small letters. */
  readonly isKnown: (folded: string) => boolean;
}

/** @returns why the password is not taken; null when it is */
export function passwordIssue(
  password: string,
  { names, isKnown }: PasswordSurroundings,
): PasswordIssue | null {
  const folded = fold(password);
  const characters = [...folded];
  if ([...password.normalize("NFKC")].length < SHORTEST_PASSWORD) return "PASSWORD_TOO_SHORT";
  if (isKnown(folded) || isKnown(coreOf(folded))) return "PASSWORD_KNOWN";
  if (repeats(characters) || isSequence(characters)) return "PASSWORD_REPEATS";
  if (isName(folded, names)) return "PASSWORD_NAMES";
  return null;
}

const fold = (text: string): string => text.normalize("NFKC").toLowerCase();

/** Without the digits and signs at both ends, where they are few. */
function coreOf(folded: string): string {
  const core = folded.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  return folded.length - core.length <= LONGEST_TRIMMING ? core : folded;
}

function repeats(characters: readonly string[]): boolean {
  if (new Set(characters).size < FEWEST_CHARACTERS) return true;
  for (let unit = 1; unit <= LONGEST_UNIT && unit * 2 <= characters.length; unit += 1) {
    if (characters.every((character, index) => character === characters[index % unit])) return true;
  }
  return false;
}

/** As on the keys for digits, or in the alphabet, forwards or backwards; 0 follows 9. */
function isSequence(characters: readonly string[]): boolean {
  const codes = characters.map((character) => character.codePointAt(0) ?? 0);
  return [1, -1].some((step) =>
    codes.every((code, index) => {
      const before = codes[index - 1];
      if (before === undefined) return true;
      return code - before === step || code - before === -9 * step;
    }),
  );
}

function isName(folded: string, names: readonly string[]): boolean {
  const plain = lettersOf(folded);
  return names
    .flatMap((name) => [lettersOf(fold(name)), ...fold(name).split(/[^\p{L}\p{N}]+/u)])
    .filter((name) => [...name].length >= SHORTEST_NAME)
    .some((name) => plain.includes(name) && [...plain.replaceAll(name, "")].length < LEAST_BESIDE_NAME);
}

const lettersOf = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]+/gu, "");
