/** Notes of a case, through HTTP: who reads and writes them, and that no text of one is lost. */
import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { webAuditPageSchema } from "#shared/web-api/audit-api.ts";
import { noteTextsSchema, type WebNote, webNoteSchema, webNotesSchema } from "#shared/web-api/notes.ts";
import { auditReport } from "../audit/audit-report.ts";
import type { Level } from "../http/actions.ts";
import { changePolicy } from "../rights/policies.ts";
import { openSiteFolder } from "../site/site-folder.ts";
import { type AccountRight, setRights } from "../storage/account-rights.ts";
import { changeRows } from "../testing/rows.ts";
import { TestSite } from "../testing/test-site.ts";

const CASE = "demo-case-2";
const NOTES = `cases/${CASE}/notes`;

let site: TestSite;
let nowUtcMs = Date.parse("2026-12-01T10:00:00.000Z");
const signIns: Record<string, string> = {};
beforeAll(async () => {
  site = await TestSite.start({ now: () => nowUtcMs });
  await enter("anna", { rights: ["see-audit"], level: "manage" });
  await enter("ben", { rights: [], level: "edit" });
  await enter("cleo", { rights: [], level: "view" });
});
afterAll(() => site.stop());

interface Given {
  readonly rights: readonly AccountRight[];
  readonly level: Level;
}

async function enter(username: string, { rights, level }: Given): Promise<void> {
  const { db } = await openSiteFolder(site.dir);
  const token = randomUUID();
  signIns[username] = token;
  const tokenHash = createHash("sha256").update(token).digest("hex");
  const holder = { kind: "user", id: username } as const;
  await db.insertInto("webUser").values({ username, fullName: username, passwordHash: "" }).execute();
  const expiresUtcMs = nowUtcMs + 86_400_000;
  await db.insertInto("webSession").values({ tokenHash, username, expiresUtcMs }).execute();
  await db.transaction().execute((transaction) => setRights(transaction, holder, rights));
  const grant = { level, fromUtcMs: null, untilUtcMs: null, recordedFromUtcMs: null };
  const principal = { kind: "service", id: "test", name: "Test" } as const;
  const scope = { kind: "case", id: CASE } as const;
  await changePolicy({ db, now: () => nowUtcMs }, { principal, scope, holder, grant });
  await db.destroy();
}

async function as(username: string, path: string, body?: unknown) {
  const headers = { cookie: `evidence-desk-session=${signIns[username] ?? ""}`, "x-evidence-desk": "1" };
  const sent =
    body === undefined
      ? { headers }
      : {
          method: "POST",
          headers: { ...headers, "content-type": "application/json" },
          body: JSON.stringify(body),
        };
  const answer = await fetch(`${site.service.url}/web/api/${path}`, sent);
  return { status: answer.status, body: (await answer.json()) as unknown };
}

async function write(username: string, text: string): Promise<WebNote> {
  const { status, body } = await as(username, NOTES, { text });
  expect(status).toBe(200);
  return webNoteSchema.parse(body);
}

const list = async (username: string, query = "") =>
  webNotesSchema.parse((await as(username, `${NOTES}${query}`)).body);

test("a note says who wrote it and when, whoever sees the case reads it, and pages are cut by key", async () => {
  const first = await write("ben", "  Called the owner.\r\nNobody answered. ");
  nowUtcMs += 60_000;
  await write("anna", "Owner called back.");
  const { notes } = await list("cleo");
  expect(notes.map(({ author, text, isOwn }) => [author, text, isOwn])).toEqual([
    ["anna", "Owner called back.", false],
    ["ben", "Called the owner.\nNobody answered.", false],
  ]);
  expect(first).toMatchObject({ writtenUtc: "2026-12-01T10:00:00.000Z", correctedUtc: null, isOwn: true });
  const page = await list("ben", "?limit=1");
  const next = await list("ben", `?limit=1&continuation=${page.continuation ?? ""}`);
  expect([page.notes[0]?.author, next.notes[0]?.noteId, next.continuation]).toEqual([
    "anna",
    first.noteId,
    null,
  ]);
  expect((await as("cleo", NOTES, { text: "I may not." })).body).toMatchObject({ code: "NOT_ALLOWED" });
  expect((await as("cleo", "cases/demo-case-3/notes")).status).toBe(404);
});

