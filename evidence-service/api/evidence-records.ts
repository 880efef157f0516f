/** Evidences: rows, and the rules of their life up to completion. */
import { visibleName } from "#shared/domain/names.ts";
import { randomUUID } from "node:crypto";
import { type RawBuilder, sql, type SqlBool } from "kysely";
import { type CreateEvidence, deviceSchema, type Evidence } from "#shared/clearance-api/evidence.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import { evidenceFacts } from "../audit/recorded-facts.ts";
import type { MetadataTransaction, VerificationTable } from "../storage/metadata-tables.ts";
import { isSeen, newestSeen, type PartialSight, type Sight } from "../storage/access-index.ts";
import { readJson } from "../storage/read-json.ts";
import { cutFound, cutPage, pageBound, type PageQuery } from "../storage/paging.ts";
import { searchTermsOf, searchTextOf } from "../storage/search-words.ts";
import { checkCaseLetsOut, checkCaseTakesFiles } from "./case-records.ts";
import { actorOf, onBehalfOf, type Principal } from "../http/principal.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { beginPolicies, UNFILED } from "../rights/policies.ts";
import { requireMay, type RightsNow } from "../rights/may.ts";
import type { EvidenceRow } from "../storage/metadata-rows.ts";

export interface EvidenceQuery extends PageQuery {
  readonly caseId?: string | undefined;
  /** Only evidence that is in no case. */
  readonly unassigned?: boolean | undefined;
}

const NO_DEVICE: Evidence["Device"] = {
  ...{ DeviceType: "", ExternalId: "", Manufacturer: "", SerialNumber: "", Model: "" },
};

export function deviceOf({ deviceJson }: Pick<EvidenceRow, "deviceJson">): Evidence["Device"] {
  return readJson(deviceSchema, deviceJson) ?? NO_DEVICE;
}

function toEvidence(row: EvidenceRow, categoryId: string | null): Evidence {
  return {
    EvidenceId: row.evidenceId,
    ExternalId: row.externalId,
    Name: visibleName(row.name),
    Description: visibleName(row.description, { mayBreak: true }),
    StartTimeUtc: isoInstant(row.startUtcMs),
    EndTimeUtc: isoInstant(row.endUtcMs),
    CaseId: row.caseId,
    CategoryId: categoryId,
    Device: deviceOf(row),
    CreatedBy: row.createdBy,
    CreatedOnBehalfOf: row.createdOnBehalfOf,
    CreatedTimeUtc: isoInstant(row.createdUtcMs),
    DeletedBy: null,
    DeletedOnUtc: null,
    AssociationState: row.caseId === null ? "NotAssociated" : "Associated",
    LifecycleState: row.lifecycleState,
    LifecycleDetail: row.lifecycleDetail,
    LocationText: null,
    AccessPolicies: [],
  };
}

function evidenceQuery(context: ServiceContext) {
  return (
    context.db
      .selectFrom("evidence")
      .leftJoin("caseFile", "caseFile.caseId", "evidence.caseId")
      .leftJoin("verification", "verification.evidenceId", "evidence.evidenceId")
      .selectAll("evidence")
      .select([
        "caseFile.categoryId as categoryId",
        "caseFile.name as caseName",
        "verification.outcome as verificationOutcome",
      ])
      // In the recycle bin.
      .where("evidence.lifecycleState", "!=", "Deleted")
  );
}

/** An evidence with the name of its case. */
export interface NamedEvidence {
  readonly evidence: Evidence;
  readonly caseName: string | null;
  /** The verdict of the latest verification; null before the first. */
  readonly verificationOutcome: VerificationTable["outcome"] | null;
}

const VERDICTS: ReadonlySet<string> = new Set<VerificationTable["outcome"]>(["verified", "failed", "absent"]);

/** A row that says something else of a verification says nothing good. */
export function knownVerdict(verdict: VerificationTable["outcome"]): VerificationTable["outcome"] {
  return VERDICTS.has(verdict) ? verdict : "failed";
}

