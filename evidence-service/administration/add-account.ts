/** `account`: another service account, for a console of its own or for a program that reads evidence too. */
import { isThere } from "#runtime/files/missing-file.ts";
import { connectionFileSchema } from "#shared/clearance-api/connection-file.ts";
import { enterAccount, newAccountId } from "../accounts/account-records.ts";
import { Refusal } from "../http/refusal.ts";
import type { AccountRole } from "../storage/account-rights.ts";
import { newAccountKey, publicPart } from "../site/service-keys.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import { writeDurably } from "#runtime/files/durable-file.ts";
import { readConnectionFile } from "../site/connection-file.ts";
import { withStoppedService } from "./stopped-service.ts";

export interface NewAccount {
  readonly name: string;
  readonly role: AccountRole;
  /** Where its connection file goes; its owner alone can read it. */
  readonly file: string;
}

/**
 * @param dir of a service that has run once: the account's addresses are those of its own connection file
 * @throws StartRefusal NEVER_STARTED, FOLDER_IN_USE, FILE_EXISTS, NAME_READS_ALIKE, NAME_UNUSABLE
 */
export async function addAccount(dir: string, account: NewAccount): Promise<void> {
  const { name, role, file } = account;
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
    const principalId = newAccountId();
    const key = await newAccountKey(keys.tenantId, principalId);
    const connection = { ...own.data, ServicePrincipalId: principalId, ServicePrincipalKey: key };
    const added = { principalId, name, role, publicJwkJson: JSON.stringify(publicPart(key)) };
    await db.transaction().execute(async (transaction) => {
      await enterAccount(transaction, added, { actor: "system", atUtcMs: Date.now() });
      // Last, and before the account is there for good: without its file nobody could use it.
      await writeDurably(file, [Buffer.from(`${JSON.stringify(connection, null, 2)}\n`)]);
    });
  }).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
    throw new StartRefusal(error.code === "NAME_THERE" ? "NAME_READS_ALIKE" : "NAME_UNUSABLE", error.message);
  });
}
