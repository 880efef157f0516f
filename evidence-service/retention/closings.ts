/** When cases were closed: what retention counts from. */
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { believedUtcMs } from "./retention-clock.ts";

const MOST = 1_000;

/** Of a case that is closed now. A clock that is behind makes nothing older. */
export async function closingInstant(transaction: MetadataTransaction, now: number): Promise<number> {
  return Math.max(now, (await believedUtcMs(transaction)) ?? 0);
}

/** Cases that a program of before closed were closed when the trail says, and where it does not yet, now. */
export async function fillInClosings({ db }: { readonly db: Metadata }, atUtcMs: number): Promise<void> {
  for (;;) {
    const found = await db
      .selectFrom("caseFile")
      .select("caseId")
      .where("state", "=", "Closed")
      .where("closedUtcMs", "is", null)
      .limit(MOST)
      .execute();
    for (const { caseId } of found) await fillIn(db, caseId, atUtcMs);
    if (found.length < MOST) return;
  }
}

async function fillIn(db: Metadata, caseId: string, atUtcMs: number): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const told = await transaction
      .selectFrom("auditIndex")
      .select("atUtcMs")
      .where("subject", "=", caseId)
      .where("action", "=", "CASE_CLOSED")
      .orderBy("seq", "desc")
      .limit(1)
      .executeTakeFirst();
    await transaction
      .updateTable("caseFile")
      .set({ closedUtcMs: told?.atUtcMs ?? atUtcMs })
      .where("caseId", "=", caseId)
      .where("state", "=", "Closed")
      .where("closedUtcMs", "is", null)
      .execute();
  });
}
