import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caseSchema } from "#shared/clearance-api/case.ts";
import { evidencePageSchema } from "#shared/clearance-api/evidence.ts";
import { TestSite } from "../testing/test-site.ts";
import { rowsOf } from "../testing/rows.ts";

const CASE = {
  ...{ ExternalId: "case-1", Name: "Theft", DepartmentId: "department-patrol", CategoryId: null },
  ...{ RecordNumber: "", IncidentNumber: "", IncidentStartUtc: null, IncidentEndUtc: null },
  ...{ Description: "", Location: "", Tags: [], CustomFields: [] },
};

let site: TestSite;

beforeAll(async () => {
  site = await TestSite.start();
});

afterAll(async () => {
  await site.stop();
});

/** The audit entry of what created a subject. */
async function auditOf(subject: string): Promise<unknown> {
  const entries = await rowsOf<{ entryJson: string }>(site.dir, "SELECT entryJson FROM audit");
  return entries
    .map(({ entryJson }) => JSON.parse(entryJson) as { subject: string; action: string })
    .find((entry) => entry.subject === subject && entry.action.endsWith("_CREATED"));
}

describe("a console that names its operator", () => {
  test("has the operator shown and audited beside its account, for evidence", async () => {
    const evidence = await site.createEvidence({ Name: "Named", CreatedOnBehalfOf: "olga" });
    const { CreatedBy, CreatedOnBehalfOf } = evidence;
    expect([CreatedBy.length > 0, CreatedBy === "olga", CreatedOnBehalfOf]).toEqual([true, false, "olga"]);
    expect(await auditOf(evidence.EvidenceId)).toMatchObject({
      actor: expect.stringMatching(/^service:/),
      detail: { onBehalfOf: "olga" },
    });
    const found = await site.call("GET", "/documents/api/v1/tenant/TENANT/evidence?text=OLGA&limit=10");
    expect(evidencePageSchema.parse(found.body).Evidence.map(({ Name }) => Name)).toEqual(["Named"]);
  });

  test("has the operator shown and audited beside its account, for a case", async () => {
    const body = { ...CASE, CreatedOnBehalfOf: "olga" };
    const created = caseSchema.parse((await site.call("POST", "/cases/api/v1/case/TENANT", body)).body);
    expect(created.CreatedOnBehalfOf).toBe("olga");
    expect(await auditOf(created.CaseId)).toMatchObject({ detail: { onBehalfOf: "olga" } });
  });

  test("may not give a name that is none", async () => {
    for (const CreatedOnBehalfOf of ["", "o".repeat(257), 7]) {
      const body = { ...CASE, ExternalId: "case-2", CreatedOnBehalfOf };
      const refused = await site.call("POST", "/cases/api/v1/case/TENANT", body);
      expect(refused).toMatchObject({ status: 400, body: { code: "BAD_REQUEST" } });
    }
  });
});

test("an older console that names nobody is taken as it was", async () => {
  const evidence = await site.createEvidence({ Name: "Unnamed" });
  expect(evidence.CreatedOnBehalfOf).toBeNull();
  expect(await auditOf(evidence.EvidenceId)).toMatchObject({ detail: { caseId: null } });
  expect(JSON.stringify(await auditOf(evidence.EvidenceId))).not.toContain("onBehalfOf");
  const created = await site.call("POST", "/cases/api/v1/case/TENANT", { ...CASE, ExternalId: "case-3" });
  expect(created).toMatchObject({ status: 200, body: { CreatedOnBehalfOf: null } });
});
