/** Every route with every role, through HTTP, by the table of rights; and what nobody may see shows in no answer. */
import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectionFileSchema } from "#shared/clearance-api/connection-file.ts";
import { addAccount } from "../administration/add-account.ts";
import type { DeclaredRoute } from "../http/access.ts";
import { ruleOf, type Action } from "../http/actions.ts";
import { openSiteFolder } from "../site/site-folder.ts";
import { setRights } from "../storage/account-rights.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { giveRole, newEvidence, tokenOf, TestSite } from "../testing/test-site.ts";
import { type Role, ROLES, RIGHTS_TABLE, type Verdict, verdictOf } from "../testing/rights-table.ts";
import { changePolicy } from "./policies.ts";

/** Stands in every name of what a role may not see. */
const SECRET = "zanzibar";
const PEOPLE = ROLES.filter(({ kind }) => kind === "user");

let site: TestSite;
let tokens: Record<string, string> = {};
/** What is acted on: theirs, and one that the role was given nothing on. */
let named: Record<"theirs" | "others", Record<string, string>>;
beforeAll(async () => {
  site = await TestSite.start();
  const theirs = await site.createEvidence({ Name: "Known", CaseId: "demo-case-2" });
  const others = await site.createEvidence({ Name: SECRET, Description: SECRET, CaseId: "demo-case-3" });
  const loose = await site.createEvidence({ Name: `Loose ${SECRET}` });
  const ids = await Promise.all([theirs, others].map((one) => site.uploadAddress(one.EvidenceId)));
  const [ofTheirs = "", ofOthers = ""] = ids.map(({ ResourceId }) => ResourceId);
  named = {
    theirs: { caseId: "demo-case-2", evidenceId: theirs.EvidenceId, resourceId: ofTheirs },
    others: { caseId: "demo-case-3", evidenceId: others.EvidenceId, resourceId: ofOthers },
  };
  await site.service.close();
  await giveRole(site.dir, "sender");
  const file = join(site.dir, "integration.json");
  await addAccount(site.dir, { name: "Integration", role: "integration", file });
  const { db } = await openSiteFolder(site.dir);
  await enterPeople(db);
  await hideFrom(db, [others.EvidenceId, loose.EvidenceId]);
  await db.destroy();
  await site.restart();
  const connection = connectionFileSchema.parse(JSON.parse(await readFile(file, "utf8")));
  tokens = { ...tokens, sender: await site.token(), integration: await tokenOf(site, connection) };
}, 60_000);
afterAll(() => site.stop());

/** Accounts and sign-ins, and for those who have a level a policy on what is theirs. */
async function enterPeople(db: Metadata): Promise<void> {
  const rights = { db, now: Date.now };
  const principal = { kind: "service", id: "test", name: "Test" } as const;
  const scope = { kind: "case", id: "demo-case-2" } as const;
  await db
    .transaction()
    .execute((transaction) => setRights(transaction, { kind: "user", id: "overseer" }, ["oversee"]));
  for (const { name, rights: has, level } of PEOPLE) {
    const token = randomUUID();
    tokens[name] = token;
    await db.insertInto("webUser").values({ username: name, fullName: name, passwordHash: "" }).execute();
    const tokenHash = createHash("sha256").update(token).digest("hex");
    const expiresUtcMs = Date.now() + 3_600_000;
    await db.insertInto("webSession").values({ tokenHash, username: name, expiresUtcMs }).execute();
    await db.transaction().execute((transaction) => setRights(transaction, { kind: "user", id: name }, has));
    if (level === null) continue;
    const grant = { level, fromUtcMs: null, untilUtcMs: null, recordedFromUtcMs: null };
    await changePolicy(rights, { principal, scope, holder: { kind: "user", id: name }, grant });
  }
}

/** The one account of the site sent all of it; what it did not send is another's. */
async function hideFrom(db: Metadata, evidenceIds: readonly string[]): Promise<void> {
  await db
    .updateTable("evidence")
    .set({ principalId: "another-account" })
    .where("evidenceId", "in", [...evidenceIds])
    .execute();
  await db
    .updateTable("caseFile")
    .set({ name: SECRET, description: SECRET, searchText: SECRET })
    .where("caseId", "=", "demo-case-3")
    .execute();
}

interface Guarded extends DeclaredRoute {
  readonly action: Action;
}

const isGuarded = (route: DeclaredRoute): route is Guarded =>
  route.action !== null && route.method !== "HEAD";

