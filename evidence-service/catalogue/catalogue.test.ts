import { afterAll, beforeAll, expect, test } from "vitest";
import { catalogueSchema, type Catalogue } from "#shared/web-api/catalogue.ts";
import { auditReport } from "../audit/audit-report.ts";
import { TestSite } from "../testing/test-site.ts";

let site: TestSite;
let cookie = "";
beforeAll(async () => {
  site = await TestSite.start();
  const answer = await fetch(`${site.service.url}/web/api/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-evidence-desk": "1" },
    body: JSON.stringify({ username: "investigator", password: "investigator" }),
  });
  cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
});
afterAll(() => site.stop());

async function post(path: string, body: unknown): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${site.service.url}/web/api/administration/catalogue/${path}`, {
    method: "POST",
    headers: { cookie, "content-type": "application/json", "x-evidence-desk": "1" },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

async function changed(path: string, body: unknown): Promise<Catalogue> {
  const answer = await post(path, body);
  expect(answer).toMatchObject({ status: 200 });
  return catalogueSchema.parse(answer.body);
}

const namesOf = async (list: "department" | "category"): Promise<string[]> => {
  const { body } = await site.call("GET", `/cases/api/v1/${list}/TENANT`);
  return (body as { Name: string }[]).map(({ Name }) => Name);
};

test("what an administrator adds, renames and orders is what a console offers next", async () => {
  const added = await changed("categories", { name: "  Burglary " });
  const burglary = added.categories.at(-1)?.id ?? "";
  expect(added.categories.at(-1)).toEqual({
    ...{ id: burglary, name: "Burglary", isRetired: false, retentionDays: null },
  });
  await changed(`categories/entry/${burglary}`, { name: "Break-in" });
  const ids = added.categories.map(({ id }) => id);
  await changed("categories/order", { ids: ids.toReversed() });
  const names = await namesOf("category");
  expect(names[0]).toBe("Break-in");
  expect(names).toHaveLength(ids.length);
});

test("a name that reads like another one, an empty one and an order of another list are refused", async () => {
  for (const [path, body, code] of [
    ["departments", { name: "PATROL " }, "NAME_TAKEN"],
    ["departments", { name: "  " }, "NAME_NOT_USABLE"],
    ["departments", { name: "Patr\u202Eol" }, "NAME_NOT_USABLE"],
    ["departments/order", { ids: ["department-patrol"] }, "ORDER_DIFFERS"],
    ["departments/entry/nowhere", { name: "New" }, "NOT_FOUND"],
    ["nothing", { name: "New" }, "BAD_REQUEST"],
  ] as const) {
    expect([path, body, (await post(path, body)).body]).toMatchObject([path, body, { code }]);
  }
});

test("a retired department takes no new case and keeps its old ones; the last one cannot retire", async () => {
  await changed("departments/entry/department-patrol", { isRetired: true });
  expect(await namesOf("department")).not.toContain("Patrol");
  expect((await site.call("GET", "/cases/api/v1/case/TENANT/demo-case-2")).body).toMatchObject({
    DepartmentName: "Patrol",
  });
  const inPatrol = { ...NEW_CASE, DepartmentId: "department-patrol" };
  const refused = await site.call("POST", "/cases/api/v1/case/TENANT", inPatrol);
  expect(refused).toMatchObject({ status: 400, body: { code: "UNKNOWN_DEPARTMENT" } });
  await changed("departments/entry/department-investigations", { isRetired: true });
  const last = await post("departments/entry/department-site-security", { isRetired: true });
  expect(last).toMatchObject({ status: 409, body: { code: "LAST_DEPARTMENT" } });
  await changed("departments/entry/department-patrol", { isRetired: false });
  expect((await site.call("POST", "/cases/api/v1/case/TENANT", inPatrol)).status).toBe(200);
  expect((await auditReport(site.dir)).isWhole).toBe(true);
});

const NEW_CASE = {
  ...{ ExternalId: "catalogue", Name: "Case", CategoryId: null, RecordNumber: "", IncidentNumber: "" },
  ...{ IncidentStartUtc: null, IncidentEndUtc: null, Description: "", Location: "", Tags: [] },
  CustomFields: [],
};
