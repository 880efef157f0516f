/** What new cases and evidence begin with, and that nobody lets themselves in beside the service. */
import { afterAll, beforeEach, expect, test } from "vitest";
import { auditReport } from "../audit/audit-report.ts";
import { openSiteFolder } from "../site/site-folder.ts";
import { setRights } from "../storage/account-rights.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { changeRows } from "../testing/rows.ts";
import { TestSite } from "../testing/test-site.ts";
import { changePolicy, policiesOf, UNFILED } from "./policies.ts";
import type { Grant } from "./policy.ts";

const sites: TestSite[] = [];
let site: TestSite;
beforeEach(async () => {
  site = await TestSite.start();
  sites.push(site);
});
afterAll(() => Promise.all(sites.map((one) => one.stop())));

const PRINCIPAL = { kind: "user", id: "investigator", name: "Demo Investigator" } as const;
const ANNA = { kind: "user", id: "anna" } as const;
const grant = (level: Grant["level"], untilUtcMs: number | null = null): Grant => ({
  ...{ level, fromUtcMs: null, untilUtcMs, recordedFromUtcMs: null },
});

async function withRows<T>(work: (db: Metadata) => Promise<T>): Promise<T> {
  const { db } = await openSiteFolder(site.dir);
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

/** Anna has an account, and sees what is unfiled and what the patrol opens from now on. */
const enterAnna = () =>
  withRows(async (db) => {
    await db.insertInto("webUser").values({ username: "anna", fullName: "Anna", passwordHash: "" }).execute();
    const rights = { db, now: Date.now };
    const change = { principal: PRINCIPAL, holder: ANNA };
    await changePolicy(rights, { ...change, scope: UNFILED, grant: grant("view") });
    const scope = { kind: "department", id: "department-patrol" } as const;
    await changePolicy(rights, { ...change, scope, grant: grant("edit") });
  });

test("a new case has what its department gives, new evidence what is given to evidence in no case", async () => {
  await enterAnna();
  const { EvidenceId: id } = await site.createEvidence();
  const answer = await site.call("POST", "/cases/api/v1/case/TENANT", NEW_CASE);
  const caseId = (answer.body as { CaseId: string }).CaseId;
  await withRows(async (db) => {
    expect(await policiesOf(db, { kind: "evidence", id })).toEqual([{ holder: ANNA, ...grant("view") }]);
    expect(await policiesOf(db, { kind: "case", id: caseId })).toEqual([{ holder: ANNA, ...grant("edit") }]);
    expect((await site.readEvidence(id)).AccessPolicies).toEqual([
      {
        ...{ PrincipalType: "user", PrincipalId: "anna", Username: "Anna", Permissions: "view" },
        ...{ ExpirationDateUtc: null, StartDateUtc: null, RecordedFromUtc: null },
      },
    ]);
    // What was there before stays as it is.
    expect(await policiesOf(db, { kind: "case", id: "demo-case-2" })).toEqual([]);
  });
  expect((await auditReport(site.dir)).isWhole).toBe(true);
});

test("somebody who writes a right into the tables, changes one or takes one away is found by the trail", async () => {
  await enterAnna();
  const { EvidenceId: id } = await site.createEvidence();
  for (const [statement, back, says] of [
    [
      "UPDATE accessPolicy SET level = 4 WHERE scopeKind = 'evidence'",
      "UPDATE accessPolicy SET level = 1 WHERE scopeKind = 'evidence'",
      `What user:anna may do with evidence ${id} was changed.`,
    ],
    [
      "UPDATE accessPolicy SET untilUtcMs = 9 WHERE scopeKind = 'unfiled'",
      "UPDATE accessPolicy SET untilUtcMs = NULL WHERE scopeKind = 'unfiled'",
      "What user:anna may do with unfiled was changed.",
    ],
    [
      "UPDATE accessPolicy SET scopeId = 'demo-case-2', scopeKind = 'case' WHERE scopeKind = 'evidence'",
      `UPDATE accessPolicy SET scopeId = '${id}', scopeKind = 'evidence' WHERE scopeKind = 'case'`,
      "What user:anna may do with case demo-case-2 was never given.",
    ],
  ] as const) {
    expect(await changeRows(site.dir, statement)).toBe(1);
    const report = await auditReport(site.dir);
    expect([statement, report.isWhole, report.lines.join("\n")]).toEqual([
      statement,
      false,
      expect.stringContaining(says),
    ]);
    await changeRows(site.dir, back);
  }
  expect((await auditReport(site.dir)).isWhole).toBe(true);
});

test("a right that ends before it begins, somebody who is not there, and the last one who manages are refused", async () => {
  await enterAnna();
  await withRows(async (db) => {
    const rights = { db, now: Date.now };
    const change = {
      principal: PRINCIPAL,
      scope: { kind: "case", id: "demo-case-2" },
      holder: ANNA,
    } as const;
    const backwards = { ...grant("view"), fromUtcMs: 2, untilUtcMs: 1 };
    await expect(changePolicy(rights, { ...change, grant: backwards })).rejects.toMatchObject({
      code: "ENDS_BEFORE_IT_BEGINS",
    });
    const nobody = { kind: "group", id: "nobody" } as const;
    await expect(
      changePolicy(rights, { ...change, holder: nobody, grant: grant("view") }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
    await changePolicy(rights, { ...change, grant: grant("manage") });
    await db
      .transaction()
      .execute((transaction) => setRights(transaction, { kind: "user", id: "investigator" }, []));
    for (const last of [null, grant("edit"), grant("manage", 9e12)]) {
      await expect(changePolicy(rights, { ...change, grant: last })).rejects.toMatchObject({
        code: "NOBODY_MANAGES",
      });
    }
  });
});

const NEW_CASE = {
  ...{ ExternalId: "policies", Name: "Case", DepartmentId: "department-patrol", CategoryId: null },
  ...{ RecordNumber: "", IncidentNumber: "", IncidentStartUtc: null, IncidentEndUtc: null },
  ...{ Description: "", Location: "", Tags: [], CustomFields: [] },
};
