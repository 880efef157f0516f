import { useState } from "react";
import { TextArea } from "#design-system/components/text-field.tsx";
import type { WebNote } from "#shared/web-api/notes.ts";
import { NOTE_MAX, useNoteCorrection } from "../service-client/notes.ts";
import { ChangeDialog } from "./change-dialog.tsx";
import styles from "./notes.module.css";

interface CorrectNoteDialogProps {
  readonly caseId: string;
  /** As it was when the dialog was opened: what is corrected is that text, whatever is written meanwhile. */
  readonly note: WebNote;
  readonly onClose: () => void;
}

/** Lets the author of a note say it otherwise; what it said stays beside it. */
export function CorrectNoteDialog({ caseId, note, onClose }: CorrectNoteDialogProps) {
  const [text, setText] = useState(note.text);
  const change = useNoteCorrection(caseId, note.noteId);
  return (
    <ChangeDialog
      title="Correct the note"
      saveLabel="Save"
      isSaveable={text.trim() !== "" && text.trim() !== note.text}
      change={change}
      onSave={() => change.mutate({ text, version: note.version }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <div className={styles["form"]}>
        <TextArea label="Note" value={text} maxLength={NOTE_MAX} rows={6} onChange={setText} autoFocus />
        <p>The text that it had stays: everybody who sees the case reads it under “Earlier texts”.</p>
      </div>
    </ChangeDialog>
  );
}
