/**
 * A service is not started on metadata that are older than what its folder has signed: files that they do not know would
 * be taken away, and consoles would not learn that what was acknowledged is gone.
 */
import { lastHead } from "../audit/audit-heads.ts";
import type { SiteFolder } from "../site/site-folder.ts";
import { StartRefusal } from "../site/start-refusal.ts";

/** @throws StartRefusal METADATA_EARLIER */
export async function refuseEarlierMetadata({
  db,
  auditHeadsFile,
}: Pick<SiteFolder, "db" | "auditHeadsFile">): Promise<void> {
  const head = await lastHead(auditHeadsFile);
  if (head === null) return;
  const query = db.selectFrom("audit").select("hash").where("seq", "=", head.seq);
  const entry = await query.executeTakeFirst();
  if (entry?.hash === head.hash) return;
  throw new StartRefusal(
    "METADATA_EARLIER",
    `Entry ${head.seq} of the audit trail was signed on ${head.atUtc}, and the metadata do not have it.`,
  );
}
