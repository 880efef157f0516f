/** Links by which a person sets a password: a random token of which the hash is kept, good for three days, and once. */
import { createHash, randomBytes } from "node:crypto";
import type { WebLink } from "#shared/web-api/people.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import { actorOf } from "../http/principal.ts";
import { Refusal } from "../http/refusal.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import type { Change, PersonRow } from "./person-records.ts";

const GOOD_MS = 72 * 3_600_000;
const TOKEN_BYTES = 32;

const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");

export interface MadeLink {
  readonly token: string;
  readonly expiresUtcMs: number;
}

/**
 * One that was made before is worth nothing any more. An account that has no password is invited with it.
 * @throws Refusal 409 PERSON_LOCKED
 */
export async function makeLink(
  transaction: MetadataTransaction,
  { username, state }: PersonRow,
  { principal, atUtcMs }: Change,
): Promise<MadeLink> {
  if (state === "locked") throw new Refusal("PERSON_LOCKED", "The account is locked.");
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const expiresUtcMs = atUtcMs + GOOD_MS;
  const kind = state === "invited" ? "invitation" : "reset";
  const createdBy = actorOf(principal);
  await transaction.deleteFrom("personLink").where("username", "=", username).execute();
  await transaction.deleteFrom("personLink").where("expiresUtcMs", "<", atUtcMs).execute();
  const row = { tokenHash: hashOf(token), username, kind, createdBy, expiresUtcMs } as const;
  await transaction.insertInto("personLink").values(row).execute();
  const action = kind === "invitation" ? "PERSON_INVITED" : "PASSWORD_RESET_OFFERED";
  await appendAudit(transaction, { atUtcMs, actor: createdBy, action, subject: username });
  return { token, expiresUtcMs };
}

/** Of a person, one that still works; null where there is none. */
export async function linkOf(db: Metadata, username: string, nowUtcMs: number) {
  const row = await db
    .selectFrom("personLink")
    .select(["kind", "expiresUtcMs"])
    .where("username", "=", username)
    .where("expiresUtcMs", ">", nowUtcMs)
    .executeTakeFirst();
  return row === undefined ? null : { kind: row.kind, expiresUtc: isoInstant(row.expiresUtcMs) };
}

/** @throws Refusal 410 LINK_NOT_GOOD */
export async function readLink(db: Metadata, token: string, nowUtcMs: number): Promise<WebLink> {
  const row = await db
    .selectFrom("personLink")
    .innerJoin("webUser", "webUser.username", "personLink.username")
    .select(["personLink.kind", "personLink.expiresUtcMs", "webUser.username", "webUser.fullName"])
    .where("tokenHash", "=", hashOf(token))
    .where("expiresUtcMs", ">", nowUtcMs)
    .where("webUser.state", "!=", "locked")
    .executeTakeFirst();
  if (row === undefined) {
    const detail = "This link was used already, has run out, or was replaced by a newer one.";
    throw new Refusal("LINK_NOT_GOOD", detail);
  }
  const { kind, username, fullName } = row;
  return { kind, username, fullName, expiresUtc: isoInstant(row.expiresUtcMs) };
}

/**
 * Sets the password; whoever was signed in with the one before is not any more.
 * @throws Refusal 410 LINK_NOT_GOOD
 */
export async function usePersonLink(
  db: Metadata,
  { token, passwordHash }: { readonly token: string; readonly passwordHash: string },
  atUtcMs: number,
): Promise<string> {
  return db.transaction().execute(async (transaction) => {
    const { username, kind } = await readLink(transaction, token, atUtcMs);
    await transaction.deleteFrom("personLink").where("username", "=", username).execute();
    await transaction.deleteFrom("webSession").where("username", "=", username).execute();
    await transaction.deleteFrom("halfSignIn").where("username", "=", username).execute();
    const set = { passwordHash, state: "active", passwordChangedUtcMs: atUtcMs } as const;
    await transaction.updateTable("webUser").set(set).where("username", "=", username).execute();
    const entry = { atUtcMs, actor: `user:${username}`, action: "PASSWORD_SET", subject: username };
    await appendAudit(transaction, { ...entry, detail: { by: kind } });
    return username;
  });
}
