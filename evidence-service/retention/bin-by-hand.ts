/** What people do with the recycle bin: look, take back, remove at once. */
import { visibleName } from "#shared/domain/names.ts";
import type { Bin, RemovalAnswer } from "#shared/web-api/retention.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { actorOf, type Principal } from "../http/principal.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import { protectIn, protectionsOf, secondPersonNeeded } from "./protection.ts";
import { removeForGood, takeOutOfBin } from "./recycle-bin.ts";
import { readRetention } from "./retention-settings.ts";
import { DAY_MS } from "./rule.ts";

type BinContext = Pick<ServiceContext, "db" | "jobs" | "now">;

interface BinQuery {
  /** The continuation of the page before. */
  readonly after: string | null;
  readonly limit: number;
}

/** What lies there the longest first. */
export async function listBin({ db }: BinContext, { after, limit }: BinQuery): Promise<Bin> {
  const { binDays } = await readRetention(db);
  const [sinceUtcMs = -1, afterId = ""] = after === null ? [] : cut(after);
  const rows = await db
    .selectFrom("binned")
    .innerJoin("evidence", "evidence.evidenceId", "binned.evidenceId")
    .leftJoin("caseFile", "caseFile.caseId", "evidence.caseId")
    .select(["binned.evidenceId", "evidence.name", "caseFile.name as caseName", "because"])
    .select(["binnedUtcMs", "askedBy"])
    .where((e) =>
      e.or([
        e("binnedUtcMs", ">", sinceUtcMs),
        e.and([e("binnedUtcMs", "=", sinceUtcMs), e("binned.evidenceId", ">", afterId)]),
      ]),
    )
    .orderBy("binnedUtcMs")
    .orderBy("binned.evidenceId")
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    evidence: page.map(({ evidenceId, name, caseName, because, binnedUtcMs, askedBy }) => ({
      ...{ evidenceId, name: visibleName(name), because: visibleName(because), askedBy },
      caseName: caseName === null ? null : visibleName(caseName),
      binnedUtc: isoInstant(binnedUtcMs),
      removedFromUtc: isoInstant(binnedUtcMs + binDays * DAY_MS),
    })),
    continuation: rows.length > limit && last !== undefined ? `${last.binnedUtcMs}.${last.evidenceId}` : null,
  };
}

function cut(after: string): [number, string] {
  const at = after.indexOf(".");
  return [Number(after.slice(0, at)), after.slice(at + 1)];
}

/**
 * Takes evidence back. Its retention is over, so it is protected from deletion until somebody lifts that.
 * @throws Refusal 404, 400 NAME_NOT_USABLE
 */
export async function takeBack(
  { db, now }: BinContext,
  principal: Principal,
  { evidenceId, reason }: { readonly evidenceId: string; readonly reason: string },
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const atUtcMs = now();
    const step = { evidenceId, actor: actorOf(principal), atUtcMs, because: reason };
    if (!(await takeOutOfBin(transaction, step))) throw notFound("evidence in the recycle bin");
    const [held] = await protectionsOf(transaction, { kind: "evidence", id: evidenceId });
    if (held?.of === "evidence") return;
    await protectIn(transaction, principal, { kind: "evidence", id: evidenceId, reason, atUtcMs });
  });
}

/**
 * Removes it for good, now; where the setting says so the first person asks, and another one removes it.
 * @throws Refusal 404, 409 BIN_PROTECTED, SECOND_PERSON_NEEDED
 */
export async function removeByHand(
  context: BinContext,
  principal: Principal,
  evidenceId: string,
): Promise<RemovalAnswer> {
  const removal = await tryRemoving(context, principal, evidenceId);
  if (removal === "absent") throw notFound("evidence in the recycle bin");
  if (removal === "protected") {
    throw new Refusal("BIN_PROTECTED", "The evidence, or its case, is protected from deletion.");
  }
  if (removal === "waits") throw secondPersonNeeded();
  context.jobs.wake();
  return { removed: removal === "removed" ? 1 : 0, asked: removal === "asked" ? 1 : 0 };
}

/** The same of all that lies there now; what is protected stays. */
export async function emptyBin(context: BinContext, principal: Principal): Promise<RemovalAnswer> {
  const all = await context.db.selectFrom("binned").select("evidenceId").execute();
  const answer = { removed: 0, asked: 0 };
  for (const { evidenceId } of all) {
    const removal = await tryRemoving(context, principal, evidenceId);
    if (removal === "removed") answer.removed += 1;
    if (removal === "asked" || removal === "waits") answer.asked += 1;
  }
  context.jobs.wake();
  return answer;
}

type Removal = "removed" | "asked" | "waits" | "protected" | "absent";

async function tryRemoving(context: BinContext, principal: Principal, evidenceId: string): Promise<Removal> {
  const { db, now } = context;
  return db.transaction().execute(async (transaction) => {
    const row = await transaction
      .selectFrom("binned")
      .select("askedBy")
      .where("evidenceId", "=", evidenceId)
      .executeTakeFirst();
    if (row === undefined) return "absent";
    const held = await protectionsOf(transaction, { kind: "evidence", id: evidenceId });
    if (held.length > 0) return "protected";
    const step = { evidenceId, actor: actorOf(principal), atUtcMs: now(), because: "removed by hand" };
    const { needsSecondPerson } = await readRetention(transaction);
    if (!needsSecondPerson || (row.askedBy !== null && row.askedBy !== principal.id)) {
      await removeForGood(context, transaction, step);
      return "removed";
    }
    if (row.askedBy !== null) return "waits";
    await transaction
      .updateTable("binned")
      .set({ askedBy: principal.id, askedUtcMs: step.atUtcMs })
      .where("evidenceId", "=", evidenceId)
      .execute();
    const { actor, atUtcMs } = step;
    await appendAudit(transaction, { actor, atUtcMs, action: "REMOVAL_ASKED", subject: evidenceId });
    return "asked";
  });
}
