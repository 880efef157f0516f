/** Accounts of consoles and programs: rows, and an entry in the trail for each change of one. */
import { randomUUID } from "node:crypto";
import { readAlike } from "#shared/domain/names-alike.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { usableName } from "../http/usable-name.ts";
import { enterAccountKey } from "../storage/account-keys.ts";
import { type AccountRole, RIGHTS_OF_ROLES, setRights } from "../storage/account-rights.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";

/** Who changes something, as the trail names them, and when. */
export interface AccountChange {
  readonly actor: string;
  readonly atUtcMs: number;
}

/** @throws Refusal 404 */
export async function readAccount(db: Metadata | MetadataTransaction, principalId: string) {
  const row = await db
    .selectFrom("serviceAccount")
    .selectAll()
    .where("principalId", "=", principalId)
    .executeTakeFirst();
  if (row === undefined) throw notFound("service account");
  return row;
}

/** The audit trail names accounts: no two are told apart by what nobody reads. @throws Refusal 400, 409 NAME_THERE */
async function freeName(
  transaction: MetadataTransaction,
  given: string,
  ownId: string | null,
): Promise<string> {
  const name = usableName("The name", given);
  const known = await transaction.selectFrom("serviceAccount").select(["principalId", "name"]).execute();
  const alike = known.find((one) => one.principalId !== ownId && readAlike(one.name, name));
  if (alike !== undefined) throw new Refusal("NAME_THERE", `The account “${alike.name}” reads the same.`);
  return name;
}

export interface NewAccount {
  readonly principalId: string;
  readonly name: string;
  readonly role: AccountRole;
  readonly publicJwkJson: string;
}

export const newAccountId = (): string => randomUUID();

/** @throws Refusal 400 NAME_NOT_USABLE, 409 NAME_THERE */
export async function enterAccount(
  transaction: MetadataTransaction,
  { principalId, name: given, role, publicJwkJson }: NewAccount,
  { actor, atUtcMs }: AccountChange,
): Promise<void> {
  const name = await freeName(transaction, given, null);
  await transaction
    .insertInto("serviceAccount")
    .values({ principalId, name, publicJwkJson, role, createdUtcMs: atUtcMs })
    .execute();
  await enterAccountKey(transaction, {
    ...{ principalId, publicJwkJson },
    ...{ createdUtcMs: atUtcMs, createdBy: actor },
  });
  await setRights(transaction, { kind: "service", id: principalId }, RIGHTS_OF_ROLES[role]);
  const entry = { atUtcMs, actor, action: "ACCOUNT_ADDED", subject: principalId };
  await appendAudit(transaction, { ...entry, detail: { name, role } });
}

/** @throws Refusal 400 NAME_NOT_USABLE, 404, 409 NAME_THERE */
export async function renameAccount(
  db: Metadata,
  { principalId, name: given }: Pick<NewAccount, "principalId" | "name">,
  { actor, atUtcMs }: AccountChange,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const { name: before } = await readAccount(transaction, principalId);
    const name = await freeName(transaction, given, principalId);
    if (name === before) return;
    await transaction
      .updateTable("serviceAccount")
      .set({ name })
      .where("principalId", "=", principalId)
      .execute();
    const entry = { atUtcMs, actor, action: "ACCOUNT_RENAMED", subject: principalId };
    await appendAudit(transaction, { ...entry, detail: { name, before } });
  });
}

/**
 * Nothing of a locked account is taken from its next request on; also no block at an address that it got before. A second
 * time it changes nothing.
 * @throws Refusal 404
 */
export async function setLocked(
  db: Metadata,
  { principalId, isLocked }: { readonly principalId: string; readonly isLocked: boolean },
  { actor, atUtcMs }: AccountChange,
): Promise<void> {
  const state = isLocked ? "locked" : "active";
  await db.transaction().execute(async (transaction) => {
    const { name, state: before } = await readAccount(transaction, principalId);
    if (before === state) return;
    await transaction
      .updateTable("serviceAccount")
      .set({ state })
      .where("principalId", "=", principalId)
      .execute();
    const by = { atUtcMs, actor, subject: principalId, detail: { name } };
    await appendAudit(
      transaction,
      isLocked ? { ...by, action: "ACCOUNT_LOCKED" } : { ...by, action: "ACCOUNT_UNLOCKED" },
    );
  });
}
