/** Why somebody may do something: one query, of the rows that give rights. */
import { type RawBuilder, sql } from "kysely";
import type { ActedOn } from "../http/actions.ts";
import type { HolderName } from "../storage/account-rights.ts";
import type { HolderKind } from "../storage/access-tables.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";

/** What is acted on; of a service or a list there is no id. */
export interface ActedObject {
  readonly on: ActedOn;
  readonly id: string;
}

/** A row that gives something, and to whom it gives it: to the asker itself, to a group of its, to everyone. */
export interface Reason {
  /** `there`: the object is. `sent`: the asker sent it. */
  readonly source: "there" | "policy" | "account" | "sent";
  readonly via: HolderName;
  /** Of a policy; 0 of others. */
  readonly level: number;
  /** Of an account's right. */
  readonly code: string | null;
  readonly untilUtcMs: number | null;
}

interface Row extends Omit<Reason, "via"> {
  readonly kind: HolderKind;
  readonly id: string;
}

/** Whoever gives rights to this one: itself, its groups, and for a person everyone. */
export function holdersOf({ kind, id }: HolderName): RawBuilder<unknown> {
  const itself = sql`SELECT "holder", "kind", "id" FROM "rightHolder"
    WHERE "kind" = ${sql.lit(kind)} AND "id" = ${id}`;
  // A locked account holds nothing: addresses of files that were given out before are worth nothing too.
  if (kind === "service") {
    return sql`${itself} AND NOT EXISTS (SELECT 1 FROM "serviceAccount"
      WHERE "principalId" = ${id} AND "state" = 'locked')`;
  }
  if (kind !== "user") return itself;
  return sql`${itself}
    UNION ALL SELECT h."holder", h."kind", h."id" FROM "groupMember" m
      JOIN "rightHolder" h ON h."kind" = 'group' AND h."id" = m."groupId" WHERE m."username" = ${id}
    UNION ALL SELECT "holder", "kind", "id" FROM "rightHolder" WHERE "kind" = 'everyone' AND "id" = ''`;
}

const NOTHING = sql`SELECT '' AS "scopeKind", '' AS "scopeId", 0 AS "endUtcMs", '' AS "sentBy" WHERE 1 = 0`;

function objectOf({ on, id }: ActedObject): RawBuilder<unknown> {
  switch (on) {
    case "case":
      return sql`SELECT 'case' AS "scopeKind", "caseId" AS "scopeId", CAST(NULL AS double precision) AS "endUtcMs", '' AS "sentBy"
        FROM "caseFile" WHERE "caseId" = ${id}`;
    case "evidence":
      return sql`SELECT CASE WHEN "caseId" IS NULL THEN 'evidence' ELSE 'case' END AS "scopeKind",
        coalesce("caseId", "evidenceId") AS "scopeId", "endUtcMs", "principalId" AS "sentBy"
        FROM "evidence" WHERE "evidenceId" = ${id} AND "lifecycleState" <> 'Deleted'`;
    case "department":
    case "list":
    case "service":
      return NOTHING;
  }
}

/**
 * Whatever gives an asker something on an object at an instant, and every right of its account.
 * @param atUtcMs policies that have not begun, or have ended, give nothing
 */
export async function reasonsFor(
  db: Metadata | MetadataTransaction,
  { asker, object, atUtcMs }: { asker: HolderName; object: ActedObject; atUtcMs: number },
): Promise<Reason[]> {
  const { rows } = await sql<Row>`
    WITH mine AS (${holdersOf(asker)}), object AS (${objectOf(object)})
    SELECT 'there' AS "source", '' AS "kind", '' AS "id", 0 AS "level", NULL AS "code",
      CAST(NULL AS double precision) AS "untilUtcMs" FROM object
    UNION ALL SELECT 'policy', m."kind", m."id", p."level", NULL, p."untilUtcMs" FROM object o
      JOIN "accessPolicy" p ON p."scopeKind" = o."scopeKind" AND p."scopeId" = o."scopeId"
      JOIN mine m ON m."holder" = p."holder"
      WHERE (p."fromUtcMs" IS NULL OR p."fromUtcMs" <= ${atUtcMs})
        AND (p."untilUtcMs" IS NULL OR p."untilUtcMs" > ${atUtcMs})
        AND (o."endUtcMs" IS NULL OR p."recordedFromUtcMs" IS NULL OR p."recordedFromUtcMs" < o."endUtcMs")
    UNION ALL SELECT 'account', m."kind", m."id", 0, r."code", NULL FROM mine m
      JOIN "accountRight" r ON r."holder" = m."holder"
    UNION ALL SELECT 'sent', ${sql.lit(asker.kind)}, o."sentBy", 0, NULL, NULL FROM object o
      WHERE o."sentBy" = ${asker.id} AND ${sql.lit(asker.kind)} = 'service' AND EXISTS (SELECT 1 FROM mine)`.execute(
    db,
  );
  return rows.map(({ kind, id, ...rest }) => ({ ...rest, via: { kind, id } }));
}
