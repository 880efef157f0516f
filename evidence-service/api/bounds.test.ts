import { WEB_CHANGE_HEADER, webEvidenceAnswerSchema } from "#shared/web-api/web-api.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { casePageSchema, departmentListSchema } from "#shared/clearance-api/case.ts";
import { evidencePageSchema, readAddressSchema } from "#shared/clearance-api/evidence.ts";
import { newEvidence, TestSite } from "../testing/test-site.ts";
import { changeRows, inDatabase, isOnPostgres } from "../testing/rows.ts";

const EVIDENCE = "/documents/api/v1/tenant/TENANT/evidence";
const CASES = "/cases/api/v1/case/TENANT";

let site: TestSite;
let departmentId: string;

beforeAll(async () => {
  site = await TestSite.start({ logLevel: "silent" });
  const departments = await site.call("GET", "/cases/api/v1/department/TENANT");
  departmentId = departmentListSchema.parse(departments.body)[0]?.DepartmentId ?? "";
});
afterAll(() => site.stop());

function newCase(change: object) {
  return {
    ...{ ExternalId: crypto.randomUUID(), Name: "Case", DepartmentId: departmentId, CategoryId: null },
    ...{ RecordNumber: "", IncidentNumber: "", IncidentStartUtc: null, IncidentEndUtc: null },
    ...{ Description: "", Location: "", Tags: [], CustomFields: [], ...change },
  };
}

const change = async (statement: string, ...values: string[]): Promise<void> => {
  expect(await changeRows(site.dir, statement, ...values)).toBe(1);
};

