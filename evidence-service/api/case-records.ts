/** Cases: rows, and the rules that hold for them. */
import { visibleName } from "#shared/domain/names.ts";
import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { z } from "zod";
import {
  CASE_CLOSED,
  customFieldValueSchema,
  type Case,
  type CreateCase,
} from "#shared/clearance-api/case.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { isoInstant, isoInstantOrNull } from "../storage/iso-instant.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import { caseFacts } from "../audit/recorded-facts.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { isSeen, newestSeen, type Sight } from "../storage/access-index.ts";
import { readJson } from "../storage/read-json.ts";
import { cutFound, cutPage, pageBound, type PageQuery } from "../storage/paging.ts";
import { searchTermsOf } from "../storage/search-words.ts";
import { actorOf, onBehalfOf, type Principal } from "../http/principal.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { closingInstant } from "../retention/closings.ts";
import { protectionsOf } from "../retention/protection.ts";
import { beginPolicies } from "../rights/policies.ts";
import { sightOf } from "../rights/sight.ts";

import type { CaseRow } from "../storage/metadata-rows.ts";
import {
  checkCategory,
  checkDepartment,
  checkIncident,
  factsAfter,
  NO_FACTS,
  searchTextOfCase,
  tagsSchema,
} from "./case-facts.ts";

/** A case takes at most this many files (public guide, "cases"). */
export const CASE_MAX_EVIDENCE = 5_000;

const customFieldsSchema = z.array(customFieldValueSchema);

/** @param sight whose: it counts no evidence that is not seen */
function casesQuery(context: ServiceContext, sight: Sight) {
  const isCounted =
    sight.all || !sight.isTimed ? null : isSeen({ kinds: ["filed"], sight }, sql`"evidence"."seq"`);
  return context.db
    .selectFrom("caseFile")
    .innerJoin("department", "department.departmentId", "caseFile.departmentId")
    .leftJoin("category", "category.categoryId", "caseFile.categoryId")
    .selectAll("caseFile")
    .select((e) => [
      "department.name as departmentName",
      "category.name as categoryName",
      e
        .selectFrom("evidence")
        .select((inner) => inner.fn.countAll<number>().as("count"))
        .whereRef("evidence.caseId", "=", "caseFile.caseId")
        .where("evidence.lifecycleState", "!=", "Deleted")
        .$if(isCounted !== null, (some) => some.where(isCounted ?? sql<boolean>`1 = 0`))
        .as("evidenceCount"),
    ]);
}

interface JoinedCase extends CaseRow {
  readonly departmentName: string;
  readonly categoryName: string | null;
  readonly evidenceCount: number | null;
}

function toCase(row: JoinedCase): Case {
  return {
    CaseId: row.caseId,
    Name: visibleName(row.name),
    State: row.state,
    DepartmentId: row.departmentId,
    DepartmentName: visibleName(row.departmentName),
    CategoryId: row.categoryId,
    CategoryName: row.categoryName === null ? null : visibleName(row.categoryName),
    RecordNumber: visibleName(row.recordNumber),
    IncidentNumber: visibleName(row.incidentNumber),
    IncidentStartUtc: isoInstantOrNull(row.incidentStartUtcMs),
    IncidentEndUtc: isoInstantOrNull(row.incidentEndUtcMs),
    Description: visibleName(row.description, { mayBreak: true }),
    Location: visibleName(row.location),
    Tags: (readJson(tagsSchema, row.tagsJson) ?? []).map((tag) => visibleName(tag)),
    CustomFields: readJson(customFieldsSchema, row.customFieldsJson) ?? [],
    CreatedBy: row.createdBy,
    CreatedOnBehalfOf: row.createdOnBehalfOf,
    CreatedTimeUtc: isoInstant(row.createdUtcMs),
    EvidenceCount: Number(row.evidenceCount ?? 0),
  };
}

/** @throws Refusal 404 */
export async function readCase(context: ServiceContext, principal: Principal, caseId: string): Promise<Case> {
  const sight = await sightOf(context, principal, "cases");
  const row = await casesQuery(context, sight).where("caseFile.caseId", "=", caseId).executeTakeFirst();
  if (row === undefined) throw notFound("case");
  return toCase(row);
}

const OF_CASES = ["case"] as const;

/** Newest first, of those that are seen. */
export async function listCases(context: ServiceContext, query: PageQuery, sight: Sight) {
  const text = query.text?.trim() ?? "";
  if (text !== "") return searchCases(context, { ...query, text }, sight);
  const below = pageBound(query);
  let select = casesQuery(context, sight).where("caseFile.seq", "<", below);
  if (!sight.all) {
    const newest = newestSeen({ kinds: OF_CASES, sight }, { below, limit: query.limit + 1, own: null });
    select = select.where("caseFile.seq", "in", sql<number>`(SELECT "seq" FROM (${newest}) AS "seen")`);
  }
  const rows = await select
    .orderBy("caseFile.seq", "desc")
    .limit(query.limit + 1)
    .execute();
  const page = cutPage(rows, query);
  return { Cases: page.rows.map(toCase), Continuation: page.continuation };
}

async function searchCases(
  context: ServiceContext,
  query: PageQuery & { readonly text: string },
  sight: Sight,
) {
  const terms = searchTermsOf(query.text);
  if (terms === null) return { Cases: [], Continuation: null };
  const found = await context.search.find("cases", {
    terms,
    sight,
    below: pageBound(query),
    limit: query.limit + 1,
  });
  const { seqs, continuation: Continuation } = cutFound(found, query);
  if (seqs.length === 0) return { Cases: [], Continuation };
  const rows = await casesQuery(context, sight)
    .where("caseFile.seq", "in", seqs)
    .orderBy("caseFile.seq", "desc")
    .execute();
  return { Cases: rows.map(toCase), Continuation };
}

