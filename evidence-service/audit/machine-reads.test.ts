import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { openSiteFolder } from "../site/site-folder.ts";
import { TestSite } from "../testing/test-site.ts";
import { auditReport } from "./audit-report.ts";

const MINUTE_MS = 60_000;
const BASE = "/documents/api/v1/tenant/TENANT/evidence";

let site: TestSite;
let clock: { passedMs: number; utcMs: number };
beforeEach(async () => {
  clock = { passedMs: 0, utcMs: Date.now() };
  site = await TestSite.start({ passedMs: () => clock.passedMs, now: () => clock.utcMs });
});
afterEach(() => site.stop());

const entrySchema = z.object({
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()).optional(),
});

async function readings(): Promise<z.infer<typeof entrySchema>[]> {
  const { db } = await openSiteFolder(site.dir);
  const rows = await db.selectFrom("audit").select("entryJson").orderBy("seq").execute();
  await db.destroy();
  const entries = rows.map(({ entryJson }) => entrySchema.parse(JSON.parse(entryJson)));
  return entries.filter(({ action }) => ["READ", "LISTED", "VIEWED"].includes(action));
}

test("whatever an account reads of evidence and cases is an entry, on every route there is", async () => {
  const { EvidenceId } = await site.createEvidence();
  const { ResourceId } = await site.uploadAddress(EvidenceId);
  const named = { caseId: "demo-case-2", evidenceId: EvidenceId, resourceId: ResourceId };
  const reading = site.service.routes.filter(
    ({ method, access, action }) =>
      method === "GET" && access === "service" && /^(read|list)-(evidence|cases?)$/.test(action ?? ""),
  );
  expect(reading.length).toBeGreaterThanOrEqual(6);
  for (const { url } of reading) {
    clock.passedMs += 16 * MINUTE_MS;
    const before = (await readings()).length;
    const path = url.replace(":tenantId", "TENANT").replaceAll(/:(\w+)/g, (_all, name: string) => {
      return z.record(z.string(), z.string()).parse(named)[name] ?? "";
    });
    expect([url, (await site.call("GET", path)).status]).toEqual([url, 200]);
    const found = await readings();
    expect([url, found.length]).toEqual([url, before + 1]);
    expect(found.at(-1)?.actor).toMatch(/^service:/);
  }
  const subjects = new Set((await readings()).map(({ subject }) => subject));
  expect(subjects).toEqual(new Set(["demo-case-2", EvidenceId, ResourceId, "evidence", "cases"]));
  expect((await auditReport(site.dir)).isWhole).toBe(true);
});

test("a program that asks again and again is an entry each quarter of an hour, whatever the clock says", async () => {
  const { EvidenceId } = await site.createEvidence();
  const ask = async (path: string, times = 20) => {
    for (let round = 0; round < times; round += 1) await site.call("GET", path);
  };
  await ask(`${BASE}/${EvidenceId}`);
  await Promise.all([ask(`${BASE}?text=north`), ask(`${BASE}?text=north&continuation=5`)]);
  await ask(`${BASE}?text=south`, 1);
  const told = [
    { action: "READ", subject: EvidenceId },
    { action: "LISTED", subject: "evidence", detail: { text: "north", caseId: null } },
    { action: "LISTED", subject: "evidence", detail: { text: "south", caseId: null } },
  ];
  expect(await readings()).toMatchObject(told);
  // Set back by a day: time that passed counts.
  clock.utcMs -= 24 * 60 * MINUTE_MS;
  clock.passedMs += 14 * MINUTE_MS;
  await ask(`${BASE}/${EvidenceId}`);
  expect(await readings()).toHaveLength(3);
  clock.passedMs += 2 * MINUTE_MS;
  await ask(`${BASE}/${EvidenceId}`);
  expect(await readings()).toHaveLength(4);
});

test("what gives nothing out, to nobody or of nothing, is none", async () => {
  const { EvidenceId } = await site.createEvidence();
  await site.download(EvidenceId, "", {}, "HEAD");
  expect((await site.download("no-such-evidence", "")).status).toBe(404);
  expect((await site.call("GET", `${BASE}?limit=0`)).status).toBe(400);
  await site.call("GET", "/cases/api/v1/department/TENANT");
  expect(await readings()).toEqual([]);
});
