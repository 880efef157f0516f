import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { historyPageSchema } from "#shared/clearance-api/history.ts";
import { webAuditPageSchema, type WebAuditPage } from "#shared/web-api/audit-api.ts";
import { giveRole, TestSite } from "../testing/test-site.ts";
import { csvCell } from "./audit-csv.ts";

const DEMO = { username: "investigator", password: "investigator" };
const MINUTE_MS = 60_000;

let site: TestSite;
let cookie: string;
let evidenceId: string;
const clock = { passedMs: 0 };
beforeAll(async () => {
  site = await TestSite.start({ passedMs: () => clock.passedMs });
  cookie = (await signIn(DEMO.password)).headers.getSetCookie()[0]?.split(";")[0] ?? "";
  ({ EvidenceId: evidenceId } = await site.createEvidence({
    Name: "=cmd|' /C calc'!A0",
    CaseId: "demo-case-2",
  }));
  await get(`/web/api/evidence/${evidenceId}`);
});
afterAll(() => site.stop());

function signIn(password: string): Promise<Response> {
  return fetch(`${site.service.url}/web/api/sign-in`, {
    method: "POST",
    headers: { "x-evidence-desk": "1", "content-type": "application/json" },
    body: JSON.stringify({ ...DEMO, password }),
  });
}

const get = (path: string): Promise<Response> => fetch(`${site.service.url}${path}`, { headers: { cookie } });

async function page(path: string): Promise<WebAuditPage> {
  return webAuditPageSchema.parse(await (await get(path)).json());
}

const actionsOf = ({ entries }: WebAuditPage): string[] => entries.map(({ action }) => action);

test("a case, an evidence and a person have their histories, in words and with names", async () => {
  const ofCase = await page("/web/api/cases/demo-case-2/audit");
  expect(actionsOf(ofCase)).toEqual(["AUDIT_READ", "VIEWED", "EVIDENCE_CREATED", "CASE_CREATED"]);
  const ofEvidence = await page(`/web/api/evidence/${evidenceId}/audit`);
  expect(actionsOf(ofEvidence)).toEqual(["AUDIT_READ", "VIEWED", "EVIDENCE_CREATED"]);
  expect(ofEvidence.entries[1]).toMatchObject({
    actor: { kind: "person", id: "investigator", name: "Demo Investigator" },
    words: "opened",
    subject: { about: "evidence", id: evidenceId, name: "=cmd|' /C calc'!A0" },
    caseId: "demo-case-2",
  });
  expect(actionsOf(await page("/web/api/people/investigator/audit"))).toContain("SIGNED_IN");
  expect((await get("/web/api/evidence/no-such/audit")).status).toBe(404);
  expect((await fetch(`${site.service.url}/web/api/audit`)).status).toBe(401);
});

test("reading the trail is an entry, once in five minutes for one reader and one history", async () => {
  const count = async () => (await page("/web/api/audit?action=AUDIT_READ&limit=200")).entries.length;
  const before = await count();
  expect(await count()).toBe(before);
  clock.passedMs += 6 * MINUTE_MS;
  expect(await count()).toBe(before + 1);
});

test("what the filters name is found, and nothing else", async () => {
  expect(actionsOf(await page("/web/api/audit?text=CALC"))).toEqual([
    "AUDIT_READ",
    "VIEWED",
    "EVIDENCE_CREATED",
  ]);
  expect(actionsOf(await page("/web/api/audit?actor=demo+inv&action=VIEWED"))).toEqual(["VIEWED"]);
  expect((await get("/web/api/audit?fromUtc=yesterday")).status).toBe(400);
});

test("wrong passwords and refusals of rights are what somebody should look at, with the reason", async () => {
  await signIn("wrong");
  await giveRole(site.dir, "sender");
  for (let tries = 0; tries < 3; tries += 1) {
    const refused = await site.call("GET", "/users/api/v1/tenant/TENANT/history");
    expect(refused).toMatchObject({ status: 403, body: { code: "NOT_ALLOWED" } });
  }
  await giveRole(site.dir, "integration");
  await site.restart();
  const { entries } = await page("/web/api/audit?suspicious=true");
  expect(entries.map(({ action, detail }) => [action, detail["tries"]])).toEqual(
    expect.arrayContaining([
      ["SIGN_IN_REFUSED", 1],
      ["RIGHT_REFUSED", 3],
    ]),
  );
  expect(entries).toHaveLength(2);
  for (const { suspicion } of entries) expect(suspicion).toMatch(/\w+:/);
  const answer = await site.call("GET", "/users/api/v1/tenant/TENANT/suspiciousActivity");
  expect(historyPageSchema.parse(answer.body).History).toHaveLength(2);
});

