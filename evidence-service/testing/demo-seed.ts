/** What a demo site's evidence service holds before the first evidence arrives. */
import { hashPassword } from "../web/passwords.ts";
import { DEMO_SETTING } from "../web/signed-in.ts";
import { withStoppedService } from "../administration/stopped-service.ts";
import { caseFacts } from "../audit/recorded-facts.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import type { MetadataTransaction } from "../storage/metadata-tables.ts";
import { RIGHTS_OF_THE_FIRST, setRights } from "../storage/account-rights.ts";
import { searchTextOf } from "../storage/search-words.ts";

const DEPARTMENTS = [
  { departmentId: "department-patrol", name: "Patrol" },
  { departmentId: "department-investigations", name: "Investigations" },
  { departmentId: "department-site-security", name: "Site security" },
];

const CATEGORIES = [
  { categoryId: "category-theft", name: "Theft" },
  { categoryId: "category-vandalism", name: "Vandalism" },
  { categoryId: "category-accident", name: "Accident" },
  { categoryId: "category-trespassing", name: "Trespassing" },
];

const CASE_FIELDS = {
  type: "Case",
  renamedFieldsJson: JSON.stringify([{ fieldId: "recordNumber", customName: "Report number" }]),
  customFieldsJson: JSON.stringify([{ name: "Officer in charge", type: "Text" }]),
};

/** Oldest first; `hoursAgo` is when the incident began. */
const CASES = [
  { name: "Damaged ticket machine", department: 2, category: 1, number: "R1041", hoursAgo: 72, closed: true },
  { name: "Bicycle theft at the north entrance", department: 0, category: 0, number: "R1042", hoursAgo: 30 },
  { name: "Forklift accident in the loading bay", department: 1, category: 2, number: "R1043", hoursAgo: 8 },
  { name: "Person behind the fence", department: 2, category: 3, number: "R1044", hoursAgo: 3 },
];

const DEMO_USER = { username: "investigator", password: "investigator", fullName: "Demo Investigator" };
const HOUR_MS = 3_600_000;

/**
 * Fills a demo site's evidence service; a second time it changes nothing.
 * @param options.dir the service's folder
 * @param options.nowUtcMs the instant that the cases' incidents are counted back from
 * @throws StartRefusal FOLDER_IN_USE while the service of the folder runs
 */
export async function seedDemo(options: { dir: string; nowUtcMs?: number }): Promise<void> {
  await withStoppedService(options.dir, async ({ db }) => {
    const passwordHash = hashPassword(DEMO_USER.password);
    const nowUtcMs = options.nowUtcMs ?? Date.now();
    await db.transaction().execute(async (transaction) => {
      if (await isSeeded(transaction)) return;
      await seedLists(transaction);
      await seedCases(transaction, nowUtcMs);
      const { username, fullName } = DEMO_USER;
      const since = { createdUtcMs: nowUtcMs, passwordChangedUtcMs: nowUtcMs };
      await transaction
        .insertInto("webUser")
        .values({ username, fullName, passwordHash, ...since })
        .execute();
      await setRights(transaction, { kind: "user", id: username }, RIGHTS_OF_THE_FIRST);
      const value = JSON.stringify(DEMO_USER);
      await transaction.insertInto("setting").values({ name: DEMO_SETTING, value }).execute();
      await appendAudit(transaction, {
        atUtcMs: nowUtcMs,
        actor: "system",
        action: "DEMO_SEEDED",
        subject: username,
      });
    });
  });
}

async function isSeeded(transaction: MetadataTransaction): Promise<boolean> {
  const row = await transaction
    .selectFrom("setting")
    .select("name")
    .where("name", "=", DEMO_SETTING)
    .executeTakeFirst();
  return row !== undefined;
}

async function seedLists(transaction: MetadataTransaction): Promise<void> {
  await transaction.insertInto("department").values(DEPARTMENTS).execute();
  await transaction.insertInto("category").values(CATEGORIES).execute();
  await transaction.insertInto("fieldTemplate").values(CASE_FIELDS).execute();
}

async function seedCases(transaction: MetadataTransaction, nowUtcMs: number): Promise<void> {
  for (const [index, seeded] of CASES.entries()) {
    const startUtcMs = nowUtcMs - seeded.hoursAgo * HOUR_MS;
    const row = {
      caseId: `demo-case-${index + 1}`,
      principalId: "demo",
      externalId: `demo-case-${index + 1}`,
      name: seeded.name,
      departmentId: DEPARTMENTS[seeded.department]?.departmentId ?? "",
      categoryId: CATEGORIES[seeded.category]?.categoryId ?? null,
      recordNumber: seeded.number,
      incidentNumber: "",
      incidentStartUtcMs: startUtcMs,
      incidentEndUtcMs: startUtcMs + HOUR_MS / 4,
      description: "",
      location: "Demo site",
      tagsJson: JSON.stringify(["demo"]),
      customFieldsJson: JSON.stringify([{ Name: "Officer in charge", Value: "A. Example" }]),
      state: seeded.closed === true ? ("Closed" as const) : ("Open" as const),
      createdBy: DEMO_USER.fullName,
      createdOnBehalfOf: null,
      createdUtcMs: startUtcMs + HOUR_MS,
      searchText: searchTextOf(seeded.name, seeded.number, "Demo site", "demo"),
    };
    await transaction.insertInto("caseFile").values(row).execute();
    const entry = { atUtcMs: nowUtcMs, actor: "system", subject: row.caseId };
    const detail = { facts: caseFacts(row) };
    await appendAudit(transaction, { ...entry, action: "CASE_CREATED", detail });
    if (row.state === "Closed") await appendAudit(transaction, { ...entry, action: "CASE_CLOSED" });
  }
}
