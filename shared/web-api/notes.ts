/** Notes of a case (JSON, below /web/api/cases/{id}/notes). No text of one is ever changed or goes: a correction is another text. */
import { z } from "zod";

const instantSchema = z.iso.datetime({ offset: true });

/** Characters of a note. */
export const NOTE_MAX = 8_192;
const textSchema = z.string().max(NOTE_MAX);
/** Texts of a note are numbered from 1. */
const versionSchema = z.int().min(1);

export const webNoteSchema = z.object({
  noteId: z.string(),
  /** The latest text; it may have several lines. */
  text: z.string(),
  version: versionSchema,
  /** Whoever wrote it, as they were called then. */
  author: z.string(),
  writtenUtc: instantSchema,
  /** When it was corrected last; null for never. */
  correctedUtc: instantSchema.nullable(),
  /** Whether the reader wrote it, and so may correct it. */
  isOwn: z.boolean(),
});
export type WebNote = z.infer<typeof webNoteSchema>;

/** GET …/notes?continuation&limit: newest first. */
export const webNotesSchema = z.object({
  notes: z.array(webNoteSchema),
  /** Null on the last page. */
  continuation: z.string().nullable(),
});

/** POST …/notes. Refusals: NAME_NOT_USABLE, CASE_CLOSED. */
export const newNoteSchema = z.object({ text: textSchema });

/** POST …/notes/{noteId}/texts: corrects it. Refusals: NAME_NOT_USABLE, CASE_CLOSED, NOTE_OF_ANOTHER, NOTE_CHANGED. */
export const noteCorrectionSchema = z.object({
  text: textSchema,
  /** Of the text that is corrected. */
  version: versionSchema,
});
export type NoteCorrection = z.infer<typeof noteCorrectionSchema>;

/** GET …/notes/{noteId}/texts?continuation&limit: every text that the note had, newest first. */
export const noteTextsSchema = z.object({
  texts: z.array(z.object({ version: versionSchema, text: z.string(), writtenUtc: instantSchema })),
  continuation: z.string().nullable(),
});
export type NoteTexts = z.infer<typeof noteTextsSchema>;
