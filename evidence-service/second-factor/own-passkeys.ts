/** What a person changes of passkeys that are there. */
import { appendAudit } from "../audit/audit-chain.ts";
import { notFound } from "../http/refusal.ts";
import { usableName } from "../http/usable-name.ts";
import type { MetadataTransaction } from "../storage/metadata-tables.ts";

interface Passkey {
  readonly username: string;
  readonly passkeyId: string;
}

/** @throws Refusal 400 NAME_NOT_USABLE, 404 */
export async function renamePasskey(
  transaction: MetadataTransaction,
  { username, passkeyId, ...given }: Passkey & { readonly name: string },
  atUtcMs: number,
): Promise<void> {
  const name = usableName("The name", given.name);
  const { numUpdatedRows } = await transaction
    .updateTable("passkey")
    .set({ name })
    .where("credentialId", "=", passkeyId)
    .where("username", "=", username)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw notFound("passkey");
  const entry = { atUtcMs, actor: `user:${username}`, action: "PASSKEY_RENAMED", subject: username };
  await appendAudit(transaction, { ...entry, detail: { name } });
}

/** @throws Refusal 404 */
export async function removePasskey(
  transaction: MetadataTransaction,
  { username, passkeyId }: Passkey,
  atUtcMs: number,
): Promise<void> {
  const row = await transaction
    .deleteFrom("passkey")
    .where("credentialId", "=", passkeyId)
    .where("username", "=", username)
    .returning("name")
    .executeTakeFirst();
  if (row === undefined) throw notFound("passkey");
  const entry = { atUtcMs, actor: `user:${username}`, action: "SECOND_FACTOR_REMOVED", subject: username };
  await appendAudit(transaction, { ...entry, detail: { kind: "passkey", name: row.name } });
}
