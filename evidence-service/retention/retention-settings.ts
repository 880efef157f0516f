/** What an administrator sets of keeping evidence, beside the retention of each category. */
import { type RetentionSettings, retentionSettingsSchema } from "#shared/web-api/retention.ts";
import { formatCount } from "#shared/words/amounts.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { actorOf, type Principal } from "../http/principal.ts";
import { keepSetting } from "../storage/keep-setting.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { readJson } from "../storage/read-json.ts";

const NAME = "retention";

/** Nothing goes before somebody says so. */
const NOTHING_SET: RetentionSettings = {
  ...{ looseDays: null, uncategorisedDays: null, binDays: 7, needsSecondPerson: false },
};

export async function readRetention(db: Metadata | MetadataTransaction): Promise<RetentionSettings> {
  const row = await db.selectFrom("setting").select("value").where("name", "=", NAME).executeTakeFirst();
  if (row === undefined) return NOTHING_SET;
  const settings = readJson(retentionSettingsSchema, row.value);
  // A value that cannot be read lets nothing go.
  return settings ?? { ...NOTHING_SET, needsSecondPerson: true };
}

export async function changeRetention(
  { db, now }: ServiceContext,
  principal: Principal,
  settings: RetentionSettings,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const before = await readRetention(transaction);
    if (inWords(before) === inWords(settings)) return;
    await keepSetting(transaction, NAME, JSON.stringify(settings));
    await appendAudit(transaction, {
      ...{ atUtcMs: now(), actor: actorOf(principal), action: "RETENTION_CHANGED", subject: NAME },
      detail: { before: inWords(before), after: inWords(settings) },
    });
  });
}

function inWords({ looseDays, uncategorisedDays, binDays, needsSecondPerson }: RetentionSettings): string {
  return [
    `in no case ${daysInWords(looseDays)}`,
    `in a case without a category ${daysInWords(uncategorisedDays)}`,
    `in the recycle bin ${daysInWords(binDays)}`,
    needsSecondPerson ? "a second person has to say so" : "one person is enough",
  ].join(", ");
}

export const daysInWords = (days: number | null): string =>
  days === null ? "for ever" : formatCount(days, "day");
