/** Tables of the work on a case. */
import type { Generated } from "kysely";

/** A note of a case; its texts are rows of their own. */
export interface CaseNoteTable {
  seq: Generated<number>;
  noteId: string;
  caseId: string;
  /** As the audit trail names who wrote it. */
  author: string;
  /** As the author was called then. */
  authorName: string;
}

/** A text of a note. Rows are only ever added: the highest version is what the note says. */
export interface CaseNoteTextTable {
  seq: Generated<number>;
  noteId: string;
  /** From 1, without gaps. */
  version: number;
  text: string;
  writtenUtcMs: number;
}
