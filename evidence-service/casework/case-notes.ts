/** Notes of a case. A correction is another text: none that was written is changed, and none goes. */
import { randomUUID } from "node:crypto";
import { hiddenCharacterIssue, visibleName } from "#shared/domain/names.ts";
import type { NoteCorrection, NoteTexts, WebNote } from "#shared/web-api/notes.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import { noteFacts } from "../audit/recorded-facts.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { actorOf, type Principal } from "../http/principal.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import type { CaseNoteTable, CaseNoteTextTable } from "../storage/casework-tables.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { cutPage, pageBound, type PageQuery } from "../storage/paging.ts";

type Books = Pick<ServiceContext, "db" | "now">;
type Note = Omit<CaseNoteTable, "seq">;
type NoteText = Omit<CaseNoteTextTable, "seq">;

interface NoteName {
  readonly caseId: string;
  readonly noteId: string;
}

/** Newest first. */
export async function listNotes(
  { db }: Books,
  principal: Principal,
  { caseId, ...query }: PageQuery & { readonly caseId: string },
): Promise<{ notes: WebNote[]; continuation: string | null }> {
  const found = await notesOf(db)
    .where("caseNote.caseId", "=", caseId)
    .where("caseNote.seq", "<", pageBound(query))
    .orderBy("caseNote.seq", "desc")
    .limit(query.limit + 1)
    .execute();
  const { rows, continuation } = cutPage(found, query);
  return { notes: rows.map((row) => toWebNote(row, principal)), continuation };
}

/** Each note with its latest text, and when its first one was written. */
function notesOf(db: Metadata | MetadataTransaction) {
  return db
    .selectFrom("caseNote")
    .innerJoin("caseNoteText as latest", "latest.noteId", "caseNote.noteId")
    .innerJoin("caseNoteText as first", (join) =>
      join.onRef("first.noteId", "=", "caseNote.noteId").on("first.version", "=", 1),
    )
    .select(["caseNote.seq", "caseNote.noteId", "author", "authorName"])
    .select(["latest.text", "latest.version", "latest.writtenUtcMs as latestUtcMs", "first.writtenUtcMs"])
    .where("latest.version", "=", (e) =>
      e
        .selectFrom("caseNoteText as written")
        .select((one) => one.fn.max("written.version").as("version"))
        .whereRef("written.noteId", "=", "caseNote.noteId"),
    );
}

type NoteRow = Awaited<ReturnType<ReturnType<typeof notesOf>["execute"]>>[number];

const toWebNote = (row: NoteRow, principal: Principal): WebNote => ({
  noteId: row.noteId,
  text: visibleName(row.text, { mayBreak: true }),
  version: row.version,
  author: visibleName(row.authorName),
  writtenUtc: isoInstant(row.writtenUtcMs),
  correctedUtc: row.version === 1 ? null : isoInstant(row.latestUtcMs),
  isOwn: row.author === actorOf(principal),
});

/** @throws Refusal 400 NAME_NOT_USABLE, 409 CASE_CLOSED */
export async function addNote(
  { db, now }: Books,
  principal: Principal,
  { caseId, text: given }: { readonly caseId: string; readonly text: string },
): Promise<WebNote> {
  const note = { noteId: randomUUID(), caseId, author: actorOf(principal), authorName: principal.name };
  const text = { noteId: note.noteId, version: 1, text: usableText(given), writtenUtcMs: now() };
  return db.transaction().execute(async (transaction) => {
    await refuseClosed(transaction, caseId);
    await transaction.insertInto("caseNote").values(note).execute();
    await enterText(transaction, note, { text, before: null });
    return readNote(transaction, principal, note);
  });
}

/**
 * @throws Refusal 400 NAME_NOT_USABLE, 403 NOTE_OF_ANOTHER, 404, 409 CASE_CLOSED, NOTE_CHANGED where the text that is
 * corrected is not the latest
 */
