/** Protection from deletion: of a case with all that is in it, or of an evidence. It beats every retention. */
import { visibleName } from "#shared/domain/names.ts";
import type { WebProtection } from "#shared/web-api/retention.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { actorOf, type Principal } from "../http/principal.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { usableName } from "../http/usable-name.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import type { ProtectionTable } from "../storage/retention-tables.ts";
import { readRetention } from "./retention-settings.ts";

export interface Protected {
  readonly kind: ProtectionTable["scopeKind"];
  readonly id: string;
}

/** What keeps it: of an evidence in a case the case's too. */
export async function protectionsOf(
  db: Metadata | MetadataTransaction,
  { kind, id }: Protected,
): Promise<WebProtection[]> {
  const evidence =
    kind === "case"
      ? undefined
      : await db.selectFrom("evidence").select("caseId").where("evidenceId", "=", id).executeTakeFirst();
  const caseId = kind === "case" ? id : (evidence?.caseId ?? null);
  const rows = await db
    .selectFrom("protection")
    .selectAll()
    .where((e) =>
      e.or([
        e.and([e("scopeKind", "=", "case"), e("scopeId", "=", caseId ?? "")]),
        e.and([e("scopeKind", "=", "evidence"), e("scopeId", "=", kind === "case" ? "" : id)]),
      ]),
    )
    .orderBy("scopeKind")
    .execute();
  return rows.map(({ scopeKind, reason, heldBy, heldUtcMs, askedBy }) => ({
    of: scopeKind,
    reason: visibleName(reason, { mayBreak: true }),
    by: heldBy,
    sinceUtc: isoInstant(heldUtcMs),
    liftAskedBy: askedBy,
  }));
}

interface Protecting extends Protected {
  readonly reason: string;
}

/** @throws Refusal 400 NAME_NOT_USABLE, 409 PROTECTED_ALREADY */
export async function protect(
  { db, now }: Pick<ServiceContext, "db" | "now">,
  principal: Principal,
  protecting: Protecting,
): Promise<void> {
  await db
    .transaction()
    .execute((transaction) => protectIn(transaction, principal, { ...protecting, atUtcMs: now() }));
}

/** @throws Refusal 400 NAME_NOT_USABLE, 409 PROTECTED_ALREADY */
export async function protectIn(
  transaction: MetadataTransaction,
  principal: Principal,
  { kind, id, reason: given, atUtcMs }: Protecting & { readonly atUtcMs: number },
): Promise<void> {
  const reason = usableName("The reason", given);
  const values = {
    ...{ scopeKind: kind, scopeId: id, reason, heldBy: principal.name, heldUtcMs: atUtcMs },
    ...{ askedBy: null, askedUtcMs: null },
  };
  const made = await transaction
    .insertInto("protection")
    .values(values)
    .onConflict((conflict) => conflict.columns(["scopeKind", "scopeId"]).doNothing())
    .returning("scopeId")
    .execute();
  if (made.length === 0) throw new Refusal("PROTECTED_ALREADY", `The ${kind} is protected from deletion.`);
  const entry = { atUtcMs, actor: actorOf(principal), action: PROTECTED_ACTIONS[kind], subject: id };
  await appendAudit(transaction, { ...entry, detail: { reason } });
}

const PROTECTED_ACTIONS = { case: "CASE_PROTECTED", evidence: "EVIDENCE_PROTECTED" } as const;
const ASKED_ACTIONS = { case: "CASE_LIFT_ASKED", evidence: "EVIDENCE_LIFT_ASKED" } as const;
const LIFTED_ACTIONS = { case: "CASE_PROTECTION_LIFTED", evidence: "EVIDENCE_PROTECTION_LIFTED" } as const;

/**
 * Lifts it; where the setting says so the first person asks, and another one lifts it.
 * @throws Refusal 404, 409 SECOND_PERSON_NEEDED for whoever asked already
 */
export async function liftProtection(
  { db, now }: Pick<ServiceContext, "db" | "now">,
  principal: Principal,
  { kind, id }: Protected,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const row = await transaction
      .selectFrom("protection")
      .select(["askedBy", "reason"])
      .where("scopeKind", "=", kind)
      .where("scopeId", "=", id)
      .executeTakeFirst();
    if (row === undefined) throw notFound("protection");
    const { askedBy, reason } = row;
    const entry = { atUtcMs: now(), actor: actorOf(principal), subject: id };
    const { needsSecondPerson } = await readRetention(transaction);
    if (needsSecondPerson && (askedBy === null || askedBy === principal.id)) {
      if (askedBy !== null) throw secondPersonNeeded();
      await transaction
        .updateTable("protection")
        .set({ askedBy: principal.id, askedUtcMs: now() })
        .where("scopeKind", "=", kind)
        .where("scopeId", "=", id)
        .execute();
      await appendAudit(transaction, { ...entry, action: ASKED_ACTIONS[kind], detail: { reason } });
      return;
    }
    await transaction
      .deleteFrom("protection")
      .where("scopeKind", "=", kind)
      .where("scopeId", "=", id)
      .execute();
    await appendAudit(transaction, { ...entry, action: LIFTED_ACTIONS[kind], detail: { reason, askedBy } });
  });
}

export const secondPersonNeeded = (): Refusal =>
  new Refusal("SECOND_PERSON_NEEDED", "You have asked for it already; a second person has to say so too.");