function named(row: EvidenceRow & Omit<NamedEvidence, "evidence"> & { categoryId: string | null }) {
  const { verificationOutcome: outcome } = row;
  const verificationOutcome = outcome === null ? null : knownVerdict(outcome);
  const caseName = row.caseName === null ? null : visibleName(row.caseName);
  return { evidence: toEvidence(row, row.categoryId), caseName, verificationOutcome };
}

/** @throws Refusal 404 */
export async function readEvidence(context: ServiceContext, evidenceId: string): Promise<NamedEvidence> {
  const row = await evidenceQuery(context).where("evidence.evidenceId", "=", evidenceId).executeTakeFirst();
  if (row === undefined) throw notFound("evidence");
  return named(row);
}

/** Newest first, of those that are seen. */
export async function listEvidence(context: ServiceContext, query: EvidenceQuery, sight: Sight) {
  const text = query.text?.trim() ?? "";
  if (text !== "") return searchEvidence(context, { ...query, text }, sight);
  let select = evidenceQuery(context).where("evidence.seq", "<", pageBound(query));
  if (query.caseId !== undefined) select = select.where("evidence.caseId", "=", query.caseId);
  if (query.unassigned === true) select = select.where("evidence.caseId", "is", null);
  if (!sight.all) select = select.where(seenEvidence(query, sight));
  const rows = await select
    .orderBy("evidence.seq", "desc")
    .limit(query.limit + 1)
    .execute();
  const page = cutPage(rows, query);
  return { evidence: page.rows.map(named), continuation: page.continuation };
}

/** A case has thousands of them at the most, so those are looked at; of all there are, the newest that are seen are read. */
function seenEvidence(query: EvidenceQuery, sight: PartialSight): RawBuilder<SqlBool> {
  const seq = sql`"evidence"."seq"`;
  if (query.caseId !== undefined) {
    const byHolder = isSeen({ kinds: ["filed"], sight }, seq);
    return sight.sentBy === null
      ? byHolder
      : sql`(${byHolder} OR "evidence"."principalId" = ${sight.sentBy})`;
  }
  const kinds = query.unassigned === true ? (["loose"] as const) : (["filed", "loose"] as const);
  const page = { below: pageBound(query), limit: query.limit + 1 };
  const own = sight.sentBy === null ? null : ownEvidence(query, sight.sentBy);
  return sql`${seq} IN (SELECT "seq" FROM (${newestSeen({ kinds, sight }, { ...page, own })}) AS "seen")`;
}

function ownEvidence(query: EvidenceQuery, sentBy: string): RawBuilder<unknown> {
  const unassigned = query.unassigned === true ? sql`AND "caseId" IS NULL` : sql``;
  return sql`SELECT "seq" FROM "evidence" WHERE "principalId" = ${sentBy} AND "seq" < ${pageBound(query)} ${unassigned}
      AND "lifecycleState" <> 'Deleted'
    ORDER BY "seq" DESC LIMIT ${query.limit + 1}`;
}

async function searchEvidence(
  context: ServiceContext,
  query: EvidenceQuery & { readonly text: string },
  sight: Sight,
) {
  const terms = searchTermsOf(query.text, query);
  if (terms === null) return { evidence: [], continuation: null };
  const below = pageBound(query);
  const found = await context.search.find("evidence", { terms, sight, below, limit: query.limit + 1 });
  const { seqs, continuation } = cutFound(found, query);
  if (seqs.length === 0) return { evidence: [], continuation };
  const rows = await evidenceQuery(context)
    .where("evidence.seq", "in", seqs)
    .orderBy("evidence.seq", "desc")
    .execute();
  return { evidence: rows.map(named), continuation };
}

/**
 * Creates an evidence once per principal and ExternalId.
 * @throws Refusal 400 ENDS_BEFORE_START, 404, 409 CASE_CLOSED, 409 CASE_FULL
 */
