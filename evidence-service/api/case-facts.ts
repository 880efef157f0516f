/** The facts of a case: what its columns say, and what they refer to. */
import { z } from "zod";
import type { CreateCase } from "#shared/clearance-api/case.ts";
import { Refusal } from "../http/refusal.ts";
import type { CaseRow } from "../storage/metadata-rows.ts";
import type { MetadataTransaction } from "../storage/metadata-tables.ts";
import { readJson } from "../storage/read-json.ts";
import { searchTextOf } from "../storage/search-words.ts";

/** Columns that can be corrected; the department stays, as whoever sees the case came with it. */
const FACTS = [
  ...(["name", "categoryId", "recordNumber", "incidentNumber", "incidentStartUtcMs"] as const),
  ...(["incidentEndUtcMs", "description", "location", "tagsJson", "customFieldsJson"] as const),
] as const;
export type CaseFacts = Pick<CaseRow, (typeof FACTS)[number]>;

/** Of a case that says nothing yet. */
export const NO_FACTS: CaseFacts = {
  ...{ name: "", categoryId: null, recordNumber: "", incidentNumber: "", incidentStartUtcMs: null },
  ...{ incidentEndUtcMs: null, description: "", location: "", tagsJson: "[]", customFieldsJson: "[]" },
};

/** What is left out stays as it was. */
export type ToldFacts = Partial<Omit<CreateCase, "ExternalId" | "DepartmentId" | "CreatedOnBehalfOf">>;

export const tagsSchema = z.array(z.string());

export function factsAfter(before: CaseFacts, told: ToldFacts): CaseFacts {
  const { Tags, CustomFields, CategoryId } = told;
  return {
    name: told.Name ?? before.name,
    categoryId: CategoryId === undefined ? before.categoryId : CategoryId,
    recordNumber: told.RecordNumber ?? before.recordNumber,
    incidentNumber: told.IncidentNumber ?? before.incidentNumber,
    incidentStartUtcMs: instantAfter(before.incidentStartUtcMs, told.IncidentStartUtc),
    incidentEndUtcMs: instantAfter(before.incidentEndUtcMs, told.IncidentEndUtc),
    description: told.Description ?? before.description,
    location: told.Location ?? before.location,
    tagsJson: Tags === undefined ? before.tagsJson : JSON.stringify(Tags),
    customFieldsJson: CustomFields === undefined ? before.customFieldsJson : JSON.stringify(CustomFields),
  };
}

function instantAfter(before: number | null, told: string | null | undefined): number | null {
  if (told === undefined) return before;
  return told === null ? null : Date.parse(told);
}

/** Names of the columns that differ. */
export const changedFacts = (before: CaseFacts, after: CaseFacts): (typeof FACTS)[number][] =>
  FACTS.filter((column) => before[column] !== after[column]);

/** The words by which a case is found. */
export function searchTextOfCase(facts: CaseFacts, createdOnBehalfOf: string | null): string {
  const { name, recordNumber, incidentNumber, description, location, tagsJson } = facts;
  const tags = readJson(tagsSchema, tagsJson) ?? [];
  const said = [name, recordNumber, incidentNumber, description, location, createdOnBehalfOf ?? ""];
  return searchTextOf(...said, ...tags);
}

/** @throws Refusal 400 INCIDENT_ENDS_BEFORE_START */
export function checkIncident({ incidentStartUtcMs, incidentEndUtcMs }: CaseFacts): void {
  if (incidentStartUtcMs === null || incidentEndUtcMs === null) return;
  if (incidentEndUtcMs >= incidentStartUtcMs) return;
  throw new Refusal("INCIDENT_ENDS_BEFORE_START", "The incident ends before it starts.");
}

/** @throws Refusal 400 UNKNOWN_DEPARTMENT */
export async function checkDepartment(transaction: MetadataTransaction, departmentId: string): Promise<void> {
  const department = await transaction
    .selectFrom("department")
    .select(["name", "retiredUtcMs"])
    .where("departmentId", "=", departmentId)
    .executeTakeFirst();
  if (department === undefined) throw new Refusal("UNKNOWN_DEPARTMENT", "There is no such department.");
  if (department.retiredUtcMs === null) return;
  throw new Refusal("UNKNOWN_DEPARTMENT", `The department “${department.name}” takes no new cases.`);
}

/** @throws Refusal 400 UNKNOWN_CATEGORY */
export async function checkCategory(
  transaction: MetadataTransaction,
  categoryId: string | null,
): Promise<void> {
  if (categoryId === null) return;
  const category = await transaction
    .selectFrom("category")
    .select(["name", "retiredUtcMs"])
    .where("categoryId", "=", categoryId)
    .executeTakeFirst();
  if (category === undefined) throw new Refusal("UNKNOWN_CATEGORY", "There is no such category.");
  if (category.retiredUtcMs === null) return;
  throw new Refusal("UNKNOWN_CATEGORY", `The category “${category.name}” takes no new cases.`);
}
