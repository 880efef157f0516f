import { afterAll, beforeAll, expect, test } from "vitest";
import { webCaseAnswerSchema, type WebCaseChange } from "#shared/web-api/web-api.ts";
import { auditReport } from "../audit/audit-report.ts";
import { rowsOf } from "../testing/rows.ts";
import { TestSite } from "../testing/test-site.ts";

let site: TestSite;
let cookie = "";
beforeAll(async () => {
  site = await TestSite.start();
  const answer = await post("/web/api/sign-in", { username: "investigator", password: "investigator" });
  cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
});
afterAll(() => site.stop());

const post = (path: string, body: unknown): Promise<Response> =>
  fetch(site.service.url + path, {
    method: "POST",
    headers: { cookie, "content-type": "application/json", "x-evidence-desk": "1" },
    body: JSON.stringify(body),
  });

async function change(caseId: string, facts: WebCaseChange): Promise<{ status: number; body: unknown }> {
  const answer = await post(`/web/api/cases/${caseId}/facts`, facts);
  return { status: answer.status, body: await answer.json() };
}

test("what is corrected is shown and found, what is left out stays, and the trail says what it was", async () => {
  const before = webCaseAnswerSchema.parse(
    await (await fetch(`${site.service.url}/web/api/cases/demo-case-2`, { headers: { cookie } })).json(),
  );
  const { status, body } = await change("demo-case-2", {
    ...{ name: "Bicycle theft at the south entrance", tags: ["bicycle"], categoryId: null },
    incidentStartUtc: "2026-11-30T10:00:00.000Z",
    incidentEndUtc: null,
  });
  expect(status).toBe(200);
  const after = webCaseAnswerSchema.parse(body).case;
  expect(after).toEqual({
    ...before.case,
    ...{ name: "Bicycle theft at the south entrance", tags: ["bicycle"], category: null, categoryId: null },
    ...{ incidentStartUtc: "2026-11-30T10:00:00.000Z", incidentEndUtc: null },
  });
  const found = await site.call("GET", "/cases/api/v1/case/TENANT?text=bicycle+south");
  expect(found.body).toMatchObject({ Cases: [{ CaseId: "demo-case-2" }] });
  const gone = await site.call("GET", "/cases/api/v1/case/TENANT?text=bicycle+north");
  expect(gone.body).toMatchObject({ Cases: [] });
  const rows = await rowsOf<{ entryJson: string }>(site.dir, "SELECT entryJson FROM audit ORDER BY seq DESC");
  const told = rows.map(({ entryJson }): unknown => JSON.parse(entryJson));
  expect(told.find((entry) => JSON.stringify(entry).includes("CASE_CHANGED"))).toMatchObject({
    ...{ action: "CASE_CHANGED", subject: "demo-case-2", actor: "user:investigator" },
    detail: { "name before": before.case.name, "tagsJson before": '["demo"]' },
  });
  expect((await auditReport(site.dir)).isWhole).toBe(true);
});

test("what does not fit is refused in its own words, and nothing is changed", async () => {
  for (const [facts, status, words] of [
    [{ name: " Blank at the end " }, 400, "must not start or end with a space"],
    [{ recordNumber: "12\u202E3" }, 400, "record number"],
    [{ categoryId: "nowhere" }, 400, "no such category"],
    [
      { incidentStartUtc: "2026-11-30T10:00:00.000Z", incidentEndUtc: "2026-11-29T10:00:00.000Z" },
      400,
      "ends before",
    ],
    [{ tags: [""] }, 400, "tag"],
  ] as const) {
    const answer = await change("demo-case-3", facts as WebCaseChange);
    expect([facts, answer.status, JSON.stringify(answer.body).toLowerCase().includes(words)]).toEqual([
      facts,
      status,
      true,
    ]);
  }
  expect((await change("nowhere", { name: "A" })).status).toBe(404);
  await post("/web/api/cases/demo-case-3/close", {});
  expect((await change("demo-case-3", { name: "Closed" })).body).toMatchObject({ code: "CASE_CLOSED" });
  expect((await auditReport(site.dir)).isWhole).toBe(true);
});
