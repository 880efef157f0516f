/** Lists are paged newest first by the row's number; a continuation is the last number given out. */
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

/** The same of numbers that a search found, newest first; up to limit + 1 of them. */
export function cutFound(
  seqs: readonly number[],
  query: PageQuery,
): { seqs: number[]; continuation: string | null } {
  const page = seqs.slice(0, query.limit);
  const last = page.at(-1);
  return { seqs: page, continuation: seqs.length > query.limit && last !== undefined ? String(last) : null };
}
