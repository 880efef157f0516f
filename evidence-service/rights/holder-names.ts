/** The names under which people know those who hold rights. */
import { visibleName } from "#shared/domain/names.ts";
import { EVERYONE, type HolderName } from "../storage/account-rights.ts";
import type { Metadata } from "../storage/metadata-tables.ts";

export interface NamedHolder extends HolderName {
  readonly name: string;
}

const EVERYONE_NAME = "Everyone with an account";
const FOUND_MOST = 20;

/** In their order; who is gone is called by its id. */
export async function nameHolders(db: Metadata, holders: readonly HolderName[]): Promise<NamedHolder[]> {
  const ids = (kind: HolderName["kind"]): string[] => [
    "",
    ...holders.filter((one) => one.kind === kind).map(({ id }) => id),
  ];
  const users = await db
    .selectFrom("webUser")
    .select(["username as id", "fullName as name"])
    .where("username", "in", ids("user"))
    .execute();
  const groups = await db
    .selectFrom("personGroup")
    .select(["groupId as id", "name"])
    .where("groupId", "in", ids("group"))
    .execute();
  const services = await db
    .selectFrom("serviceAccount")
    .select(["principalId as id", "name"])
    .where("principalId", "in", ids("service"))
    .execute();
  const names = new Map<string, string>();
  for (const [kind, rows] of [
    ["user", users],
    ["group", groups],
    ["service", services],
  ] as const) {
    for (const { id, name } of rows) names.set(`${kind} ${id}`, visibleName(name));
  }
  return holders.map((holder) => ({
    ...holder,
    name:
      holder.kind === "everyone"
        ? EVERYONE_NAME
        : (names.get(`${holder.kind} ${holder.id}`) ?? visibleName(holder.id)),
  }));
}

/** People and groups whose names have a text, the first twenty; whoever can be given a right. */
export async function findHolders(db: Metadata, text: string): Promise<NamedHolder[]> {
  const wanted = text.trim().toLowerCase();
  const everyone = { ...EVERYONE, name: EVERYONE_NAME };
  const groups = await db
    .selectFrom("personGroup")
    .select(["groupId as id", "name"])
    .where((row) => row(row.fn("lower", ["name"]), "like", `%${literally(wanted)}%`))
    .orderBy("name")
    .limit(FOUND_MOST)
    .execute();
  const users = await db
    .selectFrom("webUser")
    .select(["username as id", "fullName as name"])
    .where("state", "=", "active")
    .where((row) =>
      row.or([
        row(row.fn("lower", ["fullName"]), "like", `%${literally(wanted)}%`),
        row(row.fn("lower", ["username"]), "like", `${literally(wanted)}%`),
      ]),
    )
    .orderBy("fullName")
    .limit(FOUND_MOST)
    .execute();
  const found = [
    ...(everyone.name.toLowerCase().includes(wanted) ? [everyone] : []),
    ...groups.map((row) => ({ kind: "group" as const, id: row.id, name: visibleName(row.name) })),
    ...users.map((row) => ({ kind: "user" as const, id: row.id, name: visibleName(row.name) })),
  ];
  return found.slice(0, FOUND_MOST);
}

/** No sign of a pattern: both engines take any other character for itself. */
const literally = (text: string): string => text.replaceAll(/[%_\\]/g, "");
