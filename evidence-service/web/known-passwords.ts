/** Passwords that everybody tries first, from the dictionaries of a program that estimates strength; asked of nobody. */
import { dictionary } from "@zxcvbn-ts/language-common";

/** All in small letters. */
const KNOWN: ReadonlySet<string> = new Set([
  ...dictionary["passwords-common"],
  ...dictionary["diceware-common"],
]);

/** @param folded as `password-rules.ts` folds it */
export const isKnownPassword = (folded: string): boolean => KNOWN.has(folded);
