import type { Metadata } from "../storage/metadata-tables.ts";
import { PostgresSearch } from "./postgres-search.ts";
import type { SearchPort } from "./search-port.ts";
import { SqliteSearch } from "./sqlite-search.ts";

/** The search of the engine that keeps the metadata. */
export function searchIn(
  place: { readonly kind: "sqlite"; readonly file: string } | { readonly kind: "postgres" },
  db: Metadata,
): SearchPort {
  return place.kind === "sqlite" ? new SqliteSearch(place.file) : new PostgresSearch(db);
}
