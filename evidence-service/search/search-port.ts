/** Search in evidence and cases, whichever engine has the index of words. */
import type { SearchTerms } from "../storage/search-words.ts";

export type SearchKind = "evidence" | "cases";

export interface Searched {
  readonly terms: SearchTerms;
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

export const SEARCH_RETRY_AFTER_S = 2;
export const SEARCH_LONGEST_MS = 5_000;
/** Usual searches take milliseconds. */
export const SEARCHES_WAITING_MOST = 64;
