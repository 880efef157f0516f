import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  type NoteCorrection,
  noteTextsSchema,
  webNoteSchema,
  webNotesSchema,
} from "#shared/web-api/notes.ts";
import { changeAtService, readFromService } from "./ask.ts";

export { NOTE_MAX } from "#shared/web-api/notes.ts";

const pathOf = (caseId: string): string => `/cases/${encodeURIComponent(caseId)}/notes`;
const textsPath = (caseId: string, noteId: string): string =>
  `${pathOf(caseId)}/${encodeURIComponent(noteId)}/texts`;
/** The texts of a note stand below it: what is written anew makes both old. */
const notesKey = (caseId: string) => ["notes", caseId];

/** Notes of a case, newest first, page by page. */
export function useNotes(caseId: string) {
  return useInfiniteQuery({
    queryKey: [...notesKey(caseId), "list"],
    queryFn: ({ pageParam: continuation, signal }) =>
      readFromService(webNotesSchema, { path: pathOf(caseId), query: { continuation }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ continuation }) => continuation,
  });
}

/** Every text that a note had, newest first, page by page. */
export function useNoteTexts(caseId: string, noteId: string) {
  return useInfiniteQuery({
    queryKey: [...notesKey(caseId), "texts", noteId],
    queryFn: ({ pageParam: continuation, signal }) =>
      readFromService(noteTextsSchema, { path: textsPath(caseId, noteId), query: { continuation }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ continuation }) => continuation,
  });
}

/** Refusals: NAME_NOT_USABLE, CASE_CLOSED. */
export function useNewNote(caseId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (text: string) => changeAtService(webNoteSchema, pathOf(caseId), { text }),
    onSuccess: () => client.invalidateQueries({ queryKey: notesKey(caseId) }),
  });
}

/** Refusals: NAME_NOT_USABLE, CASE_CLOSED, NOTE_OF_ANOTHER, NOTE_CHANGED. */
export function useNoteCorrection(caseId: string, noteId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (correction: NoteCorrection) =>
      changeAtService(webNoteSchema, textsPath(caseId, noteId), correction),
    // Refused too: whoever corrects a text that is not the latest has to see that one.
    onSettled: () => client.invalidateQueries({ queryKey: notesKey(caseId) }),
  });
}
