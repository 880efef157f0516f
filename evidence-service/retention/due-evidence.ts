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

/** The first first. What is in the recycle bin, protected or not complete is not among them. */
export async function dueEvidence(
  db: Metadata | MetadataTransaction,
  settings: RetentionSettings,
  { untilUtcMs, after, limit }: DueQuery,
): Promise<DueEvidence[]> {
  const categories = await db
    .selectFrom("category")
    .select(["categoryId", "retentionDays"])
    .where("retentionDays", "is not", null)
    .execute();
  const branches = [
    ...categories.map(({ categoryId, retentionDays }) =>
      ofCases(sql`c."categoryId" = ${categoryId}`, retentionDays, untilUtcMs),
    ),
    ofCases(sql`c."categoryId" IS NULL`, settings.uncategorisedDays, untilUtcMs),
    ofLoose(settings.looseDays, untilUtcMs),
  ].flatMap((branch) => branch ?? []);
  if (branches.length === 0) return [];
  const isAfter =
    after === null ? sql`1 = 1` : sql`("goesUtcMs", "seq") > (${after.goesUtcMs}, ${after.seq})`;
  const { rows } = await sql<DueEvidence>`SELECT * FROM (${sql.join(branches, sql` UNION ALL `)}) AS "due"
    WHERE ${isAfter} ORDER BY "goesUtcMs", "seq" LIMIT ${limit}`.execute(db);
  return rows.map(({ seq, evidenceId, goesUtcMs }) => ({
    ...{ seq: Number(seq), evidenceId, goesUtcMs: Number(goesUtcMs) },
  }));
}

const IS_COMPLETE = sql`e."lifecycleState" IN ('Available', 'Failed')`;
const IS_FREE = sql`NOT EXISTS (SELECT 1 FROM "protection" p WHERE p."scopeKind" = 'evidence' AND p."scopeId" = e."evidenceId")`;

function ofCases(
  isOne: RawBuilder<unknown>,
  days: number | null,
  untilUtcMs: number,
): RawBuilder<unknown> | null {
  if (days === null) return null;
  const keptMs = days * DAY_MS;
  return sql`SELECT e."seq", e."evidenceId", c."closedUtcMs" + ${sql.lit(keptMs)} AS "goesUtcMs"
    FROM "caseFile" c JOIN "evidence" e ON e."caseId" = c."caseId"
    WHERE ${isOne} AND c."state" = 'Closed' AND c."closedUtcMs" <= ${untilUtcMs - keptMs} AND ${IS_COMPLETE} AND ${IS_FREE}
      AND NOT EXISTS (SELECT 1 FROM "protection" h WHERE h."scopeKind" = 'case' AND h."scopeId" = c."caseId")`;
}

function ofLoose(days: number | null, untilUtcMs: number): RawBuilder<unknown> | null {
  if (days === null) return null;
  const keptMs = days * DAY_MS;
  return sql`SELECT e."seq", e."evidenceId", e."endUtcMs" + ${sql.lit(keptMs)} AS "goesUtcMs" FROM "evidence" e
    WHERE e."caseId" IS NULL AND e."endUtcMs" <= ${untilUtcMs - keptMs} AND ${IS_COMPLETE} AND ${IS_FREE}`;
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
