/** Rights that an account, a person or a group has as itself, beside what policies give on single cases and evidence. */
import type { HolderKind } from "./access-tables.ts";
import type { MetadataTransaction } from "./metadata-tables.ts";

/**
 * - `send-evidence`: sends evidence, and sees how what it sent is doing. The key of an account that has it lies on a console:
 *   who steals it gets no footage.
 * - `create-cases`: opens new cases, which it then manages.
 * - `pick-cases`: reads the facts of every case and puts there what it sent. An operator picks one of them for what is sent.
 * - `oversee`: manages every case and every evidence.
 * - `administer-people`: accounts, groups, and who has which right.
 * - `administer-service`: jobs, keys, settings, departments and categories.
 * - `manage-retention`: sees what its retention lets go and what is in the recycle bin, takes it back, and removes it for good.
 * - `see-audit`: reads the whole audit trail, and that of cases and evidence that the account manages.
 */
export const ACCOUNT_RIGHTS = [
  "send-evidence",
  "create-cases",
  "pick-cases",
  "oversee",
  "administer-people",
  "administer-service",
  "see-audit",
  "manage-retention",
] as const;
export type AccountRight = (typeof ACCOUNT_RIGHTS)[number];

const OF_A_SENDER = ["send-evidence", "create-cases", "pick-cases"] as const;

/** What a service account begins with: a console's, or that of a program trusted with everything an account can do. */
export const RIGHTS_OF_ROLES = {
  sender: OF_A_SENDER,
  integration: [...OF_A_SENDER, "oversee", "administer-service", "see-audit"],
} as const satisfies Record<string, readonly AccountRight[]>;
export type AccountRole = keyof typeof RIGHTS_OF_ROLES;

/** What the person has who sets a service up. */
export const RIGHTS_OF_THE_FIRST: readonly AccountRight[] = [
  "create-cases",
  "oversee",
  "administer-people",
  "administer-service",
  "see-audit",
  "manage-retention",
];

/** Somebody who can hold a right. */
export interface HolderName {
  readonly kind: HolderKind;
  readonly id: string;
}

export const EVERYONE: HolderName = { kind: "everyone", id: "" };

/** The number of a holder, which gets one where it has none. */
export async function holderOf(transaction: MetadataTransaction, { kind, id }: HolderName): Promise<number> {
  const row = await transaction
    .selectFrom("rightHolder")
    .select("holder")
    .where("kind", "=", kind)
    .where("id", "=", id)
    .executeTakeFirst();
  if (row !== undefined) return row.holder;
  const made = await transaction
    .insertInto("rightHolder")
    .values({ kind, id })
    .returning("holder")
    .executeTakeFirstOrThrow();
  return made.holder;
}

/** Lets a holder have these rights, and no others. */
export async function setRights(
  transaction: MetadataTransaction,
  name: HolderName,
  rights: readonly AccountRight[],
): Promise<void> {
  const holder = await holderOf(transaction, name);
  await transaction.deleteFrom("accountRight").where("holder", "=", holder).execute();
  if (rights.length === 0) return;
  await transaction
    .insertInto("accountRight")
    .values(rights.map((code) => ({ holder, code })))
    .execute();
}
