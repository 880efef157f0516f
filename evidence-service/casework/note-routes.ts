/** Notes of a case, for those who see it; written by those who edit it. */
import { z } from "zod";
import {
  newNoteSchema,
  noteCorrectionSchema,
  noteTextsSchema,
  webNoteSchema,
  webNotesSchema,
} from "#shared/web-api/notes.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { JsonApi } from "../http/json-api.ts";
import type { Principal } from "../http/principal.ts";
import { pageQuerySchema } from "../storage/paging.ts";
import { addNote, correctNote, listNotes, textsOfNote } from "./case-notes.ts";

const PATH = "/web/api/cases/:caseId/notes";
const ofCaseSchema = z.object({ caseId: z.string() });
const ofNoteSchema = ofCaseSchema.extend({ noteId: z.string() });
const notesQuerySchema = pageQuerySchema.omit({ text: true });

/** @param recordView enters that somebody looked at the case */
export function registerNoteRoutes(
  api: JsonApi,
  context: ServiceContext,
  recordView: (principal: Principal, caseId: string) => Promise<void>,
): void {
  api.add({
    ...{ method: "GET", path: PATH, access: "user", action: "read-notes" },
    summary: "Lists the notes of a case, newest first.",
    ...{ params: ofCaseSchema, query: notesQuerySchema, answer: webNotesSchema },
    handle: async ({ params, query, principal }) => {
      await recordView(principal, params.caseId);
      return listNotes(context, principal, { ...params, ...query });
    },
  });
  api.add({
    ...{ method: "POST", path: PATH, access: "user", action: "write-notes" },
    summary: "Adds a note to a case.",
    ...{ params: ofCaseSchema, body: newNoteSchema, answer: webNoteSchema },
    handle: ({ params, body, principal }) => addNote(context, principal, { ...params, ...body }),
  });
  api.add({
    ...{ method: "GET", path: `${PATH}/:noteId/texts`, access: "user", action: "read-notes" },
    summary: "Lists every text that a note had, newest first.",
    ...{ params: ofNoteSchema, query: notesQuerySchema, answer: noteTextsSchema },
    handle: async ({ params, query, principal }) => {
      await recordView(principal, params.caseId);
      return textsOfNote(context, { ...params, ...query });
    },
  });
  api.add({
    ...{ method: "POST", path: `${PATH}/:noteId/texts`, access: "user", action: "write-notes" },
    summary: "Lets the author of a note correct it; the texts before stay.",
    ...{ params: ofNoteSchema, body: noteCorrectionSchema, answer: webNoteSchema },
    handle: ({ params, body, principal }) => correctNote(context, principal, { ...params, ...body }),
  });
}
