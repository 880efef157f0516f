/** Search by PostgreSQL's index of words, in its own connections: as many at once as it has, each for a bounded time. */
import { sql } from "kysely";
import { codeOf, STATEMENT_CANCELLED } from "../storage/postgres/postgres-errors.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import type { SearchTerms } from "../storage/search-words.ts";
import {
  SEARCH_LONGEST_MS,
  type Searched,
  SEARCHES_WAITING_MOST,
  type SearchKind,
  type SearchPort,
} from "./search-port.ts";
import { searchBusy, searchTooLong } from "./search-refusals.ts";

const TABLES = { evidence: "evidence", cases: "caseFile" } as const;

/** Words have letters and digits alone; a quote within one would be doubled. */
const quoted = (word: string): string => `'${word.replaceAll("'", "''")}'`;

function queryOf({ beginnings, exact }: SearchTerms): string {
  return [...beginnings.map((word) => `${quoted(word)}:*`), ...exact.map(quoted)].join(" & ");
}

export class PostgresSearch implements SearchPort {
  readonly #db: Metadata;
  #running = 0;

  constructor(db: Metadata) {
    this.#db = db;
  }

  async find(kind: SearchKind, { terms, below, limit }: Searched): Promise<number[]> {
    if (this.#running >= SEARCHES_WAITING_MOST) throw searchBusy();
    this.#running += 1;
    try {
      return await this.#db
        .transaction()
        .setAccessMode("read only")
        .execute(async (transaction) => {
          await sql`SET LOCAL statement_timeout = ${sql.lit(SEARCH_LONGEST_MS)}`.execute(transaction);
          const rows = await transaction
            .selectFrom(TABLES[kind])
            .select("seq")
            .where(sql<boolean>`words @@ cast(${queryOf(terms)} as tsquery)`)
            .where("seq", "<", below)
            .orderBy("seq", "desc")
            .limit(limit)
            .execute();
          return rows.map(({ seq }) => seq);
        });
    } catch (error) {
      throw codeOf(error) === STATEMENT_CANCELLED ? searchTooLong() : error;
    } finally {
      this.#running -= 1;
    }
  }

  async close(): Promise<void> {}
}
