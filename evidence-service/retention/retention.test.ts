/** How long evidence is kept, through HTTP, with a clock that the test moves. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterEach, beforeEach, expect, test } from "vitest";
import { binSchema, nextToGoSchema, webRetentionSchema } from "#shared/web-api/retention.ts";
import { auditReport } from "../audit/audit-report.ts";
import { openSiteFolder } from "../site/site-folder.ts";
import { type AccountRight, setRights } from "../storage/account-rights.ts";
import { encryptGcm } from "../testing/encrypt.ts";
import { TestSite } from "../testing/test-site.ts";

const DAY_MS = 86_400_000;
const CASE = "demo-case-2";
let nowUtcMs: number;
let passedMs: number;
let site: TestSite;
let signIns: Record<string, string>;
beforeEach(async () => {
  nowUtcMs = Date.now();
  passedMs = 5_000;
  signIns = {};
  const settings = { accessTokenS: 400 * 86_400, uploadAddressMs: DAY_MS };
  site = await TestSite.start({ now: () => nowUtcMs, passedMs: () => passedMs, settings });
  await enter("anna", ["manage-retention", "administer-service", "oversee"]);
  await enter("ben", ["manage-retention", "oversee"]);
  await enter("cleo", []);
});
afterEach(() => site.stop());

/** A person who is signed in, however far the clock is moved. */
async function enter(username: string, rights: readonly AccountRight[]): Promise<void> {
  const { db } = await openSiteFolder(site.dir);
  const token = randomUUID();
  signIns[username] = token;
  const tokenHash = createHash("sha256").update(token).digest("hex");
  await db.insertInto("webUser").values({ username, fullName: username, passwordHash: "" }).execute();
  const expiresUtcMs = nowUtcMs + 1_000 * DAY_MS;
  await db.insertInto("webSession").values({ tokenHash, username, expiresUtcMs }).execute();
  await db
    .transaction()
    .execute((transaction) => setRights(transaction, { kind: "user", id: username }, rights));
  await db.destroy();
}

async function as(username: string, method: string, path: string, body?: unknown) {
  const headers = { cookie: `evidence-desk-session=${signIns[username] ?? ""}`, "x-evidence-desk": "1" };
  const sent =
    method === "GET"
      ? { headers }
      : { headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body ?? {}) };
  const answer = await fetch(`${site.service.url}/web/api/${path}`, { method, ...sent });
  return { status: answer.status, body: (await answer.json()) as unknown };
}

const pass = async (days: number): Promise<void> => {
  nowUtcMs += days * DAY_MS;
  passedMs += days * DAY_MS;
  await site.service.keepRetention();
};

async function available(name: string, caseId: string | null) {
  const endUtc = new Date(nowUtcMs);
  const { EvidenceId: evidenceId } = await site.createEvidence({
    ...{ Name: name, CaseId: caseId, EndTimeUtc: endUtc.toISOString() },
    StartTimeUtc: new Date(nowUtcMs - 60_000).toISOString(),
  });
  const file = encryptGcm(randomBytes(1_000), await site.publicKey(), 1 << 20);
  const { Uri, ResourceId } = await site.uploadAddress(evidenceId, { Name: "a.txt", MimeType: "text/plain" });
  await new BlockBlobClient(Uri).uploadData(file.bytes, { metadata: file.metadata });
  await site.completeResource(evidenceId, ResourceId);
  await site.completeEvidence(evidenceId, { [ResourceId]: file.sha512 });
  await expect
    .poll(async () => (await site.readEvidence(evidenceId)).LifecycleState)
    .toMatch(/Available|Failed/);
  return { evidenceId, resourceId: ResourceId };
}

async function keepCategoryOfCase(days: number | null): Promise<void> {
  const { body } = await site.call("GET", `/cases/api/v1/case/TENANT/${CASE}`);
  const { CategoryId } = body as { CategoryId: string };
  const path = `administration/catalogue/categories/entry/${CategoryId}`;
  expect((await as("anna", "POST", path, { retentionDays: days })).status).toBe(200);
}

const setCase = (step: "close" | "reopen") => site.call("POST", `/cases/api/v1/case/TENANT/${CASE}/${step}`);

async function set(change: Partial<ReturnType<typeof webRetentionSchema.parse>["settings"]>): Promise<void> {
  const before = webRetentionSchema.parse(
    (await as("anna", "GET", "administration/retention")).body,
  ).settings;
  const answer = await as("anna", "POST", "administration/retention", { ...before, ...change });
  expect(answer.status).toBe(200);
}

const inBin = async (): Promise<string[]> =>
  binSchema.parse((await as("ben", "GET", "recycle-bin")).body).evidence.map(({ name }) => name);

/** A search that a busy machine gives up is asked again. */
async function listed(path: string): Promise<string> {
  for (;;) {
    const { status, body } = await as("anna", "GET", path);
    if (status === 200) return JSON.stringify(body);
    expect(status).toBe(503);
  }
}

