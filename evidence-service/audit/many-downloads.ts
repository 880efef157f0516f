/** What somebody downloads is an entry; and so is that one person downloads much in little time. */
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { appendAudit, type AuditEntry } from "./audit-chain.ts";

const DOWNLOADS: ReadonlySet<string> = new Set(["DOWNLOADED", "DOWNLOADED_ENCRYPTED", "READ_ADDRESS_GIVEN"]);
const MANY_DOWNLOADS = "MANY_DOWNLOADS";
const MANY_FILES = 30;
const WITHIN_MS = 10 * 60_000;
/** Somebody who goes on is told of once within it. */
const TOLD_EVERY_MS = 60 * 60_000;
/** Of the person: pieces of one file are many entries. */
const LATEST_LOOKED_AT = 500;

/** Appends the entry of a download. Of programs much is expected, and they have an entry of their own for each. */
export async function recordDownload(db: Metadata, entry: AuditEntry): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await appendAudit(transaction, entry);
    const [, username] = /^user:(.*)$/.exec(entry.actor) ?? [];
    if (username === undefined) return;
    const files = await filesWithin(transaction, entry);
    if (files < MANY_FILES) return;
    const { atUtcMs, actor } = entry;
    const detail = { files, minutes: WITHIN_MS / 60_000 };
    await appendAudit(transaction, { atUtcMs, actor, action: MANY_DOWNLOADS, subject: username, detail });
  });
}

/** @returns how many files the person has taken lately; 0 where that was told already */
async function filesWithin(
  transaction: MetadataTransaction,
  { actor, atUtcMs }: Pick<AuditEntry, "actor" | "atUtcMs">,
): Promise<number> {
  const latest = await transaction
    .selectFrom("auditIndex")
    .select(["action", "subject", "atUtcMs"])
    .where("actor", "=", actor)
    .orderBy("seq", "desc")
    .limit(LATEST_LOOKED_AT)
    .execute();
  const isTold = latest.some((one) => one.action === MANY_DOWNLOADS && one.atUtcMs > atUtcMs - TOLD_EVERY_MS);
  if (isTold) return 0;
  const taken = latest.filter((one) => DOWNLOADS.has(one.action) && one.atUtcMs > atUtcMs - WITHIN_MS);
  return new Set(taken.map(({ subject }) => subject)).size;
}
