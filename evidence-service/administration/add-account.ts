/** `account`: another service account, for a console of its own or for a program that reads evidence too. */
import { randomUUID } from "node:crypto";
import { isThere } from "#runtime/files/missing-file.ts";
import { readAlike, withPlainBlanks } from "#shared/domain/names-alike.ts";
import { connectionFileSchema } from "#shared/clearance-api/connection-file.ts";
import { type AccountRole, RIGHTS_OF_ROLES, setRights } from "../storage/account-rights.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import { newAccountKey, publicPart } from "../site/service-keys.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import { writeDurably } from "#runtime/files/durable-file.ts";
import { readConnectionFile } from "../site/connection-file.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { withStoppedService } from "./stopped-service.ts";

export interface NewAccount {
  readonly name: string;
  readonly role: AccountRole;
  /** Where its connection file goes; its owner alone can read it. */
  readonly file: string;
}

/**
 * @param dir of a service that has run once: the account's addresses are those of its own connection file
 * @throws StartRefusal NEVER_STARTED, FOLDER_IN_USE, FILE_EXISTS, NAME_READS_ALIKE
 */
export async function addAccount(dir: string, account: NewAccount): Promise<void> {
  const { role, file } = account;
  const name = withPlainBlanks(account.name);
  await withStoppedService(dir, async (site) => {
    const { db, keys } = site;
    const own = connectionFileSchema.safeParse(JSON.parse((await readConnectionFile(site)) ?? "null"));
    if (!own.success) {
      const detail = "Until the service has run it does not know its own address.";
      throw new StartRefusal("NEVER_STARTED", detail);
    }
    if (await isThere(file)) {
      const detail = `${file} is there already, and may be the only copy of another account's key.`;
      throw new StartRefusal("FILE_EXISTS", detail);
    }
    await refuseNameAlike(db, name);
    const principalId = randomUUID();
    const key = await newAccountKey(keys.tenantId, principalId);
    const connection = { ...own.data, ServicePrincipalId: principalId, ServicePrincipalKey: key };
    await writeDurably(file, [Buffer.from(`${JSON.stringify(connection, null, 2)}\n`)]);
    await db.transaction().execute(async (transaction) => {
      const row = { principalId, name, publicJwkJson: JSON.stringify(publicPart(key)), role };
      await transaction.insertInto("serviceAccount").values(row).execute();
      await setRights(transaction, { kind: "service", id: principalId }, RIGHTS_OF_ROLES[role]);
      const entry = { atUtcMs: Date.now(), actor: "system", action: "ACCOUNT_ADDED", subject: principalId };
      await appendAudit(transaction, { ...entry, detail: { name, role } });
    });
  });
}

/** The audit trail names accounts: no two are told apart by what nobody reads. */
async function refuseNameAlike(db: Metadata, name: string): Promise<void> {
  const known = await db.selectFrom("serviceAccount").select("name").execute();
  const alike = known.find((one) => readAlike(one.name, name));
  if (alike === undefined) return;
  throw new StartRefusal("NAME_READS_ALIKE", `The account “${alike.name}” reads the same.`);
}