test("its author corrects a note, every text before stays, and the trail has each", async () => {
  const { noteId } = await write("ben", "A red car.");
  nowUtcMs += 60_000;
  const path = `${NOTES}/${noteId}/texts`;
  const corrected = await as("ben", path, { text: "A blue car.", version: 1 });
  expect(corrected.body).toMatchObject({ text: "A blue car.", version: 2, isOwn: true });
  expect(webNoteSchema.parse(corrected.body).correctedUtc).toBe(new Date(nowUtcMs).toISOString());
  // The same again, as after an answer that was lost.
  expect((await as("ben", path, { text: "A blue car.", version: 1 })).body).toEqual(corrected.body);
  const texts = noteTextsSchema.parse((await as("cleo", path)).body);
  expect(texts.texts.map(({ version, text }) => [version, text])).toEqual([
    [2, "A blue car."],
    [1, "A red car."],
  ]);
  expect(noteTextsSchema.parse((await as("cleo", `${path}?limit=1&continuation=2`)).body)).toMatchObject({
    texts: [{ version: 1 }],
    continuation: null,
  });
  const trail = webAuditPageSchema.parse((await as("anna", `cases/${CASE}/audit?limit=200`)).body);
  const entry = trail.entries.find(({ action }) => action === "NOTE_CORRECTED");
  expect(entry).toMatchObject({
    actor: { id: "ben" },
    detail: { before: "A red car.", text: "A blue car." },
  });
  expect(entry?.words).toBe("corrected a note of the case");
});

test("nobody corrects another's note, or one that was corrected meanwhile, or one of another case", async () => {
  const { noteId } = await write("ben", "Seen at 9.");
  const correct = (who: string, text: string, version = 1) =>
    as(who, `${NOTES}/${noteId}/texts`, { text, version });
  expect((await correct("anna", "Seen at 10.")).body).toMatchObject({ code: "NOTE_OF_ANOTHER" });
  expect((await correct("cleo", "Seen at 10.")).body).toMatchObject({ code: "NOT_ALLOWED" });
  await correct("ben", "Seen at 10.");
  expect((await correct("ben", "Seen at 11.")).body).toMatchObject({ code: "NOTE_CHANGED" });
  expect((await correct("ben", "Seen at 11.", 7)).body).toMatchObject({ code: "NOTE_CHANGED" });
  expect((await correct("ben", " \n ", 2)).body).toMatchObject({ code: "NAME_NOT_USABLE" });
  expect((await correct("ben", "abc\u202Edef", 2)).body).toMatchObject({ code: "NAME_NOT_USABLE" });
  expect((await as("anna", `${NOTES}/${randomUUID()}/texts`)).status).toBe(404);
  expect((await list("ben")).notes[0]).toMatchObject({ text: "Seen at 10.", version: 2 });
});

test("a closed case takes no note and no correction, and its notes are read", async () => {
  const { noteId } = await write("ben", "Before the end.");
  expect((await as("anna", `cases/${CASE}/close`, {})).status).toBe(200);
  expect((await as("ben", NOTES, { text: "After." })).body).toMatchObject({ code: "CASE_CLOSED" });
  const correction = { text: "After.", version: 1 };
  expect((await as("ben", `${NOTES}/${noteId}/texts`, correction)).body).toMatchObject({
    code: "CASE_CLOSED",
  });
  expect((await list("cleo")).notes[0]).toMatchObject({ noteId, text: "Before the end." });
  await as("anna", `cases/${CASE}/reopen`, {});
});

test("what somebody changes of notes beside the service is found by the trail", async () => {
  await write("ben", "To be kept.");
  expect((await auditReport(site.dir)).isWhole).toBe(true);
  const changed = "UPDATE caseNoteText SET text = 'Changed.' WHERE text = 'To be kept.'";
  expect(await changeRows(site.dir, changed)).toBe(1);
  await changeRows(site.dir, "DELETE FROM caseNoteText WHERE text = 'A red car.'");
  const { isWhole, ...report } = await auditReport(site.dir);
  expect(isWhole).toBe(false);
  expect(JSON.stringify(report)).toMatch(/Text 1 of a note [^"]* was changed/);
  expect(JSON.stringify(report)).toContain("The text of a note is missing");
});