/** Wherever somebody with every right on evidence may come across its name. */
async function showing(name: string): Promise<number> {
  const paths = ["evidence", `evidence?text=${name}`, `evidence?caseId=${CASE}`, "evidence?unassigned=true"];
  const texts = await Promise.all(paths.map(listed));
  return texts.filter((text) => text.includes(name)).length;
}

async function trail(action: string): Promise<string[]> {
  const { db } = await openSiteFolder(site.dir);
  const rows = await db.selectFrom("audit").select("entryJson").orderBy("seq").execute();
  await db.destroy();
  return rows.map(({ entryJson }) => entryJson).filter((entry) => entry.includes(`"${action}"`));
}

test("evidence of a closed case goes into the bin on its day, shows nowhere else, and is gone for good a week later", async () => {
  await keepCategoryOfCase(10);
  const { evidenceId, resourceId } = await available("zanzibar", CASE);
  await pass(30);
  expect(await showing("zanzibar")).toBe(3);
  await setCase("close");
  await pass(9.9);
  expect(await showing("zanzibar")).toBe(3);
  await pass(0.2);
  expect(await showing("zanzibar")).toBe(0);
  expect(await inBin()).toEqual(["zanzibar"]);
  expect((await as("cleo", "GET", "recycle-bin")).status).toBe(403);
  expect((await as("anna", "GET", `evidence/${evidenceId}`)).status).toBe(404);
  expect((await site.download(evidenceId, `resource/${resourceId}/download`)).status).toBe(404);
  const { body } = await site.call("GET", `/cases/api/v1/case/TENANT/${CASE}`);
  expect(body).toMatchObject({ EvidenceCount: 0 });
  expect(await readdir(join(site.dir, "blobs"))).toContain(resourceId);
  expect((await auditReport(site.dir)).isWhole).toBe(true);

  await pass(6.9);
  expect(await inBin()).toEqual(["zanzibar"]);
  await pass(0.2);
  expect(await inBin()).toEqual([]);
  await expect.poll(() => readdir(join(site.dir, "blobs"))).not.toContain(resourceId);
  const { db } = await openSiteFolder(site.dir);
  for (const table of ["evidence", "resource", "verification", "binned"] as const) {
    const rows = await db.selectFrom(table).selectAll().execute();
    expect([table, JSON.stringify(rows).includes(evidenceId)]).toEqual([table, false]);
  }
  expect(await db.selectFrom("contentKey").selectAll().execute()).toEqual([]);
  await db.destroy();
  const [removed] = await trail("EVIDENCE_REMOVED");
  expect(JSON.parse(removed ?? "{}")).toMatchObject({
    ...{ actor: "system", subject: evidenceId },
    detail: { name: "zanzibar", caseId: CASE, files: 1 },
  });
  expect((await auditReport(site.dir)).isWhole).toBe(true);
});

test("a case that is reopened, and a retention that is made longer, bring back what lies in the bin", async () => {
  await keepCategoryOfCase(10);
  await available("zanzibar", CASE);
  await setCase("close");
  await pass(11);
  expect(await inBin()).toEqual(["zanzibar"]);
  await setCase("reopen");
  await pass(0.1);
  expect([await inBin(), await showing("zanzibar")]).toEqual([[], 3]);
  await setCase("close");
  await pass(9);
  // It counts from the latest closing.
  expect(await inBin()).toEqual([]);
  await pass(2);
  expect(await inBin()).toEqual(["zanzibar"]);
  await keepCategoryOfCase(null);
  await pass(100);
  expect([await inBin(), await showing("zanzibar")]).toEqual([[], 3]);
  expect((await auditReport(site.dir)).isWhole).toBe(true);
});

test("evidence in no case goes by the end of its recording, and what nobody set a retention for stays for ever", async () => {
  await available("zanzibar", null);
  await available("filed", CASE);
  await setCase("close");
  await pass(300);
  expect(await inBin()).toEqual([]);
  await set({ looseDays: 30 });
  await pass(0);
  expect(await inBin()).toEqual(["zanzibar"]);
});

test("on a clock that leapt nothing goes until somebody says that it is right", async () => {
  await set({ looseDays: 30 });
  await available("zanzibar", null);
  await pass(1);
  nowUtcMs += 40 * DAY_MS;
  await pass(0.1);
  expect(await inBin()).toEqual([]);
  const looked = webRetentionSchema.parse((await as("anna", "GET", "administration/retention")).body);
  expect(Math.round(looked.clockAheadMs / DAY_MS)).toBe(40);
  expect((await as("ben", "POST", "administration/retention/clock")).status).toBe(403);
  expect((await as("anna", "POST", "administration/retention/clock")).status).toBe(200);
  await pass(0);
  expect(await inBin()).toEqual(["zanzibar"]);
  expect(await trail("CLOCK_CONFIRMED")).toHaveLength(1);
});

test("a service that starts lets go by itself, as a job, what is due", async () => {
  await set({ looseDays: 30 });
  await available("zanzibar", null);
  nowUtcMs += 31 * DAY_MS;
  passedMs += 31 * DAY_MS;
  await site.restart();
  await expect.poll(inBin).toEqual(["zanzibar"]);
});

