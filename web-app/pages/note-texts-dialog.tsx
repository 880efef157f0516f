import { Button } from "#design-system/components/button.tsx";
import { Dialog } from "#design-system/components/dialog.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Name } from "#design-system/components/name.tsx";
import { Quiet } from "#design-system/components/text.tsx";
import type { WebNote } from "#shared/web-api/notes.ts";
import { useNoteTexts } from "../service-client/notes.ts";
import { Time } from "../wall-clock/time.tsx";
import styles from "./notes.module.css";
import { ServiceFailure } from "./service-failure.tsx";
import { useNextPage } from "./use-next-page.ts";

interface NoteTextsDialogProps {
  readonly caseId: string;
  readonly note: WebNote;
  readonly onClose: () => void;
}

/** Every text that a note had, the latest first. */
export function NoteTextsDialog({ caseId, note, onClose }: NoteTextsDialogProps) {
  const list = useNoteTexts(caseId, note.noteId);
  const loadMore = useNextPage(list);
  const texts = list.data?.pages.flatMap((page) => page.texts) ?? [];
  return (
    <Dialog
      title="Texts of the note"
      isOpen
      onClose={onClose}
      closesBeside
      footer={
        <>
          {loadMore !== null && <Button onPress={loadMore}>Show earlier ones</Button>}
          <Button onPress={onClose}>Done</Button>
        </>
      }
    >
      {list.isPending && <Message busy title="Asking the service…" />}
      {list.isError && <ServiceFailure error={list.error} onRetry={() => void list.refetch()} />}
      <ol className={styles["list"]} aria-label="Texts, newest first" reversed>
        {texts.map(({ version, text, writtenUtc }) => (
          <li key={version}>
            <p className={styles["text"]}>
              <Name mayBreak>{text}</Name>
            </p>
            <Quiet>
              Text {version}, <Name>{note.author}</Name>, <Time utc={writtenUtc} />
            </Quiet>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
