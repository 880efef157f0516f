/** Takes an evidence out of its case. */
import { appendAudit } from "../audit/audit-chain.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { actorOf, type Principal } from "../http/principal.ts";
import { notFound } from "../http/refusal.ts";
import { takeOverPolicies } from "../rights/policies.ts";
import { checkCaseLetsOut } from "./case-records.ts";

/**
 * It is in no case afterwards, and has the rights that the case gives at that moment: nobody sees more than before, and
 * nobody loses it. Twice is the same as once.
 * @throws Refusal 404, 409 CASE_CLOSED, CASE_PROTECTED
 */
export async function unlinkEvidence(
  { db, now }: Pick<ServiceContext, "db" | "now">,
  principal: Principal,
  evidenceId: string,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const row = await transaction
      .selectFrom("evidence")
      .select("caseId")
      .where("evidenceId", "=", evidenceId)
      .executeTakeFirst();
    if (row === undefined) throw notFound("evidence");
    const { caseId: before } = row;
    if (before === null) return;
    await checkCaseLetsOut(transaction, before);
    const atUtcMs = now();
    await takeOverPolicies(transaction, {
      ...{ principal, atUtcMs, scope: { kind: "evidence", id: evidenceId } },
      from: { kind: "case", id: before },
    });
    await transaction
      .updateTable("evidence")
      .set({ caseId: null })
      .where("evidenceId", "=", evidenceId)
      .execute();
    const entry = { atUtcMs, actor: actorOf(principal), action: "EVIDENCE_UNLINKED", subject: evidenceId };
    await appendAudit(transaction, { ...entry, detail: { caseId: null, before } });
  });
}