export async function correctNote(
  { db, now }: Books,
  principal: Principal,
  { caseId, noteId, version, text: given }: NoteName & NoteCorrection,
): Promise<WebNote> {
  const text = { noteId, version: version + 1, text: usableText(given), writtenUtcMs: now() };
  return db.transaction().execute(async (transaction) => {
    await refuseClosed(transaction, caseId);
    const note = await noteNamed(transaction, { caseId, noteId });
    if (note.author !== actorOf(principal)) {
      throw new Refusal("NOTE_OF_ANOTHER", "Somebody else wrote this note; only its author corrects it.");
    }
    const latest = await readNote(transaction, principal, note);
    // An answer that was lost is asked for again.
    if (latest.version === text.version && latest.text === text.text) return latest;
    if (latest.version !== version) {
      throw new Refusal("NOTE_CHANGED", "The note was corrected meanwhile.");
    }
    if (latest.text === text.text) return latest;
    await enterText(transaction, note, { text, before: latest.text });
    return readNote(transaction, principal, note);
  });
}

/** Every text that a note had, newest first. */
export async function textsOfNote(
  { db }: Books,
  { caseId, noteId, ...query }: NoteName & PageQuery,
): Promise<NoteTexts> {
  await noteNamed(db, { caseId, noteId });
  const found = await db
    .selectFrom("caseNoteText")
    .selectAll()
    .where("noteId", "=", noteId)
    .where("version", "<", pageBound(query))
    .orderBy("version", "desc")
    .limit(query.limit + 1)
    .execute();
  const { rows, continuation } = cutPage(
    found.map((row) => ({ ...row, seq: row.version })),
    query,
  );
  const texts = rows.map(({ version, text, writtenUtcMs }) => ({
    ...{ version, text: visibleName(text, { mayBreak: true }), writtenUtc: isoInstant(writtenUtcMs) },
  }));
  return { texts, continuation };
}

async function noteNamed(
  db: Metadata | MetadataTransaction,
  { caseId, noteId }: NoteName,
): Promise<Pick<CaseNoteTable, "noteId" | "caseId" | "author" | "authorName">> {
  const note = await db
    .selectFrom("caseNote")
    .select(["noteId", "caseId", "author", "authorName"])
    .where("noteId", "=", noteId)
    .where("caseId", "=", caseId)
    .executeTakeFirst();
  if (note === undefined) throw notFound("note");
  return note;
}

async function readNote(
  transaction: MetadataTransaction,
  principal: Principal,
  { noteId }: Pick<NoteName, "noteId">,
): Promise<WebNote> {
  const row = await notesOf(transaction).where("caseNote.noteId", "=", noteId).executeTakeFirstOrThrow();
  return toWebNote(row, principal);
}

/** @param before the text that it corrects; null for the first one */
async function enterText(
  transaction: MetadataTransaction,
  note: Note,
  { text, before }: { readonly text: NoteText; readonly before: string | null },
): Promise<void> {
  await transaction.insertInto("caseNoteText").values(text).execute();
  const { noteId, caseId: subject, author: actor } = note;
  const { version, text: says, writtenUtcMs: atUtcMs } = text;
  const detail = { noteId, version, text: says, facts: noteFacts({ ...note, ...text }) };
  await appendAudit(
    transaction,
    before === null
      ? { atUtcMs, actor, action: "NOTE_ADDED", subject, detail }
      : { atUtcMs, actor, action: "NOTE_CORRECTED", subject, detail: { ...detail, before } },
  );
}

async function refuseClosed(transaction: MetadataTransaction, caseId: string): Promise<void> {
  const found = await transaction
    .selectFrom("caseFile")
    .select(["state", "name"])
    .where("caseId", "=", caseId)
    .executeTakeFirst();
  if (found === undefined) throw notFound("case");
  if (found.state !== "Closed") return;
  throw new Refusal("CASE_CLOSED", `The case “${found.name}” is closed; no note of it is written.`);
}

function usableText(given: string): string {
  const text = given.replaceAll("\r\n", "\n").trim();
  const issue =
    text === "" ? "The note must not be empty." : hiddenCharacterIssue("The note", text, { mayBreak: true });
  if (issue !== null) throw new Refusal("NAME_NOT_USABLE", issue);
  return text;
}
