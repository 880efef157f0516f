/** Accounts of people: rows, and an entry in the trail for each change of one. */
import type { Selectable } from "kysely";
import type { NewPerson, PersonChange, WebPerson } from "#shared/web-api/people.ts";
import { readAlike, readingOf } from "#shared/domain/names-alike.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import { actorOf, type Principal } from "../http/principal.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { usableName } from "../http/usable-name.ts";
import { isoInstantOrNull } from "../storage/iso-instant.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import type { WebUserTable } from "../storage/person-tables.ts";
import { NO_PASSWORD } from "../web/passwords.ts";
import { insistOnAdministrator } from "./last-administrator.ts";

export type PersonRow = Selectable<WebUserTable>;

/** Who changes something, and when. */
export interface Change {
  readonly principal: Principal;
  readonly atUtcMs: number;
}

export function toPerson(row: PersonRow): WebPerson {
  const { username, fullName, mail, state } = row;
  return {
    ...{ username, fullName, mail, state },
    createdUtc: isoInstantOrNull(row.createdUtcMs),
    latestSignInUtc: isoInstantOrNull(row.latestSignInUtcMs),
    passwordChangedUtc: isoInstantOrNull(row.passwordChangedUtcMs),
  };
}

interface PeopleQuery {
  readonly text?: string | undefined;
  /** The user name after which the page begins. */
  readonly continuation?: string | undefined;
  readonly limit: number;
}

/** Of people there are some thousands at the most: they are compared here, as names are everywhere. */
export async function listPeople(
  db: Metadata,
  { text = "", continuation = "", limit }: PeopleQuery,
): Promise<{ people: WebPerson[]; continuation: string | null }> {
  const rows = await db
    .selectFrom("webUser")
    .selectAll()
    .where("username", ">", continuation)
    .orderBy("username")
    .execute();
  const words = readingOf(text)
    .split(" ")
    .filter((word) => word !== "");
  const found = rows.filter(({ username, fullName, mail }) => {
    const reading = readingOf(`${username} ${fullName} ${mail ?? ""}`);
    return words.every((word) => reading.includes(word));
  });
  const page = found.slice(0, limit);
  return {
    people: page.map(toPerson),
    continuation: found.length > limit ? (page.at(-1)?.username ?? null) : null,
  };
}

/** @throws Refusal 404 */
export async function readPerson(db: Metadata, username: string): Promise<PersonRow> {
  const row = await db.selectFrom("webUser").selectAll().where("username", "=", username).executeTakeFirst();
  if (row === undefined) throw notFound("person");
  return row;
}

/**
 * An account without a password: it waits for the person to set one.
 * @throws Refusal 400 NAME_NOT_USABLE, 409 PERSON_THERE
 */
export async function addPerson(
  transaction: MetadataTransaction,
  given: NewPerson,
  { principal, atUtcMs }: Change,
): Promise<PersonRow> {
  const username = usableName("The user name", given.username);
  const fullName = usableName("The name", given.fullName);
  const known = await transaction.selectFrom("webUser").select("username").execute();
  const alike = known.find((one) => readAlike(one.username, username));
  if (alike !== undefined)
    throw new Refusal("PERSON_THERE", `There is an account “${alike.username}” already.`);
  const row = { username, fullName, mail: given.mail, passwordHash: NO_PASSWORD, state: "invited" } as const;
  await transaction
    .insertInto("webUser")
    .values({ ...row, createdUtcMs: atUtcMs })
    .execute();
  await appendAudit(transaction, {
    ...{ atUtcMs, actor: actorOf(principal), action: "PERSON_ADDED", subject: username },
    detail: { fullName, mail: given.mail },
  });
  return readPerson(transaction, username);
}

/** @throws Refusal 400 NAME_NOT_USABLE, 404 */
export async function changePerson(
  db: Metadata,
  username: string,
  change: PersonChange,
  { principal, atUtcMs }: Change,
): Promise<void> {
  const fullName = usableName("The name", change.fullName);
  const { mail } = change;
  await db.transaction().execute(async (transaction) => {
    const before = await readPerson(transaction, username);
    if (before.fullName === fullName && before.mail === mail) return;
    await transaction
      .updateTable("webUser")
      .set({ fullName, mail })
      .where("username", "=", username)
      .execute();
    await appendAudit(transaction, {
      ...{ atUtcMs, actor: actorOf(principal), action: "PERSON_CHANGED", subject: username },
      detail: { fullName, mail, earlierFullName: before.fullName, earlierMail: before.mail },
    });
  });
}

/**
 * Nobody signs in with the account, what is open is closed and links are worth nothing; a second time changes nothing.
 * @throws Refusal 404, 409 LAST_ADMINISTRATOR
 */
export async function lockPerson(
  db: Metadata,
  username: string,
  { principal, atUtcMs }: Change,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const { state } = await readPerson(transaction, username);
    if (state === "locked") return;
    await setState(transaction, username, "locked");
    await insistOnAdministrator(transaction);
    const { numDeletedRows } = await transaction
      .deleteFrom("webSession")
      .where("username", "=", username)
      .executeTakeFirst();
    await transaction.deleteFrom("personLink").where("username", "=", username).execute();
    await transaction.deleteFrom("halfSignIn").where("username", "=", username).execute();
    await appendAudit(transaction, {
      ...{ atUtcMs, actor: actorOf(principal), action: "PERSON_LOCKED", subject: username },
      detail: { signInsEnded: Number(numDeletedRows) },
    });
  });
}

/** With the password that they had; who never had one waits for another link. @throws Refusal 404 */
export async function unlockPerson(
  db: Metadata,
  username: string,
  { principal, atUtcMs }: Change,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const { state, passwordHash } = await readPerson(transaction, username);
    if (state !== "locked") return;
    await setState(transaction, username, passwordHash === NO_PASSWORD ? "invited" : "active");
    const entry = { atUtcMs, actor: actorOf(principal), action: "PERSON_UNLOCKED", subject: username };
    await appendAudit(transaction, entry);
  });
}

async function setState(
  transaction: MetadataTransaction,
  username: string,
  state: PersonRow["state"],
): Promise<void> {
  await transaction.updateTable("webUser").set({ state }).where("username", "=", username).execute();
}
