/** Evidence that is taken out of its case, through HTTP: who sees it before and after. */
import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { webAuditPageSchema } from "#shared/web-api/audit-api.ts";
import { webEvidenceAnswerSchema } from "#shared/web-api/web-api.ts";
import { auditReport } from "../audit/audit-report.ts";
import type { Level } from "../http/actions.ts";
import { changePolicy } from "../rights/policies.ts";
import type { Scope } from "../rights/policy.ts";
import { openSiteFolder } from "../site/site-folder.ts";
import { setRights } from "../storage/account-rights.ts";
import { TestSite } from "../testing/test-site.ts";

const CASE = "demo-case-2";
let site: TestSite;
const signIns: Record<string, string> = {};
beforeAll(async () => {
  site = await TestSite.start();
  for (const username of ["anna", "ben", "cleo", "dora"]) await enter(username);
  await give("anna", "manage", { kind: "case", id: CASE });
  await give("ben", "edit", { kind: "case", id: CASE });
  await give("cleo", "view", { kind: "case", id: CASE });
});
afterAll(() => site.stop());

async function enter(username: string): Promise<void> {
  const { db } = await openSiteFolder(site.dir);
  const token = randomUUID();
  signIns[username] = token;
  const tokenHash = createHash("sha256").update(token).digest("hex");
  const expiresUtcMs = Date.now() + 3_600_000;
  await db.insertInto("webUser").values({ username, fullName: username, passwordHash: "" }).execute();
  await db.insertInto("webSession").values({ tokenHash, username, expiresUtcMs }).execute();
  const rights = username === "anna" ? (["see-audit"] as const) : [];
  await db
    .transaction()
    .execute((transaction) => setRights(transaction, { kind: "user", id: username }, rights));
  await db.destroy();
}

async function give(username: string, level: Level, scope: Scope): Promise<void> {
  const { db } = await openSiteFolder(site.dir);
  const grant = { level, fromUtcMs: null, untilUtcMs: null, recordedFromUtcMs: null };
  const principal = { kind: "service", id: "test", name: "Test" } as const;
  const holder = { kind: "user", id: username } as const;
  await changePolicy({ db, now: Date.now }, { principal, scope, holder, grant });
  await db.destroy();
}

async function as(username: string, path: string, body?: unknown) {
  const headers = { cookie: `evidence-desk-session=${signIns[username] ?? ""}`, "x-evidence-desk": "1" };
  const sent = {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  const answer = await fetch(`${site.service.url}/web/api/${path}`, body === undefined ? { headers } : sent);
  return { status: answer.status, body: (await answer.json()) as unknown };
}

async function levels(path: string): Promise<unknown[]> {
  const answers = await Promise.all(["anna", "ben", "cleo", "dora"].map((who) => as(who, path)));
  return answers.map(({ status, body }) =>
    status === 200 ? webEvidenceAnswerSchema.parse(body).level : status,
  );
}

test("who sees it in the case sees it afterwards, and nobody else, whatever it was given before", async () => {
  const { EvidenceId: id } = await site.createEvidence({ Name: "Wrong case", CaseId: CASE });
  const path = `evidence/${id}`;
  // Of no effect as long as it is in a case, and of none afterwards.
  await give("dora", "manage", { kind: "evidence", id });
  expect(await levels(path)).toEqual(["manage", "edit", "view", 404]);
  expect((await as("cleo", `${path}/unlink`, {})).status).toBe(403);
  expect((await as("ben", `${path}/unlink`, {})).status).toBe(200);
  expect((await as("ben", `${path}/unlink`, {})).status).toBe(200);
  expect(await levels(path)).toEqual(["manage", "edit", "view", 404]);
  const listed = await Promise.all(
    ["cleo", "dora"].map((who) => as(who, "evidence?unassigned=true&text=wrong+case")),
  );
  expect(listed.map(({ body }) => JSON.stringify(body).includes(id))).toEqual([true, false]);
  expect(JSON.stringify((await as("cleo", `evidence?caseId=${CASE}`)).body)).not.toContain(id);
  for (const of of [`cases/${CASE}`, path]) {
    const { entries } = webAuditPageSchema.parse((await as("anna", `${of}/audit?limit=200`)).body);
    expect(entries.filter(({ action }) => action === "EVIDENCE_UNLINKED")).toMatchObject([
      { actor: { id: "ben" }, detail: { before: CASE }, subject: { id } },
    ]);
  }
  expect((await auditReport(site.dir)).lines.join("\n")).not.toContain("Wrong case");
  expect((await auditReport(site.dir)).isWhole).toBe(true);
});

test("a closed case keeps what is in it, and so does one that is protected from deletion", async () => {
  const { EvidenceId: id } = await site.createEvidence({ Name: "Kept", CaseId: CASE });
  await as("anna", `cases/${CASE}/protection`, { reason: "The court asked for it" });
  expect((await as("ben", `evidence/${id}/unlink`, {})).body).toMatchObject({ code: "CASE_PROTECTED" });
  const move = await site.call("PUT", `/cases/api/v1/case/TENANT/demo-case-3/evidence/${id}`);
  expect(move).toMatchObject({ status: 409, body: { code: "CASE_PROTECTED" } });
  await as("anna", `cases/${CASE}/protection/lift`, {});
  await as("anna", `cases/${CASE}/close`, {});
  expect((await as("ben", `evidence/${id}/unlink`, {})).body).toMatchObject({ code: "CASE_CLOSED" });
  expect((await levels(`evidence/${id}`))[2]).toBe("view");
});
