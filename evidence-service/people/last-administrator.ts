/** There is always somebody who can let others in. */
import { sql } from "kysely";
import { Refusal } from "../http/refusal.ts";
import type { AccountRight } from "../storage/account-rights.ts";
import type { MetadataTransaction } from "../storage/metadata-tables.ts";

const ADMINISTERS: AccountRight = "administer-people";

/**
 * After a change of accounts, groups or rights, within its transaction: where nobody is left who comes in and administers
 * people, the change is undone.
 * @throws Refusal 409 LAST_ADMINISTRATOR
 */
export async function insistOnAdministrator(transaction: MetadataTransaction): Promise<void> {
  const { rows } = await sql`
    SELECT u."username" FROM "accountRight" r JOIN "rightHolder" h ON h."holder" = r."holder"
      JOIN "webUser" u ON u."state" = 'active' AND (h."kind" = 'everyone'
        OR (h."kind" = 'user' AND h."id" = u."username")
        OR (h."kind" = 'group' AND EXISTS (SELECT 1 FROM "groupMember" m
          WHERE m."groupId" = h."id" AND m."username" = u."username")))
      WHERE r."code" = ${ADMINISTERS} LIMIT 1`.execute(transaction);
  if (rows.length === 0) throw new Refusal("LAST_ADMINISTRATOR", "Nobody could administer people any more.");
}
