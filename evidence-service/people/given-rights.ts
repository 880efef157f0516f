/** Which rights an account or a group has by itself: read, and set with an entry in the trail. */
import { appendAudit } from "../audit/audit-chain.ts";
import { actorOf } from "../http/principal.ts";
import type { HolderKind } from "../storage/access-tables.ts";
import { ACCOUNT_RIGHTS, type AccountRight, type HolderName, setRights } from "../storage/account-rights.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { insistOnAdministrator } from "./last-administrator.ts";
import { type Change, readPerson } from "./person-records.ts";

/** In one order; a right that only another version of the program knows is not shown. */
export async function rightsGivenTo(
  db: Metadata | MetadataTransaction,
  { kind, id }: HolderName,
): Promise<AccountRight[]> {
  const rows = await db
    .selectFrom("accountRight")
    .innerJoin("rightHolder", "rightHolder.holder", "accountRight.holder")
    .select("code")
    .where("kind", "=", kind)
    .where("id", "=", id)
    .execute();
  const codes = new Set(rows.map(({ code }) => code));
  return ACCOUNT_RIGHTS.filter((code) => codes.has(code));
}

interface NewRights {
  readonly holder: HolderName;
  /** As the trail names the holder. */
  readonly name: string;
  readonly rights: readonly AccountRight[];
}

/** @throws Refusal 404, 409 LAST_ADMINISTRATOR */
export async function givePersonRights(
  db: Metadata,
  { username, rights }: { readonly username: string; readonly rights: readonly AccountRight[] },
  by: Change,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const { fullName: name } = await readPerson(transaction, username);
    await giveRights(transaction, { holder: { kind: "user", id: username }, name, rights }, by);
  });
}

const ACTION_OF: Partial<Record<HolderKind, string>> = {
  group: "GROUP_RIGHTS_CHANGED", // action
  service: "ACCOUNT_RIGHTS_CHANGED", // action
};

/** They hold from the next request on. @throws Refusal 409 LAST_ADMINISTRATOR */
export async function giveRights(
  transaction: MetadataTransaction,
  { holder, name, rights }: NewRights,
  { principal, atUtcMs }: Change,
): Promise<void> {
  const before = await rightsGivenTo(transaction, holder);
  const after = ACCOUNT_RIGHTS.filter((code) => rights.includes(code));
  if (before.join() === after.join()) return;
  await setRights(transaction, holder, after);
  await insistOnAdministrator(transaction);
  const detail = { name, before: before.join(" "), after: after.join(" ") };
  const by = { atUtcMs, actor: actorOf(principal), subject: holder.id };
  await appendAudit(transaction, { ...by, action: ACTION_OF[holder.kind] ?? "RIGHTS_CHANGED", detail });
}
