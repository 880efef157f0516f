/** Search by PostgreSQL's index of words, in its own connections: as many at once as it has, each for a bounded time. */
import { type RawBuilder, sql } from "kysely";
import { codeOf, STATEMENT_CANCELLED } from "../storage/postgres/postgres-errors.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { isSeen, type Sight } from "../storage/access-index.ts";
import { type SearchTerms, wordsOfSight } from "../storage/search-words.ts";
import {
  isNothingSeen,
  KINDS_SEARCHED,
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

function queryOf({ beginnings, exact }: SearchTerms, sight: Sight): string {
  const words = [...beginnings.map((word) => `${quoted(word)}:*`), ...exact.map(quoted)];
  const whose = sight.all ? [] : wordsOfSight(sight.holders, sight.sentBy).map(quoted);
  return [...words, ...(whose.length === 0 ? [] : [`(${whose.join(" | ")})`])].join(" & ");
}

/**
 * Beside the words, which say whose the rows are: whether that has begun, and has not ended. It is asked only of whoever has
 * such a policy: PostgreSQL would read all that a holder sees for it, which may be a million rows.
 */
function isSeenIn(kind: SearchKind, sight: Sight): RawBuilder<boolean> {
  if (sight.all || !sight.isTimed) return sql`true`;
  const byHolder = isSeen({ kinds: KINDS_SEARCHED[kind], sight }, sql`${sql.table(TABLES[kind])}."seq"`);
  if (sight.sentBy === null || kind === "cases") return byHolder;
  return sql`(${byHolder} OR "principalId" = ${sight.sentBy})`;
}

export class PostgresSearch implements SearchPort {
  readonly #db: Metadata;
  #running = 0;

  constructor(db: Metadata) {
    this.#db = db;
  }

  async find(kind: SearchKind, { terms, sight, below, limit }: Searched): Promise<number[]> {
    if (isNothingSeen(sight)) return [];
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
            .where(sql<boolean>`words @@ cast(${queryOf(terms, sight)} as tsquery)`)
            .where(isSeenIn(kind, sight))
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
