/** Codes for the day on which the second factor is lost: ten, each good once, of which only the hashes are kept. */
import { createHash, randomBytes } from "node:crypto";
import { appendAudit } from "../audit/audit-chain.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { wrongCode } from "./authenticator-app.ts";

const CODES = 10;
/** Without those that are read as others: 32 signs, five bits each. */
const SIGNS = "abcdefghjkmnpqrstuvwxyz023456789";
const SIGNS_OF_A_CODE = 16;

/** 80 bits: nobody finds one from its hash, so a fast one is enough. */
function newCode(): string {
  const signs = [...randomBytes(SIGNS_OF_A_CODE)].map((byte) => SIGNS[byte % SIGNS.length] ?? "");
  return signs.join("").replaceAll(/(.{4})(?=.)/g, "$1-");
}

/** However it was typed: groups and capitals are for the eye. */
const hashOf = (username: string, code: string): string =>
  createHash("sha256")
    .update(`${username}\n${code.toLowerCase().replaceAll(/[^a-z0-9]/g, "")}`)
    .digest("hex");

/**
 * Makes new ones, within the transaction; those from before are worth nothing.
 * @returns the codes, which nobody can read again
 */
export async function makeRecoveryCodes(
  transaction: MetadataTransaction,
  username: string,
  atUtcMs: number,
): Promise<string[]> {
  const codes = Array.from({ length: CODES }, newCode);
  await transaction.deleteFrom("recoveryCode").where("username", "=", username).execute();
  await transaction
    .insertInto("recoveryCode")
    .values(codes.map((code) => ({ codeHash: hashOf(username, code), username })))
    .execute();
  const entry = { atUtcMs, actor: `user:${username}`, action: "RECOVERY_CODES_MADE", subject: username };
  await appendAudit(transaction, entry);
  return codes;
}

/** Takes a code, once. @throws Refusal 401 WRONG_CODE */
export async function takeRecoveryCode(
  db: Metadata,
  { username, code }: { readonly username: string; readonly code: string },
  atUtcMs: number,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const { numDeletedRows } = await transaction
      .deleteFrom("recoveryCode")
      .where("codeHash", "=", hashOf(username, code))
      .where("username", "=", username)
      .executeTakeFirst();
    if (numDeletedRows !== 1n) throw wrongCode();
    const left = await recoveryCodesLeft(transaction, username);
    const entry = { atUtcMs, actor: `user:${username}`, action: "RECOVERY_CODE_USED", subject: username };
    await appendAudit(transaction, { ...entry, detail: { left } });
  });
}

export async function recoveryCodesLeft(
  db: Metadata | MetadataTransaction,
  username: string,
): Promise<number> {
  const row = await db
    .selectFrom("recoveryCode")
    .select(({ fn }) => fn.countAll().as("count"))
    .where("username", "=", username)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
