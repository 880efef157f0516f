/** Search in evidence and cases, whichever engine has the index of words. */
import type { Sight } from "../storage/access-index.ts";
import type { SearchTerms } from "../storage/search-words.ts";

export type SearchKind = "evidence" | "cases";

export interface Searched {
  readonly terms: SearchTerms;
  /** Whose search it is: rows that are not seen are none of its. */
  readonly sight: Sight;
  /** Only rows of smaller numbers; newest first. */
  readonly below: number;
  readonly limit: number;
}

export interface SearchPort {
  /**
   * Numbers of the rows that have all terms, newest first.
   * @throws Refusal 503 SEARCH_BUSY when too many wait, 503 SEARCH_TOO_LONG
   */
  find(kind: SearchKind, searched: Searched): Promise<number[]>;
  close(): Promise<void>;
}

/** What each search finds, as the index of what is seen has it. */
export const KINDS_SEARCHED = { evidence: ["filed", "loose"], cases: ["case"] } as const;

export function isNothingSeen(sight: Sight): boolean {
  return !sight.all && sight.holders.length === 0 && sight.sentBy === null;
}

export const SEARCH_RETRY_AFTER_S = 2;
export const SEARCH_LONGEST_MS = 5_000;
/** Usual searches take milliseconds. */
export const SEARCHES_WAITING_MOST = 64;