test("the public API gives the same, by the numbers of entries", async () => {
  const path = "/users/api/v1/tenant/TENANT/history?count=2";
  const first = historyPageSchema.parse((await site.call("GET", path)).body);
  const next = historyPageSchema.parse(
    (await site.call("GET", `${path}&startingConcurrencyId=${first.NextConcurrencyId}`)).body,
  );
  const ids = [...first.History, ...next.History].map(({ ConcurrencyId }) => ConcurrencyId);
  expect(ids).toEqual([0, 1, 2, 3].map((n) => (ids[0] ?? 0) - n));
  for (const below of [
    "cases/api/v1/case/TENANT/demo-case-2",
    `documents/api/v1/tenant/TENANT/evidence/${evidenceId}`,
    "users/api/v1/tenant/TENANT/user/investigator",
  ]) {
    const { History } = historyPageSchema.parse((await site.call("GET", `/${below}/history`)).body);
    expect(History.length).toBeGreaterThan(1);
  }
});

test("a table for people is one that no program takes for formulas", async () => {
  const answer = await get("/web/api/audit/export/csv");
  expect(answer.headers.get("content-disposition")).toContain("audit-trail.csv");
  const lines = (await answer.text()).split("\r\n");
  expect(lines[0]).toMatch(/"Number","Time \(UTC\)","Who"/);
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.find((line) => line.includes('"AUDIT_EXPORTED"'))).toContain(
    '"exported (csv) the audit trail of"',
  );
  expect(lines.find((line) => line.includes("calc"))).toContain(`"'=cmd|' /C calc'!A0"`);
  expect(csvCell('a "b", c')).toBe('"a ""b"", c"');
  for (const text of ["=1", "+1", "-1", "@a", "\t=1"]) expect(csvCell(text)).toBe(`"'${text}"`);
});

test("the signed file is checked by openssl, and a changed one is refused", async () => {
  const dir = await mkdtemp(join(tmpdir(), "audit-export-"));
  const text = await (await get("/web/api/cases/demo-case-2/audit/export/json")).text();
  const [, signed = "", signature = "{}"] = /^\{"audit":(.*),"signature":(\{[^{}]*\})\}$/.exec(text) ?? [];
  const { publicKey, value } = JSON.parse(signature) as Record<string, string>;
  expect(JSON.parse(signed)).toMatchObject({
    of: { kind: "case", id: "demo-case-2" },
    by: "user:investigator",
  });
  const prefix = Buffer.from("302a300506032b6570032100", "hex");
  await writeFile(join(dir, "key.der"), Buffer.concat([prefix, Buffer.from(publicKey ?? "", "base64")]));
  await writeFile(join(dir, "signed.sig"), Buffer.from(value ?? "", "base64"));
  const check = async (content: string): Promise<string> => {
    await writeFile(join(dir, "signed.json"), content);
    const lines = `printf %s "$(sha256sum < signed.json | cut -d' ' -f1)" > digest.txt
      openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey key.der -in digest.txt -sigfile signed.sig`;
    const { stdout } = await promisify(execFile)("sh", ["-c", lines], { cwd: dir });
    return stdout;
  };
  expect(await check(signed)).toContain("Verified Successfully");
  await expect(check(signed.replace("VIEWED", "PLAYED"))).rejects.toThrow();
  await rm(dir, { recursive: true });
});

test("one person's many downloads in little time are told once", async () => {
  const { recordDownload } = await import("../audit/many-downloads.ts");
  const { openSqliteMetadata } = await import("../storage/sqlite-metadata.ts");
  const db = openSqliteMetadata(":memory:");
  const told = async () =>
    (await db.selectFrom("auditIndex").select("action").execute()).filter(
      ({ action }) => action === "MANY_DOWNLOADS",
    );
  const download = (n: number, actor: string) =>
    recordDownload(db, {
      atUtcMs: n * 1_000,
      actor,
      action: "DOWNLOADED",
      subject: `f${n % 60}`,
      detail: {},
    });
  for (let n = 0; n < 29; n += 1) await download(n, "user:olga");
  for (let n = 0; n < 60; n += 1) await download(n, "service:desk");
  expect(await told()).toHaveLength(0);
  for (let n = 29; n < 60; n += 1) await download(n, "user:olga");
  expect(await told()).toHaveLength(1);
  await db.destroy();
});
