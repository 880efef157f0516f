/** Which evidence its retention lets go, and when: found by the closings of cases and the ends of recordings. */
import { type RawBuilder, sql } from "kysely";
import type { RetentionSettings } from "#shared/web-api/retention.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { daysInWords } from "./retention-settings.ts";
import { DAY_MS, goesAtUtcMs } from "./rule.ts";

export interface DueEvidence {
  readonly seq: number;
  readonly evidenceId: string;
  readonly goesUtcMs: number;
}

/** Where a page of the list ended. */
export interface DueAfter {
  readonly goesUtcMs: number;
  readonly seq: number;
}

interface DueQuery {
  /** Those that go until then, milliseconds UTC. */
  readonly untilUtcMs: number;
  readonly after: DueAfter | null;
  readonly limit: number;
}

/**
 * The first first. What is in the recycle bin, protected or not complete is not among them. However many there are, it
 * reads no more than a page for each category.
 */
export async function dueEvidence(
  db: Metadata | MetadataTransaction,
  settings: RetentionSettings,
  query: DueQuery,
): Promise<DueEvidence[]> {
  const categories = await db
    .selectFrom("category")
    .select(["categoryId", "retentionDays"])
    .where("retentionDays", "is not", null)
    .execute();
  const branches = [
    ...categories.map(({ categoryId, retentionDays }) =>
      branchOf(ofCases(sql`c."categoryId" = ${categoryId}`), retentionDays, query),
    ),
    branchOf(ofCases(sql`c."categoryId" IS NULL`), settings.uncategorisedDays, query),
    branchOf(LOOSE, settings.looseDays, query),
  ].flatMap((branch) => branch ?? []);
  if (branches.length === 0) return [];
  const { rows } = await sql<DueEvidence>`SELECT * FROM (${sql.join(branches, sql` UNION ALL `)}) AS "due"
    ORDER BY "goesUtcMs", "seq" LIMIT ${query.limit}`.execute(db);
  return rows.map(({ seq, evidenceId, goesUtcMs }) => ({
    ...{ seq: Number(seq), evidenceId, goesUtcMs: Number(goesUtcMs) },
  }));
}

/** Evidence that is kept alike. */
interface Alike {
  /** The column from which it counts. */
  readonly from: RawBuilder<unknown>;
  readonly rows: RawBuilder<unknown>;
}

const LOOSE: Alike = { from: sql`e."endUtcMs"`, rows: sql`"evidence" e WHERE e."caseId" IS NULL` };

const ofCases = (isOne: RawBuilder<unknown>): Alike => ({
  from: sql`c."closedUtcMs"`,
  rows: sql`"caseFile" c JOIN "evidence" e ON e."caseId" = c."caseId" WHERE ${isOne} AND c."state" = 'Closed'
    AND NOT EXISTS (SELECT 1 FROM "protection" h WHERE h."scopeKind" = 'case' AND h."scopeId" = c."caseId")`,
});

/** Cut as the whole page is, so that an index alone says which rows those are. */
function branchOf(
  { from, rows }: Alike,
  days: number | null,
  { untilUtcMs, after, limit }: DueQuery,
): RawBuilder<unknown> | null {
  if (days === null) return null;
  const keptMs = days * DAY_MS;
  const afterMs = (after?.goesUtcMs ?? 0) - keptMs;
  const isAfter =
    after === null
      ? sql``
      : sql`AND ${from} >= ${afterMs} AND (${from} > ${afterMs} OR e."seq" > ${after.seq})`;
  return sql`SELECT * FROM (SELECT e."seq", e."evidenceId", ${from} + ${sql.lit(keptMs)} AS "goesUtcMs" FROM ${rows}
    AND ${from} <= ${untilUtcMs - keptMs} ${isAfter} AND e."lifecycleState" IN ('Available', 'Failed')
    AND NOT EXISTS (SELECT 1 FROM "protection" p WHERE p."scopeKind" = 'evidence' AND p."scopeId" = e."evidenceId")
    ORDER BY ${from}, e."seq" LIMIT ${limit}) AS "alike"`;
}

export interface Retained {
  readonly name: string;
  readonly caseName: string | null;
  /** Null while nothing lets it go. */
  readonly goesUtcMs: number | null;
  /** What its retention is, in words. */
  readonly because: string;
}

/** What the rule says of one, wherever it lies; null where there is none. */
export async function retainedEvidence(
  db: Metadata | MetadataTransaction,
  settings: RetentionSettings,
  evidenceId: string,
): Promise<Retained | null> {
  const row = await db
    .selectFrom("evidence")
    .leftJoin("caseFile", "caseFile.caseId", "evidence.caseId")
    .leftJoin("category", "category.categoryId", "caseFile.categoryId")
    .select(["evidence.name", "endUtcMs", "evidence.caseId", "caseFile.name as caseName", "caseFile.state"])
    .select(["closedUtcMs", "caseFile.categoryId", "category.name as categoryName", "retentionDays"])
    .where("evidenceId", "=", evidenceId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { name, endUtcMs, caseId, caseName, categoryId, categoryName } = row;
  const held = await db
    .selectFrom("protection")
    .select("scopeKind")
    .where((e) =>
      e.or([
        e.and([e("scopeKind", "=", "evidence"), e("scopeId", "=", evidenceId)]),
        e.and([e("scopeKind", "=", "case"), e("scopeId", "=", caseId ?? "")]),
      ]),
    )
    .execute();
  const days = categoryId === null ? settings.uncategorisedDays : row.retentionDays;
  const closedUtcMs = row.state === "Closed" ? row.closedUtcMs : null;
  const kept = {
    recordedUntilUtcMs: endUtcMs,
    isProtected: held.length > 0,
    cases: caseId === null ? [] : [{ closedUtcMs, retentionDays: days, isProtected: false }],
  };
  const because =
    caseId === null
      ? `in no case: kept ${daysInWords(settings.looseDays)} from the end of its recording`
      : `${categoryName ?? "a case without a category"}: kept ${daysInWords(days)} from the closing of its case`;
  return { name, caseName, goesUtcMs: goesAtUtcMs(kept, settings.looseDays), because };
}
