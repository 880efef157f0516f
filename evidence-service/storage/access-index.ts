/** What somebody sees of lists, as part of the query that reads them: by the index of what each holder of rights sees. */
import { type RawBuilder, sql } from "kysely";
import type { AccessIndexTable } from "./access-tables.ts";

export type Sight =
  | { readonly all: true }
  | {
      readonly all: false;
      /** Those that give the caller rights. */
      readonly holders: readonly number[];
      /** The account that sees what it sent; null where the caller is none. */
      readonly sentBy: string | null;
      /** Some policy of its begins, ends, or is for recordings from an instant on. */
      readonly isTimed: boolean;
      readonly atUtcMs: number;
    };

/** Of the service itself. */
export const EVERYTHING: Sight = { all: true };

/** Whoever sees less than everything. */
export type PartialSight = Exclude<Sight, { readonly all: true }>;

type Kinds = readonly AccessIndexTable["kind"][];

/**
 * The numbers of the newest rows that are seen, below a bound: the newest of each holder, put together. However many rows
 * there are and however few of them are seen, it reads no more than the page for each holder.
 * @param own numbers of rows that are seen whoever holds what, in the same order and bound; null where there are none
 */
export function newestSeen(
  { kinds, sight }: { readonly kinds: Kinds; readonly sight: PartialSight },
  { below, limit, own }: { below: number; limit: number; own: RawBuilder<unknown> | null },
): RawBuilder<{ seq: number }> {
  const { atUtcMs } = sight;
  const branches = sight.holders.flatMap((holder) =>
    kinds.map(
      (kind) => sql`SELECT "seq" FROM (SELECT "seq" FROM "accessIndex"
        WHERE "holder" = ${holder} AND "kind" = ${kind} AND "seq" < ${below} AND ${isInForce(atUtcMs)}
        ORDER BY "seq" DESC LIMIT ${limit}) AS "of_holder"`,
    ),
  );
  const all = own === null ? branches : [...branches, sql`SELECT "seq" FROM (${own}) AS "own"`];
  const none = sql`SELECT 0 AS "seq" WHERE 1 = 0`;
  return sql`${all.length === 0 ? none : sql.join(all, sql` UNION `)} ORDER BY "seq" DESC LIMIT ${limit}`;
}

/** Whether the row of this number is seen by one of the holders. */
export function isSeen(
  { kinds, sight }: { readonly kinds: Kinds; readonly sight: PartialSight },
  seq: RawBuilder<unknown>,
): RawBuilder<boolean> {
  if (sight.holders.length === 0) return sql`1 = 0`;
  return sql`EXISTS (SELECT 1 FROM "accessIndex" WHERE "holder" IN (${sql.join(sight.holders)})
    AND "kind" IN (${sql.join(kinds)}) AND "accessIndex"."seq" = ${seq} AND ${isInForce(sight.atUtcMs)})`;
}

const isInForce = (atUtcMs: number): RawBuilder<unknown> =>
  sql`("fromUtcMs" IS NULL OR "fromUtcMs" <= ${atUtcMs}) AND ("untilUtcMs" IS NULL OR "untilUtcMs" > ${atUtcMs})`;
