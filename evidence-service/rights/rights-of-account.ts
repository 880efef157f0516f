import { sql } from "kysely";
import type { HolderName } from "../storage/account-rights.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { holdersOf } from "./reasons.ts";

/** What an account may do by itself and by its groups, for pages that leave out what would be refused. */
export async function rightsOfAccount(db: Metadata, asker: HolderName): Promise<string[]> {
  const { rows } = await sql<{ code: string }>`
    WITH mine AS (${holdersOf(asker)})
    SELECT DISTINCT r."code" FROM mine JOIN "accountRight" r ON r."holder" = mine."holder"
    ORDER BY r."code"`.execute(db);
  return rows.map(({ code }) => code);
}
