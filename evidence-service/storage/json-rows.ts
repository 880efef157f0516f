/** What SQLite and PostgreSQL call differently where Kysely has no word for it. */
import { type Kysely, type RawBuilder, sql, SqliteAdapter } from "kysely";

/**
 * The elements of a JSON array as rows, each the array of its values: `value ->> 0` is the first of them, as text.
 * One parameter brings hundreds of rows, where one for each value costs more than the rows.
 */
export function jsonRows<Schema>(
  db: Kysely<Schema>,
  rows: readonly (readonly unknown[])[],
): RawBuilder<{ value: unknown }> {
  const json = JSON.stringify(rows);
  return db.getExecutor().adapter instanceof SqliteAdapter
    ? sql`json_each(${json})`
    : sql`json_array_elements(cast(${json} as json))`;
}