async function ask(route: Guarded, role: Role, whose: "theirs" | "others") {
  const tenant = (await site.connection()).TenantId;
  const ids: Record<string, string> = {
    ...named[whose],
    tenantId: tenant,
    departmentId: "department-patrol",
  };
  const path = route.url.replaceAll(/:(\w+)/g, (_all, name: string) => ids[name] ?? "1");
  const headers: Record<string, string> =
    role.kind === "service"
      ? { authorization: `Bearer ${tokens[role.name] ?? ""}` }
      : { cookie: `evidence-desk-session=${tokens[role.name] ?? ""}`, "x-evidence-desk": "1" };
  const hasBody = route.method === "POST" || route.method === "PUT";
  const response = await fetch(site.service.url + path, {
    method: route.method,
    headers: hasBody ? { ...headers, "content-type": "application/json" } : headers,
    ...(hasBody ? { body: "{}" } : {}),
  });
  return { status: response.status, text: await response.text() };
}

/** What an answer says of the right to it; what comes after the question of rights is of no interest here. */
function said({ status, text }: { readonly status: number; readonly text: string }, action: Action): string {
  if (status === 401 || text.includes('"CROSS_SITE"')) return "unknown";
  if (status === 403 && text.includes('"NOT_ALLOWED"')) return "-";
  return status === 404 && text.includes(`There is no such ${ruleOf(action).on}.`) ? "." : "+";
}

/** An account comes over the public API, a person over the web application's own. */
const wanted = (route: Guarded, role: Role, verdict: Verdict): string =>
  (route.access === "service") === (role.kind === "service") ? verdict : "unknown";

test(
  "every route answers every role as the table says, of theirs and of others'",
  { timeout: 120_000 },
  async () => {
    const routes = site.service.routes.filter(isGuarded);
    expect(routes.length).toBeGreaterThan(30);
    const differing: unknown[] = [];
    for (const role of ROLES) {
      for (const route of routes) {
        for (const whose of ["theirs", "others"] as const) {
          const answer = await ask(route, role, whose);
          const should = wanted(route, role, verdictOf(route.action, role, whose));
          const is = said(answer, route.action);
          const where = `${role.name}: ${route.method} ${route.url} of ${whose}`;
          if (is !== should) differing.push({ where, is, should, answer });
          if (answer.status >= 500 && answer.status !== 503) differing.push({ where, answer });
          if (showsSecret(role, answer.text) && !namesAll(role, route))
            differing.push({ where, shows: answer.text });
        }
      }
    }
    expect(differing).toEqual([]);
  },
);

/** The trail of everything names everything. */
const namesAll = ({ name }: Role, { action }: Guarded): boolean =>
  name === "auditor" && action === "read-audit";

/** A sender picks among all cases; what is in them it does not see. */
function showsSecret({ name }: Role, text: string): boolean {
  if (["integration", "overseer"].includes(name)) return false;
  return text.includes(name === "sender" ? `Loose ${SECRET}` : SECRET);
}

test("no search finds what is not seen, and no count tells of it", async () => {
  for (const role of ROLES) {
    const isAll = ["integration", "overseer"].includes(role.name);
    const lists =
      role.kind === "user"
        ? ["/web/api/evidence", "/web/api/cases"]
        : ["/documents/api/v1/tenant/:tenantId/evidence", "/cases/api/v1/case/:tenantId"];
    for (const url of lists) {
      const route = { method: "GET", url: `${url}?text=${SECRET}`, action: "list-evidence" } as const;
      const { text } = await ask({ ...route, access: "service" }, role, "others");
      const isFound = isAll || (role.name === "sender" && url.startsWith("/cases"));
      expect([role.name, url, text.includes(SECRET)]).toEqual([role.name, url, isFound]);
    }
  }
});

test("every action that the service knows has a row with a column for each role, and every row is tried", () => {
  const tried = new Set(site.service.routes.map(({ action }) => action));
  for (const [action, row] of Object.entries(RIGHTS_TABLE)) {
    expect([action, row.split(/ +/).length]).toEqual([action, ROLES.length]);
    // Asked of a second object that the request names, and so of no route by itself.
    if (action !== "file-into-case") expect([action, tried.has(action as Action)]).toEqual([action, true]);
  }
});

test("what is filed is filed into a case that the account may file into", async () => {
  await site.service.close();
  await giveRole(site.dir, "sender");
  await site.restart();
  const { db } = await openSiteFolder(site.dir);
  const account = await db.selectFrom("rightHolder").select("holder").where("kind", "=", "service").execute();
  const holders = account.map(({ holder }) => holder);
  await db
    .deleteFrom("accountRight")
    .where("holder", "in", holders)
    .where("code", "=", "pick-cases")
    .execute();
  await db.destroy();
  const body = newEvidence({ CaseId: "demo-case-3" });
  const answer = await site.call("POST", "/documents/api/v1/tenant/TENANT/evidence", body);
  expect(answer).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
  const { evidenceId = "" } = named.theirs;
  const link = await site.call("PUT", `/cases/api/v1/case/TENANT/demo-case-3/evidence/${evidenceId}`);
  expect(link).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
});
