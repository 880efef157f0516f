import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  casePageSchema,
  caseSchema,
  fieldTemplatesSchema,
  type CreateCase,
} from "#shared/clearance-api/case.ts";
import { changeRows } from "../testing/rows.ts";
import { TestSite } from "../testing/test-site.ts";

function newCase(change: Partial<CreateCase> = {}): CreateCase {
  return {
    ExternalId: crypto.randomUUID(),
    Name: "Broken window",
    DepartmentId: "department-patrol",
    CategoryId: null,
    RecordNumber: "",
    IncidentNumber: "",
    IncidentStartUtc: null,
    IncidentEndUtc: null,
    Description: "",
    Location: "",
    Tags: [],
    CustomFields: [],
    ...change,
  };
}

describe("cases", () => {
  let site: TestSite;
  beforeAll(async () => {
    site = await TestSite.start();
  });
  afterAll(async () => {
    await site.stop();
  });
  const create = (body: CreateCase) => site.call("POST", "/cases/api/v1/case/TENANT", body);

  test("the same case sent twice, at once or later, is created once", async () => {
    const body = newCase({ Tags: ["glass"], CustomFields: [{ Name: "Officer in charge", Value: "B" }] });
    const answers = await Promise.all([create(body), create(body)]);
    const ids = answers.map((answer) => caseSchema.parse(answer.body).CaseId);
    expect(new Set(ids).size).toBe(1);
    const read = await site.call("GET", `/cases/api/v1/case/TENANT/${ids[0]}`);
    expect(read.body).toMatchObject({
      Name: "Broken window",
      DepartmentName: "Patrol",
      Tags: ["glass"],
      State: "Open",
    });
  });

  test("rules of a case are kept", async () => {
    const unknown = await create(newCase({ DepartmentId: "none" }));
    expect(unknown).toMatchObject({ status: 400, body: { code: "UNKNOWN_DEPARTMENT" } });
    expect((await create(newCase({ Name: " padded" }))).status).toBe(400);
    expect((await create(newCase({ Name: "n".repeat(257) }))).status).toBe(400);
    expect((await create(newCase({ IncidentNumber: "4\\2" }))).status).toBe(400);
    const dashed = await create(newCase({ IncidentNumber: "2026\u2013117" }));
    expect(dashed.status).toBe(400);
    expect(JSON.stringify(dashed.body)).toContain("must not hold “–” (U+2013). Write “-” instead.");
    expect((await create(newCase({ IncidentNumber: "2026-117" }))).status).toBe(200);
    expect((await create(newCase({ Name: "🎥".repeat(256) }))).status).toBe(200);
    for (const Name of ["a\tb", "\u200B", "Gate \u202Egnp.evila"])
      expect((await create(newCase({ Name }))).status).toBe(400);
    expect((await create(newCase({ Tags: ["a\u200Bb"] }))).status).toBe(400);
    const times = {
      IncidentStartUtc: "2026-11-23T11:00:00.000Z",
      IncidentEndUtc: "2026-11-23T10:00:00.000Z",
    };
    expect(await create(newCase(times))).toMatchObject({ body: { code: "INCIDENT_ENDS_BEFORE_START" } });
  });

  test("a name that was taken before there was a rule is shown with what hides in it", async () => {
    const made = caseSchema.parse((await create(newCase())).body);
    await changeRows(
      site.dir,
      "UPDATE caseFile SET name = ? WHERE caseId = ?",
      "Gate \u202Egnp.evila",
      made.CaseId,
    );
    const read = await site.call("GET", `/cases/api/v1/case/TENANT/${made.CaseId}`);
    expect(read.body).toMatchObject({ Name: "Gate \uFFFDgnp.evila" });
  });

  test("the list is paged, newest first, and searched without regard to case", async () => {
    for (const number of [1, 2, 3]) await create(newCase({ Name: `Übung 100% ${number}` }));
    const names: string[] = [];
    let continuation: string | null = "";
    while (continuation !== null) {
      const query: URLSearchParams = new URLSearchParams({ text: "üBUNG 100%", limit: "2" });
      if (continuation !== "") query.set("continuation", continuation);
      const page: ReturnType<typeof casePageSchema.parse> = casePageSchema.parse(
        (await site.call("GET", `/cases/api/v1/case/TENANT?${query.toString()}`)).body,
      );
      names.push(...page.Cases.map((found) => found.Name));
      continuation = page.Continuation;
    }
    expect(names).toEqual(["Übung 100% 3", "Übung 100% 2", "Übung 100% 1"]);
  });

  test("a demo site has departments, categories, a custom and a renamed field", async () => {
    const departments = await site.call("GET", "/cases/api/v1/department/TENANT");
    expect(departments.body).toHaveLength(3);
    expect((await site.call("GET", "/cases/api/v1/category/TENANT")).body).toHaveLength(4);
    const templates = await site.call("GET", "/customfieldservice/api/v1/template/TENANT");
    const [template] = fieldTemplatesSchema.parse(templates.body);
    expect(template?.renamedFields).toEqual([{ fieldId: "recordNumber", customName: "Report number" }]);
    expect(template?.customFields).toHaveLength(1);
  });

  test("evidence is created once, and not in a closed case", async () => {
    const first = await site.createEvidence({ ExternalId: "same" });
    const second = await site.createEvidence({ ExternalId: "same" });
    expect(second.EvidenceId).toBe(first.EvidenceId);
    const body = { ...first, ExternalId: "other", CaseId: "demo-case-1" };
    const refused = await site.call("POST", "/documents/api/v1/tenant/TENANT/evidence", body);
    expect(refused).toMatchObject({ status: 409, body: { code: "CASE_CLOSED" } });
  });

  test("all of it is described at /openapi.json", async () => {
    const document = await (await fetch(`${site.service.url}/openapi.json`)).json();
    const { paths } = document as { paths: Record<string, object> };
    expect(paths["/cases/api/v1/case/{tenantId}"]).toHaveProperty("post.requestBody.content");
    expect(paths["/documents/api/v1/tenant/{tenantId}/evidence/{evidenceId}/complete"]).toHaveProperty(
      "post",
    );
  });
});