test("protection beats retention, in the bin too; what is taken back is protected, and a second person lifts it", async () => {
  await set({ looseDays: 30, needsSecondPerson: true });
  const { evidenceId } = await available("zanzibar", null);
  const path = `evidence/${evidenceId}/protection`;
  expect((await as("cleo", "POST", path, { reason: "court" })).status).toBe(404);
  expect((await as("anna", "POST", path, { reason: "court" })).body).toMatchObject({
    protections: [{ of: "evidence", reason: "court", by: "anna", liftAskedBy: null }],
  });
  expect((await as("ben", "POST", path, { reason: "again" })).body).toMatchObject({
    code: "PROTECTED_ALREADY",
  });
  await pass(60);
  expect(await inBin()).toEqual([]);
  expect((await as("anna", "POST", `${path}/lift`)).body).toMatchObject({
    protections: [{ liftAskedBy: "anna" }],
  });
  expect((await as("anna", "POST", `${path}/lift`)).body).toMatchObject({ code: "SECOND_PERSON_NEEDED" });
  await pass(1);
  expect(await inBin()).toEqual([]);
  expect((await as("ben", "POST", `${path}/lift`)).body).toEqual({ protections: [] });
  await pass(0);
  expect(await inBin()).toEqual(["zanzibar"]);

  const taken = `recycle-bin/${evidenceId}/take-back`;
  expect((await as("cleo", "POST", taken, { reason: "appeal" })).status).toBe(403);
  expect((await as("ben", "POST", taken, { reason: "appeal" })).status).toBe(200);
  await pass(60);
  expect([await inBin(), await showing("zanzibar")]).toEqual([[], 3]);
  expect((await as("ben", "GET", path)).body).toMatchObject({ protections: [{ reason: "appeal" }] });
  expect((await auditReport(site.dir)).isWhole).toBe(true);
});

test("a case that is protected keeps what lies in the bin of it", async () => {
  await keepCategoryOfCase(10);
  const { evidenceId } = await available("zanzibar", CASE);
  await setCase("close");
  await pass(11);
  const protection = `cases/${CASE}/protection`;
  expect((await as("anna", "POST", protection, { reason: "court" })).status).toBe(200);
  const refused = await as("anna", "POST", `recycle-bin/${evidenceId}/remove`);
  expect(refused).toMatchObject({ status: 409, body: { code: "BIN_PROTECTED" } });
  await pass(100);
  expect([await inBin(), await showing("zanzibar")]).toEqual([[], 3]);
  expect((await as("anna", "POST", `${protection}/lift`)).body).toEqual({ protections: [] });
  await pass(0);
  expect(await inBin()).toEqual(["zanzibar"]);
});

test("who empties the bin by hand asks, and a second person removes, where the setting says so", async () => {
  await set({ looseDays: 30, needsSecondPerson: true });
  const first = await available("zanzibar", null);
  await available("madagascar", null);
  await pass(31);
  expect((await as("anna", "POST", `recycle-bin/${first.evidenceId}/remove`)).body).toEqual({
    removed: 0,
    asked: 1,
  });
  expect((await as("anna", "POST", `recycle-bin/${first.evidenceId}/remove`)).body).toMatchObject({
    code: "SECOND_PERSON_NEEDED",
  });
  expect((await as("anna", "POST", "recycle-bin/empty")).body).toEqual({ removed: 0, asked: 2 });
  expect(await inBin()).toHaveLength(2);
  expect((await as("ben", "POST", "recycle-bin/empty")).body).toEqual({ removed: 2, asked: 0 });
  expect(await inBin()).toEqual([]);
  const removed = await trail("EVIDENCE_REMOVED");
  expect(removed).toHaveLength(2);
  expect(removed[0]).toContain('"askedBy":"anna"');
  await set({ needsSecondPerson: false });
  await available("comoros", null);
  await pass(31);
  expect((await as("ben", "POST", "recycle-bin/empty")).body).toEqual({ removed: 1, asked: 0 });
});

test("a dry run says what would go and why, page by page, and nothing goes by it", async () => {
  await keepCategoryOfCase(20);
  await set({ looseDays: 30 });
  await available("first", CASE);
  await setCase("close");
  await available("second", null);
  await available("third", null);
  const names: string[] = [];
  let after = "";
  do {
    const { body } = await as("ben", "GET", `retention/next?limit=1${after}`);
    const page = nextToGoSchema.parse(body);
    names.push(...page.evidence.map(({ name, because }) => `${name}: ${because}`));
    after = page.continuation === null ? "" : `&after=${page.continuation}`;
  } while (after !== "");
  expect(names).toEqual([
    expect.stringMatching(/^first: .+: kept 20 days from the closing of its case$/),
    "second: in no case: kept 30 days from the end of its recording",
    "third: in no case: kept 30 days from the end of its recording",
  ]);
  expect((await as("cleo", "GET", "retention/next")).status).toBe(403);
  const soon = nextToGoSchema.parse((await as("ben", "GET", "retention/next?days=25")).body);
  expect(soon.evidence.map(({ name }) => name)).toEqual(["first"]);
  expect(await inBin()).toEqual([]);
});
