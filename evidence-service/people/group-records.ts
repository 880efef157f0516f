/** Groups of people: who is in them, and what they are called. Groups have no groups. */
import { randomUUID } from "node:crypto";
import type { WebGroup } from "#shared/web-api/people.ts";
import { readAlike } from "#shared/domain/names-alike.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import { actorOf } from "../http/principal.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { usableName } from "../http/usable-name.ts";
import type { AccountRight } from "../storage/account-rights.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { giveRights, rightsGivenTo } from "./given-rights.ts";
import { insistOnAdministrator } from "./last-administrator.ts";
import { type Change, readPerson } from "./person-records.ts";

/** By name. There are some hundreds at the most. */
export async function listGroups(db: Metadata, username: string | null = null): Promise<WebGroup[]> {
  const all = db.selectFrom("personGroup").selectAll("personGroup").orderBy("name");
  const rows = await (
    username === null
      ? all
      : all
          .innerJoin("groupMember", "groupMember.groupId", "personGroup.groupId")
          .where("username", "=", username)
  ).execute();
  const groups: WebGroup[] = [];
  for (const { groupId, name } of rows) {
    const rights = await rightsGivenTo(db, { kind: "group", id: groupId });
    groups.push({ groupId, name, rights, members: (await membersOf(db, groupId)).length });
  }
  return groups;
}

/** @throws Refusal 404 */
export async function readGroup(db: Metadata | MetadataTransaction, groupId: string) {
  const row = await db
    .selectFrom("personGroup")
    .selectAll()
    .where("groupId", "=", groupId)
    .executeTakeFirst();
  if (row === undefined) throw notFound("group");
  return row;
}

/** Their user names. */
export async function membersOf(db: Metadata, groupId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("groupMember")
    .select("username")
    .where("groupId", "=", groupId)
    .orderBy("username")
    .execute();
  return rows.map(({ username }) => username);
}

/** @throws Refusal 400 NAME_NOT_USABLE, 409 GROUP_THERE */
export async function addGroup(db: Metadata, given: string, by: Change): Promise<string> {
  const groupId = randomUUID();
  await db.transaction().execute(async (transaction) => {
    const name = await freeName(transaction, given, groupId);
    await transaction.insertInto("personGroup").values({ groupId, name }).execute();
    await tell(transaction, by, { action: "GROUP_ADDED", subject: groupId, detail: { name } });
  });
  return groupId;
}

/** @throws Refusal 400 NAME_NOT_USABLE, 404, 409 GROUP_THERE */
export async function renameGroup(
  db: Metadata,
  { groupId, name: given }: { readonly groupId: string; readonly name: string },
  by: Change,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const { name: before } = await readGroup(transaction, groupId);
    const name = await freeName(transaction, given, groupId);
    if (name === before) return;
    await transaction.updateTable("personGroup").set({ name }).where("groupId", "=", groupId).execute();
    await tell(transaction, by, { action: "GROUP_RENAMED", subject: groupId, detail: { name, before } });
  });
}

/**
 * Only one that gives nothing: whoever removes it sees first what its people lose by that.
 * @throws Refusal 404, 409 GROUP_HAS_RIGHTS
 */
export async function removeGroup(db: Metadata, groupId: string, by: Change): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const { name } = await readGroup(transaction, groupId);
    const { holder, policies } = await whatItGives(transaction, groupId);
    const rights = await rightsGivenTo(transaction, { kind: "group", id: groupId });
    if (rights.length > 0 || policies > 0)
      throw new Refusal("GROUP_HAS_RIGHTS", `The group “${name}” still gives rights to its people.`);
    await transaction.deleteFrom("groupMember").where("groupId", "=", groupId).execute();
    await transaction.deleteFrom("personGroup").where("groupId", "=", groupId).execute();
    if (holder !== null) await transaction.deleteFrom("rightHolder").where("holder", "=", holder).execute();
    await tell(transaction, by, { action: "GROUP_REMOVED", subject: groupId, detail: { name } });
  });
}

/** On how many cases, evidences and departments it stands in policies. */
export async function whatItGives(
  db: Metadata | MetadataTransaction,
  groupId: string,
): Promise<{ readonly holder: number | null; readonly policies: number }> {
  const row = await db
    .selectFrom("rightHolder")
    .select("holder")
    .where("kind", "=", "group")
    .where("id", "=", groupId)
    .executeTakeFirst();
  if (row === undefined) return { holder: null, policies: 0 };
  const { count } = await db
    .selectFrom("accessPolicy")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("holder", "=", row.holder)
    .executeTakeFirstOrThrow();
  return { holder: row.holder, policies: Number(count) };
}

interface Membership {
  readonly groupId: string;
  readonly username: string;
  readonly isMember: boolean;
}

/** A second time it changes nothing. @throws Refusal 404, 409 LAST_ADMINISTRATOR */
export async function setMember(
  db: Metadata,
  { groupId, username, isMember }: Membership,
  by: Change,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const { name } = await readGroup(transaction, groupId);
    await readPerson(transaction, username);
    const was = (await membersOf(transaction, groupId)).includes(username);
    if (was === isMember) return;
    if (isMember) {
      await transaction.insertInto("groupMember").values({ groupId, username }).execute();
    } else {
      await transaction
        .deleteFrom("groupMember")
        .where("groupId", "=", groupId)
        .where("username", "=", username)
        .execute();
      await insistOnAdministrator(transaction);
    }
    const action = isMember ? "MEMBER_ADDED" : "MEMBER_REMOVED";
    await tell(transaction, by, { action, subject: username, detail: { group: groupId, name } });
  });
}

/** @throws Refusal 404, 409 LAST_ADMINISTRATOR */
export async function giveGroupRights(
  db: Metadata,
  { groupId, rights }: { readonly groupId: string; readonly rights: readonly AccountRight[] },
  by: Change,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const { name } = await readGroup(transaction, groupId);
    await giveRights(transaction, { holder: { kind: "group", id: groupId }, name, rights }, by);
  });
}

async function freeName(transaction: MetadataTransaction, given: string, groupId: string): Promise<string> {
  const name = usableName("The group's name", given);
  const rows = await transaction.selectFrom("personGroup").selectAll().execute();
  const alike = rows.find((row) => row.groupId !== groupId && readAlike(row.name, name));
  if (alike !== undefined) throw new Refusal("GROUP_THERE", `There is a group “${alike.name}” already.`);
  return name;
}

interface Told {
  readonly action: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, string>>;
}

async function tell(
  transaction: MetadataTransaction,
  { principal, atUtcMs }: Change,
  told: Told,
): Promise<void> {
  await appendAudit(transaction, { atUtcMs, actor: actorOf(principal), ...told });
}
