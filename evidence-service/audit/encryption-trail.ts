import { encryptionIn } from "../decryption/encryption-metadata.ts";
import type { MetadataTransaction } from "../storage/metadata-tables.ts";
import { appendAudit } from "./audit-chain.ts";
import { encryptionFacts } from "./recorded-facts.ts";
import type { BlobRow } from "../storage/metadata-rows.ts";

/**
 * Appends an entry where a write at an upload address sets, changes or takes away how a file is decrypted. Who has the
 * address is not known; it was given to the account that sends the evidence, and that one the entry names.
 * @param before the blob as it was; undefined where it was not there
 */
export async function recordEncryption(
  transaction: MetadataTransaction,
  before: BlobRow | undefined,
  { blobName, metadataJson, committedUtcMs: atUtcMs }: BlobRow,
): Promise<void> {
  const encryptionBefore = before === undefined ? null : encryptionFacts(encryptionIn(before.metadataJson));
  const encryption = encryptionFacts(encryptionIn(metadataJson));
  if (encryption === encryptionBefore) return;
  const file = await transaction
    .selectFrom("resource")
    .innerJoin("evidence", "evidence.evidenceId", "resource.evidenceId")
    .select(["evidence.evidenceId", "principalId"])
    .where("resourceId", "=", blobName)
    .executeTakeFirst();
  if (file === undefined) return; // No file of an evidence, and never one.
  const { evidenceId, principalId } = file;
  const entry = { atUtcMs, actor: `service:${principalId}`, action: "ENCRYPTION_SET", subject: blobName };
  await appendAudit(transaction, { ...entry, detail: { evidenceId, encryption, encryptionBefore } });
}
