/** Corrects the facts of a case. Each change is an entry of the trail that says what they were before. */
import { type Case, createCaseSchema } from "#shared/clearance-api/case.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import { caseFacts } from "../audit/recorded-facts.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { actorOf, type Principal } from "../http/principal.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import {
  changedFacts,
  checkCategory,
  checkIncident,
  factsAfter,
  searchTextOfCase,
  type ToldFacts,
} from "./case-facts.ts";
import { readCase } from "./case-records.ts";

const changeSchema = createCaseSchema
  .omit({ ExternalId: true, DepartmentId: true, CreatedOnBehalfOf: true })
  .partial();

/**
 * @throws Refusal 400 BAD_REQUEST with the first sentence of what does not fit, UNKNOWN_CATEGORY,
 * INCIDENT_ENDS_BEFORE_START, 404, 409 CASE_CLOSED
 */
export async function changeCase(
  context: ServiceContext,
  principal: Principal,
  { caseId, told }: { readonly caseId: string; readonly told: ToldFacts },
): Promise<Case> {
  const parsed = changeSchema.safeParse(told);
  if (!parsed.success) {
    throw new Refusal("BAD_REQUEST", parsed.error.issues[0]?.message ?? "The change does not fit.");
  }
  await context.db.transaction().execute(async (transaction) => {
    const before = await transaction
      .selectFrom("caseFile")
      .selectAll()
      .where("caseId", "=", caseId)
      .executeTakeFirst();
    if (before === undefined) throw notFound("case");
    if (before.state === "Closed") {
      throw new Refusal("CASE_CLOSED", `The case “${before.name}” is closed; nothing of it is changed.`);
    }
    const after = factsAfter(before, parsed.data);
    const changed = changedFacts(before, after);
    if (changed.length === 0) return;
    checkIncident(after);
    if (changed.includes("categoryId")) await checkCategory(transaction, after.categoryId);
    const searchText = searchTextOfCase(after, before.createdOnBehalfOf);
    await transaction
      .updateTable("caseFile")
      .set({ ...after, searchText })
      .where("caseId", "=", caseId)
      .execute();
    const was = Object.fromEntries(changed.map((column) => [`${column} before`, before[column]]));
    await appendAudit(transaction, {
      ...{ atUtcMs: context.now(), actor: actorOf(principal), action: "CASE_CHANGED", subject: caseId },
      detail: { facts: caseFacts({ ...before, ...after }), changed: changed.join(" "), ...was },
    });
  });
  return readCase(context, principal, caseId);
}