async function signedInCookie(): Promise<string> {
  const signedIn = await fetch(`${site.service.url}/web/api/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json", [WEB_CHANGE_HEADER]: "1" },
    body: JSON.stringify({ username: "investigator", password: "investigator" }),
  });
  return signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

describe("what is accepted can be read", () => {
  test.each([
    ["0000-12-31T23:59:59Z", 400],
    ["0001-01-01T00:00:00+00:01", 400],
    ["0001-01-01T00:00:00Z", 200],
    ["9999-12-31T23:59:59.998-00:01", 400],
    ["9999-12-31T23:59:59.998Z", 200],
    ["9999-12-31T23:59:59+14:00", 200],
  ])("a time of %s: %i, for evidence, files and cases", async (edge, status) => {
    const early = edge.startsWith("0");
    const [start, end] = early ? [edge, "2026-01-01T00:00:00Z"] : ["2026-01-01T00:00:00Z", edge];
    const times = { StartTimeUtc: start, EndTimeUtc: end };
    const sent = await site.call("POST", EVIDENCE, newEvidence(times));
    expect(sent.status).toBe(status);
    const { EvidenceId } = await site.createEvidence();
    expect((await site.createResource(EvidenceId, times)).status).toBe(status);
    const incident = { IncidentStartUtc: start, IncidentEndUtc: end };
    expect((await site.call("POST", CASES, newCase(incident))).status).toBe(status);
    for (const path of [EVIDENCE, `${EVIDENCE}/${EvidenceId}/resource`, CASES]) {
      expect((await site.call("GET", path)).status).toBe(200);
    }
  });

  test("a MIME type is one", async () => {
    const { EvidenceId } = await site.createEvidence();
    const wrong = [
      "video/mp4\r\nx-evil: 1",
      "видео/mp4",
      "video",
      "",
      "a/b;c",
      `a/${"b".repeat(300)}`,
      "a/b\u0000",
    ];
    for (const MimeType of wrong) {
      expect((await site.createResource(EvidenceId, { MimeType })).status, MimeType).toBe(400);
    }
    for (const MimeType of ["application/vnd.ms-excel", 'text/plain; charset="utf-8"', "image/svg+xml"]) {
      expect((await site.createResource(EvidenceId, { MimeType })).status, MimeType).toBe(200);
    }
  });
});

test("an odd old row hides no other, and is said in the log", async () => {
  const odd = await site.createEvidence();
  const other = await site.createEvidence({ Name: "Other" });
  const oddCase = await site.call("POST", CASES, newCase({ Name: "Odd" }));
  await site.call("POST", CASES, newCase({ Name: "Other case" }));
  expect(oddCase.status).toBe(200);
  await change(
    "UPDATE evidence SET startUtcMs = -1e15, endUtcMs = 1e15, deviceJson = '{' WHERE evidenceId = ?",
    odd.EvidenceId,
  );
  const edges = await site.readEvidence(odd.EvidenceId);
  expect(edges).toMatchObject({
    StartTimeUtc: "0000-01-01T00:00:00.000Z",
    EndTimeUtc: "9999-12-31T23:59:59.999Z",
  });
  await change("UPDATE evidence SET lifecycleState = 'Odd' WHERE evidenceId = ?", odd.EvidenceId);
  await change("UPDATE caseFile SET state = 'Odd', tagsJson = '7' WHERE name = ?", "Odd");
  const evidence = evidencePageSchema.parse((await site.call("GET", EVIDENCE)).body).Evidence;
  expect(evidence.map(({ EvidenceId }) => EvidenceId)).toContain(other.EvidenceId);
  expect(evidence.map(({ EvidenceId }) => EvidenceId)).not.toContain(odd.EvidenceId);
  const cases = casePageSchema.parse((await site.call("GET", CASES)).body).Cases;
  expect(cases.map(({ Name }) => Name)).toContain("Other case");
  // Our fault, and not the caller's.
  const alone = await site.call("GET", `${EVIDENCE}/${odd.EvidenceId}`);
  expect(alone).toMatchObject({ status: 500, body: { code: "INTERNAL" } });
});

// Of the two SQLite alone takes a text for an instant.
test.skipIf(isOnPostgres)(
  "neither does one whose instants are no numbers, nor an odd file the others of its evidence",
  async () => {
    const { EvidenceId } = await site.createEvidence({ Name: "Odd instants" });
    const [odd, other] = [await site.uploadAddress(EvidenceId), await site.uploadAddress(EvidenceId)];
    await change(
      "UPDATE evidence SET createdUtcMs = 'long ago', startUtcMs = 'abc' WHERE evidenceId = ?",
      EvidenceId,
    );
    await change("UPDATE resource SET state = 'Odd' WHERE resourceId = ?", odd.ResourceId);
    const { Evidence } = evidencePageSchema.parse((await site.call("GET", EVIDENCE)).body);
    expect(Evidence.find((one) => one.EvidenceId === EvidenceId)?.StartTimeUtc).toBe(
      "0000-01-01T00:00:00.000Z",
    );
    const cookie = await signedInCookie();
    const page = await fetch(`${site.service.url}/web/api/evidence/${EvidenceId}`, { headers: { cookie } });
    expect(page.status).toBe(200);
    const { resources } = webEvidenceAnswerSchema.parse(await page.json());
    expect(resources.map(({ resourceId }) => resourceId)).toEqual([other.ResourceId]);
  },
);

test("odd rows of what stands beside evidence and cases hide neither", async () => {
  const { EvidenceId } = await site.createEvidence();
  await inDatabase(site.dir, async (run) => {
    await run("UPDATE fieldTemplate SET renamedFieldsJson = '{', customFieldsJson = '[5]'");
    await run("UPDATE setting SET value = '{' WHERE name = 'demoSignIn'");
    await run("INSERT INTO verification VALUES (?, 'odd', 'whole', 0, NULL, '{')", EvidenceId);
  });
  const templates = await site.call("GET", "/customfieldservice/api/v1/template/TENANT");
  expect(templates).toMatchObject({ status: 200, body: [{ renamedFields: [], customFields: [] }] });
  const cookie = await signedInCookie();
  const web = async (path: string): Promise<unknown> => {
    const answer = await fetch(`${site.service.url}/web/api${path}`, { headers: { cookie } });
    expect([path, answer.status]).toEqual([path, 200]);
    return await answer.json();
  };
  await web("/cases");
  await web("/cases/demo-case-1");
  expect(await web("/me")).toMatchObject({ demoSignIn: null });
  expect(await web(`/evidence/${EvidenceId}`)).toMatchObject({ verification: { outcome: "failed" } });
});

test("a file whose headers cannot be said is given out by its read address all the same", async () => {
  const { EvidenceId } = await site.createEvidence();
  const { Uri, ResourceId } = await site.uploadAddress(EvidenceId);
  const put = { "x-ms-blob-type": "BlockBlob" };
  expect((await fetch(Uri, { method: "PUT", headers: put, body: "bytes" })).status).toBe(201);
  await change("UPDATE resource SET state = 'UserCompleted' WHERE resourceId = ?", ResourceId);
  const given = await site.call("POST", site.resourcePath(EvidenceId, ResourceId, "read-address"));
  const reader = readAddressSchema.parse(given.body).Uri;
  for (const [column, odd] of [
    ["contentType", "a\nb"],
    ["contentMd5", "\u2603"],
    ["metadataJson", '{"a b":"x","a":"\u2603","b":"kept"}'],
    ["metadataJson", "{"],
  ] as const) {
    await change(`UPDATE blob SET ${column} = ? WHERE blobName = ?`, odd, ResourceId);
    const answer = await fetch(reader);
    expect([odd, answer.status, await answer.text()]).toEqual([odd, 200, "bytes"]);
    if (odd.includes("kept")) expect(answer.headers.get("x-ms-meta-b")).toBe("kept");
  }
});

test("a file whose type cannot stand in a header is given out all the same", async () => {
  const { EvidenceId } = await site.createEvidence();
  const { ResourceId } = await site.uploadAddress(EvidenceId);
  await change(
    "UPDATE resource SET mimeType = ?, state = 'UserCompleted', lengthBytes = 1 WHERE resourceId = ?",
    "a\r\nb",
    ResourceId,
  );
  const answer = await site.download(EvidenceId, `resource/${ResourceId}/encrypted`);
  expect(answer.status).toBeLessThan(500);
});

describe("a body that is too much is refused, soon and in few words", () => {
  const fields = (count: number, length: number) =>
    Array.from({ length: count }, (_, index) => ({ Name: `field ${index}`, Value: "x".repeat(length) }));

  test.each([
    ["custom fields of 8 MB", 413, () => newCase({ CustomFields: fields(2_000, 4_096) })],
    ["too many custom fields", 400, () => newCase({ CustomFields: fields(129, 1) })],
    ["a custom field that is too long", 400, () => newCase({ CustomFields: fields(1, 4_097) })],
    ["a name of a megabyte of hidden characters", 400, () => newCase({ Name: "\u200b".repeat(500_000) })],
    ["a hundred thousand tags", 400, () => newCase({ Tags: Array(100_000).fill("") })],
    [
      "an object with a hundred thousand names",
      400,
      () => Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`n${index}`, 1])),
    ],
  ])("%s", async (_what, status, body) => {
    const answer = await site.call("POST", CASES, body());
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body).length).toBeLessThan(10_000);
  });

  test("JSON of a million levels", async () => {
    const headers = { authorization: `Bearer ${await site.token()}`, "content-type": "application/json" };
    const path = CASES.replace("TENANT", (await site.connection()).TenantId);
    const body = `${"[".repeat(900_000)}${"]".repeat(900_000)}`;
    const answer = await fetch(`${site.service.url}${path}`, { method: "POST", headers, body });
    expect(answer.status).toBe(400);
  });

  test("a completion of more files than an evidence has", async () => {
    const { EvidenceId } = await site.createEvidence();
    const many = Object.fromEntries(
      Array.from({ length: 5_001 }, (_, index) => [`file-${index}`, "0".repeat(128)]),
    );
    expect((await site.completeEvidence(EvidenceId, many)).status).toBe(400);
  });
});
