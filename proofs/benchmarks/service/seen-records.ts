/** A thousandth of the seeded records, spread over them, which is all that an account sees. */
import { changePolicy } from "#evidence-service/rights/policies.ts";
import { openSiteFolder } from "#evidence-service/site/site-folder.ts";
import { setRights } from "#evidence-service/storage/account-rights.ts";
import { CASES, EVIDENCES } from "./seeded-records.ts";

/** So many cases, each with the evidence in it, and as many evidences in no case. */
export const SOME_COUNT = 130;

export const caseOfSome = (index: number): string => `case-${index * Math.floor(CASES / SOME_COUNT)}`;
/** Each third evidence is in no case. */
export const looseOfSome = (index: number): string =>
  `evidence-${index * 3 * Math.floor(EVIDENCES / 3 / SOME_COUNT)}`;

/** Lets the one account of a service see these and no others. */
export async function letSeeSome(dir: string): Promise<void> {
  const { db } = await openSiteFolder(dir);
  const { principalId: id } = await db
    .selectFrom("serviceAccount")
    .select("principalId")
    .executeTakeFirstOrThrow();
  const holder = { kind: "service", id } as const;
  await db.transaction().execute(async (transaction) => {
    await setRights(transaction, { kind: "user", id: "overseer" }, ["oversee"]);
    await setRights(transaction, holder, ["send-evidence"]);
  });
  const change = {
    principal: { kind: "service", id: "bench", name: "Benchmark" },
    holder,
    grant: { level: "view", fromUtcMs: null, untilUtcMs: null, recordedFromUtcMs: null },
  } as const;
  const rights = { db, now: Date.now };
  for (let index = 0; index < SOME_COUNT; index += 1) {
    await changePolicy(rights, { ...change, scope: { kind: "case", id: caseOfSome(index) } });
    await changePolicy(rights, { ...change, scope: { kind: "evidence", id: looseOfSome(index) } });
  }
  await db.destroy();
}
