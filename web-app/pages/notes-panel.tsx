import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { Quiet } from "#design-system/components/text.tsx";
import { TextArea } from "#design-system/components/text-field.tsx";
import type { WebNote } from "#shared/web-api/notes.ts";
import type { WebCaseAnswer } from "#shared/web-api/web-api.ts";
import { NOTE_MAX, useNewNote, useNotes } from "../service-client/notes.ts";
import { ChangeStatus } from "./change-status.tsx";
import { CorrectNoteDialog } from "./correct-note-dialog.tsx";
import { NoteTextsDialog } from "./note-texts-dialog.tsx";
import { OneNote } from "./one-note.tsx";
import styles from "./notes.module.css";
import { ServiceFailure } from "./service-failure.tsx";
import { useNextPage } from "./use-next-page.ts";

/** Which dialog of which note is open. */
type Asking = { readonly what: "correct" | "texts"; readonly of: WebNote } | null;

/** What people say of a case among themselves: each note with who wrote it and when, and what it said before. */
export function NotesPanel({ answer: { case: shown, level } }: { readonly answer: WebCaseAnswer }) {
  const { caseId } = shown;
  const list = useNotes(caseId);
  const loadMore = useNextPage(list);
  const [asking, setAsking] = useState<Asking>(null);
  const notes = list.data?.pages.flatMap((page) => page.notes) ?? [];
  const isWritable = (level === "edit" || level === "manage") && shown.state === "open";
  const close = () => setAsking(null);
  return (
    <Panel title="Notes">
      <div className={styles["body"]}>
        {isWritable && <NewNote caseId={caseId} />}
        {list.isPending && <Message busy title="Loading notes…" />}
        {list.isError && <ServiceFailure error={list.error} onRetry={() => void list.refetch()} />}
        {list.isSuccess && notes.length === 0 && <Quiet>Nobody has written a note.</Quiet>}
        {notes.length > 0 && (
          <ul className={styles["list"]} aria-label="Notes, newest first">
            {notes.map((note) => (
              <li key={note.noteId}>
                <OneNote
                  note={note}
                  onCorrect={isWritable && note.isOwn ? () => setAsking({ what: "correct", of: note }) : null}
                  onShowTexts={() => setAsking({ what: "texts", of: note })}
                />
              </li>
            ))}
          </ul>
        )}
        {loadMore !== null && (
          <div className={styles["buttons"]}>
            <Button size="small" isPending={list.isFetchingNextPage} onPress={loadMore}>
              Show older notes
            </Button>
          </div>
        )}
      </div>
      {asking?.what === "correct" && <CorrectNoteDialog caseId={caseId} note={asking.of} onClose={close} />}
      {asking?.what === "texts" && <NoteTextsDialog caseId={caseId} note={asking.of} onClose={close} />}
    </Panel>
  );
}

function NewNote({ caseId }: { readonly caseId: string }) {
  const [text, setText] = useState("");
  const [written, setWritten] = useState(0);
  const change = useNewNote(caseId);
  const add = () =>
    change.mutate(text, {
      onSuccess: () => {
        setText("");
        setWritten(written + 1);
      },
    });
  return (
    <div className={styles["form"]}>
      {/* A new field for the next note, which has the focus: the button waits for a text again. */}
      <TextArea
        key={written}
        label="New note"
        value={text}
        maxLength={NOTE_MAX}
        onChange={setText}
        autoFocus={written > 0}
      />
      <div className={styles["buttons"]}>
        <Button isDisabled={text.trim() === ""} isPending={change.isPending} onPress={add}>
          Add note
        </Button>
        <ChangeStatus error={change.error}>
          {change.isSuccess ? "The note is written." : "A note can be corrected, and never removed."}
        </ChangeStatus>
      </div>
    </div>
  );
}
