/** Who has to have a second factor: a value of its own among the settings, which administrators of people change. */
import { secondFactorRuleSchema, type WebSecondFactorRule } from "#shared/web-api/second-factor.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import { rightsOfAccount } from "../rights/rights-of-account.ts";
import { keepSetting } from "../storage/keep-setting.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { readJson } from "../storage/read-json.ts";

const SETTING = "secondFactorRule";
const NOBODY: WebSecondFactorRule = { everybody: false, rights: [] };

export async function readFactorRule(db: Metadata): Promise<WebSecondFactorRule> {
  const row = await db.selectFrom("setting").select("value").where("name", "=", SETTING).executeTakeFirst();
  if (row === undefined) return NOBODY;
  // What cannot be read was meant to ask for more than nothing.
  return readJson(secondFactorRuleSchema, row.value) ?? { everybody: true, rights: [] };
}

/** It holds from each person's next sign-in on. */
export async function setFactorRule(
  db: Metadata,
  rule: WebSecondFactorRule,
  { actor, atUtcMs }: { readonly actor: string; readonly atUtcMs: number },
): Promise<void> {
  const everybody = rule.everybody;
  const given = new Set(rule.rights);
  const rights = secondFactorRuleSchema.shape.rights.element.options.filter((right) => given.has(right));
  const before = inWords(await readFactorRule(db));
  const after = inWords({ everybody, rights });
  if (before === after) return;
  await db.transaction().execute(async (transaction) => {
    await keepSetting(transaction, SETTING, JSON.stringify({ everybody, rights }));
    const entry = { atUtcMs, actor, action: "SECOND_FACTOR_RULE_CHANGED", subject: "second factor" };
    await appendAudit(transaction, { ...entry, detail: { before, after } });
  });
}

const inWords = ({ everybody, rights }: WebSecondFactorRule): string =>
  everybody ? "everybody" : rights.length === 0 ? "nobody" : rights.join(" ");

/** Whether a person has to have one, by the rights of their own and of their groups. */
export async function isFactorRequired(db: Metadata, username: string): Promise<boolean> {
  const { everybody, rights } = await readFactorRule(db);
  if (everybody || rights.length === 0) return everybody;
  const has = await rightsOfAccount(db, { kind: "user", id: username });
  return rights.some((right) => has.includes(right));
}
