/** Lists are paged newest first by the row's number; a continuation is the last number given out. */
import { sql, type RawBuilder, type SqlBool } from "kysely";
import { z } from "zod";

export const pageQuerySchema = z.object({
  text: z.string().max(256).optional(),
  continuation: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

/** @returns numbers below this one belong to the page */
export function pageBound(query: PageQuery): number {
  return query.continuation === undefined ? Number.MAX_SAFE_INTEGER : Number(query.continuation);
}

/**
 * @param rows up to limit + 1 rows; the extra one only tells that there is more
 */
export function cutPage<Row extends { seq: number }>(
  rows: readonly Row[],
  query: PageQuery,
): { rows: Row[]; continuation: string | null } {
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    rows: page,
    continuation: rows.length > query.limit && last !== undefined ? String(last.seq) : null,
  };
}

/**
 * A condition: the column, which holds lower-case text, contains the text, whatever its case.
 * The escape character is named because SQLite has none by itself.
 */
export function containsText(column: string, text: string): RawBuilder<SqlBool> {
  const pattern = `%${text.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return sql<SqlBool>`${sql.ref(column)} like ${pattern} escape ${sql.lit("\\")}`;
}
