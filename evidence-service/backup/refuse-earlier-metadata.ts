/**
 * A service is not started on metadata that are older than what its folder knows of them: files that they do not know would
 * be taken away, and consoles would not learn that what was acknowledged is gone.
 */
import { lastHead } from "../audit/audit-heads.ts";
import { forgetKnownEntry, readKnownEntry } from "../site/known-entry.ts";
import type { SiteFolder } from "../site/site-folder.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import type { TrailEntry } from "../storage/trail-mark.ts";

/** @throws StartRefusal METADATA_EARLIER */
export async function refuseEarlierMetadata(
  dir: string,
  { db, auditHeadsFile }: Pick<SiteFolder, "db" | "auditHeadsFile">,
): Promise<void> {
  const head = await lastHead(auditHeadsFile);
  if (head !== null && !(await has(db, head))) {
    const detail = `Entry ${head.seq} of the audit trail was signed on ${head.atUtc}, and the metadata do not have it.`;
    throw new StartRefusal("METADATA_EARLIER", detail);
  }
  const known = await readKnownEntry(dir);
  if (known === null) return;
  if (!(await has(db, known))) {
    const detail = `This service knew entry ${known.seq} of the audit trail when it ended, and the metadata do not have it.`;
    throw new StartRefusal("METADATA_EARLIER", detail);
  }
  await forgetKnownEntry(dir);
}

async function has(db: Metadata, { seq, hash }: TrailEntry): Promise<boolean> {
  const entry = await db.selectFrom("audit").select("hash").where("seq", "=", seq).executeTakeFirst();
  return entry?.hash === hash;
}
