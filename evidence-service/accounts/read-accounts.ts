/** Accounts and their keys, as pages show them. */
import type {
  WebAccountKey,
  WebServiceAccount,
  WebServiceAccountAnswer,
} from "#shared/web-api/service-accounts.ts";
import { rightsGivenTo } from "../people/given-rights.ts";
import { keysOfAccount } from "../storage/account-keys.ts";
import { isoInstantOrNull } from "../storage/iso-instant.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { readAccount } from "./account-records.ts";

type Account = Awaited<ReturnType<typeof readAccount>>;
type Keys = Awaited<ReturnType<typeof keysOfAccount>>;

/** By name. There are as many as there are consoles and programs: some hundreds. */
export async function listAccounts(db: Metadata): Promise<WebServiceAccount[]> {
  const rows = await db.selectFrom("serviceAccount").selectAll().orderBy("name").execute();
  const accounts: WebServiceAccount[] = [];
  for (const row of rows) accounts.push(await toAccount(db, row, await keysOfAccount(db, row.principalId)));
  return accounts;
}

/** @param keyIdInFolder of the service's own connection file @throws Refusal 404 */
export async function accountAnswer(
  db: Metadata,
  principalId: string,
  keyIdInFolder: string,
): Promise<WebServiceAccountAnswer> {
  const row = await readAccount(db, principalId);
  const keys = await keysOfAccount(db, principalId);
  const names = await namesOfMakers(db, keys);
  const toKey = ({ keyId, createdUtcMs, createdBy, latestUseUtcMs }: Keys[number]): WebAccountKey => ({
    keyId,
    createdUtc: isoInstantOrNull(createdUtcMs),
    createdBy: createdBy === null ? null : (names.get(createdBy) ?? createdBy),
    latestUseUtc: isoInstantOrNull(latestUseUtcMs),
    isInFolder: keyId === keyIdInFolder,
  });
  return { account: await toAccount(db, row, keys), keys: keys.map(toKey) };
}

async function toAccount(db: Metadata, row: Account, keys: Keys): Promise<WebServiceAccount> {
  const uses = keys.flatMap(({ latestUseUtcMs }) => latestUseUtcMs ?? []);
  return {
    ...{ accountId: row.principalId, name: row.name, state: row.state },
    rights: await rightsGivenTo(db, { kind: "service", id: row.principalId }),
    createdUtc: isoInstantOrNull(row.createdUtcMs),
    latestUseUtc: isoInstantOrNull(uses.length === 0 ? null : Math.max(...uses)),
  };
}

/** What people are called whom the trail names as those who made a key. */
async function namesOfMakers(db: Metadata, keys: Keys): Promise<ReadonlyMap<string, string>> {
  const usernames = keys.flatMap(({ createdBy }) =>
    createdBy?.startsWith("user:") === true ? [createdBy.slice("user:".length)] : [],
  );
  if (usernames.length === 0) return new Map();
  const people = await db
    .selectFrom("webUser")
    .select(["username", "fullName"])
    .where("username", "in", usernames)
    .execute();
  return new Map(people.map(({ username, fullName }) => [`user:${username}`, fullName]));
}