export async function createEvidence(
  context: ServiceContext,
  principal: Principal,
  body: CreateEvidence,
): Promise<Evidence> {
  const row = newEvidenceRow(context, principal, body);
  if (row.endUtcMs <= row.startUtcMs) {
    throw new Refusal("ENDS_BEFORE_START", "The evidence ends before it starts.");
  }
  const evidenceId = await context.db.transaction().execute(async (transaction) => {
    const existing = await transaction
      .selectFrom("evidence")
      .select("evidenceId")
      .where("principalId", "=", principal.id)
      .where("externalId", "=", body.ExternalId)
      .executeTakeFirst();
    if (existing !== undefined) return existing.evidenceId;
    if (body.CaseId !== null) {
      await requireMay(rightsIn(context, transaction), principal, {
        action: "file-into-case",
        id: body.CaseId,
      });
      await checkCaseTakesFiles(transaction, body.CaseId);
    }
    const scope = { kind: "evidence", id: row.evidenceId } as const;
    const begun = await beginPolicies(transaction, scope, { from: UNFILED, creator: principal });
    await transaction.insertInto("evidence").values(row).execute();
    const { createdUtcMs: atUtcMs, evidenceId: subject } = row;
    const entry = { atUtcMs, actor: actorOf(principal), action: "EVIDENCE_CREATED", subject };
    const detail = { caseId: body.CaseId, facts: evidenceFacts(row), ...begun, ...onBehalfOf(row) };
    await appendAudit(transaction, { ...entry, detail });
    return row.evidenceId;
  });
  return (await readEvidence(context, evidenceId)).evidence;
}

/** Read within a transaction, so that nobody loses them between the question and the change. */
const rightsIn = ({ now }: ServiceContext, db: MetadataTransaction): RightsNow => ({ db, now });

function newEvidenceRow(context: ServiceContext, principal: Principal, body: CreateEvidence) {
  const { ExternalId, Model } = body.Device;
  const searched = [body.Name, body.Description, ExternalId, Model, body.CreatedOnBehalfOf ?? ""];
  return {
    evidenceId: randomUUID(),
    principalId: principal.id,
    externalId: body.ExternalId,
    name: body.Name,
    description: body.Description,
    startUtcMs: Date.parse(body.StartTimeUtc),
    endUtcMs: Date.parse(body.EndTimeUtc),
    caseId: body.CaseId,
    deviceJson: JSON.stringify(body.Device),
    createdBy: principal.name,
    createdOnBehalfOf: body.CreatedOnBehalfOf ?? null,
    createdUtcMs: context.now(),
    lifecycleState: "Receiving" as const,
    lifecycleDetail: null,
    completionJson: null,
    searchText: searchTextOf(...searched),
  };
}

/**
 * Puts an evidence into a case; it leaves the case it was in.
 * @throws Refusal 404, 409 CASE_CLOSED (of either case), CASE_PROTECTED (of the one before), CASE_FULL
 */
export async function linkEvidence(
  context: ServiceContext,
  principal: Principal,
  { evidenceId, caseId }: { readonly evidenceId: string; readonly caseId: string },
): Promise<Evidence> {
  await context.db.transaction().execute(async (transaction) => {
    const row = await transaction
      .selectFrom("evidence")
      .select("caseId")
      .where("evidenceId", "=", evidenceId)
      .executeTakeFirst();
    if (row === undefined) throw notFound("evidence");
    await requireMay(rightsIn(context, transaction), principal, { action: "file-into-case", id: caseId });
    if (row.caseId === caseId) return;
    if (row.caseId !== null) await checkCaseLetsOut(transaction, row.caseId);
    await checkCaseTakesFiles(transaction, caseId);
    await transaction.updateTable("evidence").set({ caseId }).where("evidenceId", "=", evidenceId).execute();
    const entry = { atUtcMs: context.now(), actor: actorOf(principal), action: "EVIDENCE_LINKED" };
    await appendAudit(transaction, { ...entry, subject: evidenceId, detail: { caseId, before: row.caseId } });
  });
  return (await readEvidence(context, evidenceId)).evidence;
}
