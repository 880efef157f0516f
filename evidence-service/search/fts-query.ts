import type { SearchTerms } from "../storage/search-words.ts";

/** Terms as a query of SQLite's FTS5: words alone stand in its quotes, and none is an operator. */
export function ftsQueryOf({ beginnings, exact }: SearchTerms): string {
  return [...beginnings.map((word) => `"${word}"*`), ...exact.map((word) => `"${word}"`)].join(" AND ");
}
