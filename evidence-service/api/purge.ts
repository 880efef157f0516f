/**
 * What nobody completes is purged: rows at once, each purge in the audit trail; files by jobs that are committed with
 * it, so that a store that does not answer only delays them. A wrong clock purges nothing, and what still arrives is
 * never purged, however long it takes: time counts that passed while this service watched and nothing came.
 */
import { LONGEST_REQUEST_MS } from "../http/http-application.ts";
import { REMOVE_BLOB } from "../jobs/job-kinds.ts";
import type { JobKind } from "../jobs/job-queue.ts";
import { TimeBetweenChecks } from "./time-between-checks.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { appendAudit, recordAudit } from "../audit/audit-chain.ts";
import { forgetEvidence } from "../retention/forget-evidence.ts";
import { BlobsUnreachable } from "../storage/blob-store.ts";
import type { MetadataTransaction } from "../storage/metadata-tables.ts";
import type { ReceivingRow } from "../storage/metadata-rows.ts";

interface Incomplete {
  readonly evidenceId: string;
  readonly name: string;
  readonly createdUtcMs: number;
}

/** Looks at what is not complete, again and again. */
export class AbandonedEvidence {
  readonly #context: ServiceContext;
  readonly #looks: TimeBetweenChecks;

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#looks = new TimeBetweenChecks(context.passedMs);
  }

  /**
   * Purges every evidence of which nothing came for `abandonedAfterMs`.
   * @returns the ids of the purged evidences
   */
  async purge(): Promise<string[]> {
    const passedMs = this.#looks.look();
    const purged: string[] = [];
    for (const evidence of await this.#incomplete()) {
      const look = await this.#look(evidence.evidenceId, passedMs);
      if (look === null) continue;
      if (look.idleMs >= this.#context.settings.abandonedAfterMs) {
        if (await purgeOne(this.#context, evidence, look)) purged.push(evidence.evidenceId);
      } else await this.#tellKept(evidence, look);
    }
    const late = await this.#removeLate(passedMs);
    if (purged.length + late > 0) this.#context.jobs.wake();
    return purged;
  }

  /** Another service watches: what passed meanwhile is counted there. */
  onlyLook(): void {
    this.#looks.look();
  }

  /** What came to a purged file at an address that was still good goes when no address is any more. */
  async #removeLate(passedMs: number): Promise<number> {
    const { db } = this.#context;
    return db.transaction().execute(async (transaction) => {
      await transaction
        .updateTable("purgedBlob")
        .set((e) => ({ leftMs: e("leftMs", "-", Math.round(passedMs)) }))
        .execute();
      const over = await transaction
        .deleteFrom("purgedBlob")
        .where("leftMs", "<=", 0)
        .returning("blobName")
        .execute();
      const names = over.map(({ blobName }) => blobName);
      await addRemovals(this.#context, transaction, names);
      return names.length;
    });
  }

  async #incomplete(): Promise<Incomplete[]> {
    const { db } = this.#context;
    const incomplete = db.selectFrom("evidence").where("lifecycleState", "=", "Receiving");
    await db.deleteFrom("receiving").where("evidenceId", "not in", incomplete.select("evidenceId")).execute();
    return incomplete.select(["evidenceId", "name", "createdUtcMs"]).execute();
  }

  /** @returns null while nobody can tell what has arrived */
  async #look(evidenceId: string, passedMs: number): Promise<ReceivingRow | null> {
    const progress = await this.#progressOf(evidenceId);
    if (progress === null) return null;
    const { db } = this.#context;
    const known = await db
      .selectFrom("receiving")
      .selectAll()
      .where("evidenceId", "=", evidenceId)
      .executeTakeFirst();
    const idleMs = known?.progress === progress ? known.idleMs + passedMs : 0;
    const look = { evidenceId, progress, idleMs: Math.round(idleMs), isKeptTold: known?.isKeptTold ?? 0 };
    await db
      .insertInto("receiving")
      .values(look)
      .onConflict((conflict) => conflict.column("evidenceId").doUpdateSet(look))
      .execute();
    return look;
  }

  async #progressOf(evidenceId: string): Promise<string | null> {
    const files = await this.#context.db
      .selectFrom("resource")
      .select(["resourceId", "state"])
      .where("evidenceId", "=", evidenceId)
      .execute();
    const arriving = files.filter((file) => file.state === "Created");
    try {
      let bytes = 0;
      for (const { resourceId } of arriving) bytes += await this.#context.blobs.receivedBytes(resourceId);
      // Compared with the look before, and told in the audit trail: exact, or a slow line would count as none.
      return `${files.length} files, ${arriving.length} of them arriving, ${bytes} bytes`;
    } catch (error) {
      if (error instanceof BlobsUnreachable) return null;
      throw error;
    }
  }

  /** Once: by the clock it would have gone. */
  async #tellKept({ evidenceId, name, createdUtcMs }: Incomplete, look: ReceivingRow): Promise<void> {
    const { db, now, settings } = this.#context;
    const ageMs = now() - createdUtcMs;
    if (ageMs < settings.abandonedAfterMs || look.isKeptTold === 1) return;
    const entry = { atUtcMs: now(), actor: "system", action: "EVIDENCE_KEPT", subject: evidenceId };
    const { progress, idleMs } = look;
    await recordAudit(db, { ...entry, detail: { name, progress, idleMs, ageMs } });
    await db.updateTable("receiving").set({ isKeptTold: 1 }).where("evidenceId", "=", evidenceId).execute();
  }
}

async function purgeOne(
  context: ServiceContext,
  { evidenceId, name }: Incomplete,
  { progress, idleMs }: ReceivingRow,
): Promise<boolean> {
  return context.db.transaction().execute(async (transaction) => {
    const still = await transaction
      .selectFrom("evidence")
      .select("evidenceId")
      .where("evidenceId", "=", evidenceId)
      .where("lifecycleState", "=", "Receiving")
      .executeTakeFirst();
    if (still === undefined) return false;
    const blobNames = await forgetEvidence(context, transaction, evidenceId);
    const entry = { atUtcMs: context.now(), actor: "system", action: "EVIDENCE_PURGED", subject: evidenceId };
    const detail = { name, files: blobNames.length, progress, idleMs };
    await appendAudit(transaction, { ...entry, detail });
    // A body may have begun while its address was good.
    const leftMs = context.settings.uploadAddressMs + LONGEST_REQUEST_MS;
    const left = blobNames.map((blobName) => ({ blobName, leftMs }));
    if (left.length > 0) await transaction.insertInto("purgedBlob").values(left).execute();
    return true;
  });
}

async function addRemovals(
  { jobs }: ServiceContext,
  transaction: MetadataTransaction,
  blobNames: readonly string[],
): Promise<void> {
  await jobs.add(
    transaction,
    blobNames.map((subject) => ({ kind: REMOVE_BLOB, subject })),
  );
}

/** The job that removes the bytes of one purged file. */
export function blobRemovalJob({ blobs }: ServiceContext): JobKind {
  return {
    run: (blobName) => blobs.remove(blobName),
    // An administrator sees it among those that failed, with the reason.
    giveUp: async () => undefined,
  };
}