/**
 * Creates a case once per principal and ExternalId.
 * @throws Refusal 400 UNKNOWN_DEPARTMENT, UNKNOWN_CATEGORY, INCIDENT_ENDS_BEFORE_START
 */
export async function createCase(
  context: ServiceContext,
  principal: Principal,
  body: CreateCase,
): Promise<Case> {
  const row = newCaseRow(context, principal, body);
  const caseId = await context.db.transaction().execute(async (transaction) => {
    const existing = await transaction
      .selectFrom("caseFile")
      .select("caseId")
      .where("principalId", "=", principal.id)
      .where("externalId", "=", body.ExternalId)
      .executeTakeFirst();
    if (existing !== undefined) return existing.caseId;
    await checkDepartment(transaction, row.departmentId);
    checkIncident(row);
    await checkCategory(transaction, row.categoryId);
    const from = { kind: "department", id: row.departmentId } as const;
    const scope = { kind: "case", id: row.caseId } as const;
    const begun = await beginPolicies(transaction, scope, { from, creator: principal });
    await transaction.insertInto("caseFile").values(row).execute();
    const { createdUtcMs: atUtcMs, caseId: subject } = row;
    const entry = { atUtcMs, actor: actorOf(principal), action: "CASE_CREATED", subject };
    await appendAudit(transaction, {
      ...entry,
      detail: { facts: caseFacts(row), ...begun, ...onBehalfOf(row) },
    });
    return row.caseId;
  });
  return readCase(context, principal, caseId);
}

function newCaseRow(context: ServiceContext, principal: Principal, body: CreateCase) {
  const facts = factsAfter(NO_FACTS, body);
  const createdOnBehalfOf = body.CreatedOnBehalfOf ?? null;
  return {
    caseId: randomUUID(),
    principalId: principal.id,
    externalId: body.ExternalId,
    departmentId: body.DepartmentId,
    ...facts,
    state: "Open" as const,
    createdBy: principal.name,
    createdOnBehalfOf,
    createdUtcMs: context.now(),
    searchText: searchTextOfCase(facts, createdOnBehalfOf),
  };
}

/** Closes or reopens a case; doing it twice changes nothing the second time. */
export async function setCaseState(
  context: ServiceContext,
  principal: Principal,
  { caseId, state }: { readonly caseId: string; readonly state: "Open" | "Closed" },
): Promise<Case> {
  await context.db.transaction().execute(async (transaction) => {
    const closedUtcMs = state === "Open" ? null : await closingInstant(transaction, context.now());
    const changed = await transaction
      .updateTable("caseFile")
      .set({ state, closedUtcMs })
      .where("caseId", "=", caseId)
      .where("state", "!=", state)
      .returning("caseId")
      .execute();
    if (changed.length === 0) return;
    const action = state === "Open" ? "CASE_REOPENED" : "CASE_CLOSED";
    await appendAudit(transaction, {
      atUtcMs: context.now(),
      actor: actorOf(principal),
      action,
      subject: caseId,
    });
  });
  return readCase(context, principal, caseId);
}

/**
 * What is in a closed case stays in it.
 * So does what is protected with its case: elsewhere nothing would protect it.
 * @throws Refusal 409 CASE_CLOSED, CASE_PROTECTED
 */
export async function checkCaseLetsOut(transaction: MetadataTransaction, caseId: string): Promise<void> {
  const row = await transaction
    .selectFrom("caseFile")
    .select(["state", "name"])
    .where("caseId", "=", caseId)
    .executeTakeFirst();
  if (row?.state === "Closed") {
    throw new Refusal(CASE_CLOSED, `The case “${row.name}” is closed. Reopen it to take evidence out of it.`);
  }
  const protections = await protectionsOf(transaction, { kind: "case", id: caseId });
  if (protections.length === 0) return;
  const detail = `The case “${row?.name ?? caseId}” is protected from deletion, with all that is in it.`;
  throw new Refusal("CASE_PROTECTED", detail);
}

/**
 * A closed case takes in nothing that was announced before either.
 * @throws Refusal 409 CASE_CLOSED
 */
export async function refuseIntoClosedCase(
  db: Metadata | MetadataTransaction,
  evidenceId: string,
): Promise<void> {
  const closed = await db
    .selectFrom("evidence")
    .innerJoin("caseFile", "caseFile.caseId", "evidence.caseId")
    .select("caseFile.name")
    .where("evidenceId", "=", evidenceId)
    .where("caseFile.state", "=", "Closed")
    .executeTakeFirst();
  if (closed === undefined) return;
  throw new Refusal(CASE_CLOSED, `The case “${closed.name}” is closed. Reopen it to add files.`);
}

/**
 * Checks that a case takes another evidence.
 * @throws Refusal 404 NOT_FOUND, 409 CASE_CLOSED, 409 CASE_FULL
 */
export async function checkCaseTakesFiles(transaction: MetadataTransaction, caseId: string): Promise<void> {
  const row = await transaction
    .selectFrom("caseFile")
    .select(["state", "name"])
    .where("caseId", "=", caseId)
    .executeTakeFirst();
  if (row === undefined) throw notFound("case");
  if (row.state === "Closed") {
    throw new Refusal(CASE_CLOSED, `The case “${row.name}” is closed. Reopen it to add evidence.`);
  }
  const { count } = await transaction
    .selectFrom("evidence")
    .select((e) => e.fn.countAll<number>().as("count"))
    .where("caseId", "=", caseId)
    .executeTakeFirstOrThrow();
  if (Number(count) < CASE_MAX_EVIDENCE) return;
  throw new Refusal("CASE_FULL", `A case takes at most ${CASE_MAX_EVIDENCE} files.`);
}
