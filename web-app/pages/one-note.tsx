import { Button } from "#design-system/components/button.tsx";
import { Name } from "#design-system/components/name.tsx";
import { Quiet } from "#design-system/components/text.tsx";
import { bidiIsolated } from "#shared/domain/names.ts";
import type { WebNote } from "#shared/web-api/notes.ts";
import { Time } from "../wall-clock/time.tsx";
import styles from "./notes.module.css";

interface OneNoteProps {
  readonly note: WebNote;
  /** Null where the reader may not. */
  readonly onCorrect: (() => void) | null;
  readonly onShowTexts: () => void;
}

/** What a note says, who wrote it and when, and whether it said something else before. */
export function OneNote({ note, onCorrect, onShowTexts }: OneNoteProps) {
  const { text, author, writtenUtc, correctedUtc } = note;
  const which = `the note of ${bidiIsolated(author)}, “${bidiIsolated(beginningOf(text))}”`;
  return (
    <>
      <p className={styles["text"]}>
        <Name mayBreak>{text}</Name>
      </p>
      <div className={styles["buttons"]}>
        <Quiet>
          <Name>{author}</Name>, <Time utc={writtenUtc} precision="minute" />
          {correctedUtc !== null && (
            <>
              ; edited <Time utc={correctedUtc} precision="minute" />
            </>
          )}
        </Quiet>
        {correctedUtc !== null && (
          <Button size="small" aria-label={`Earlier texts of ${which}`} onPress={onShowTexts}>
            Earlier texts…
          </Button>
        )}
        {onCorrect !== null && (
          <Button size="small" aria-label={`Correct ${which}`} onPress={onCorrect}>
            Correct…
          </Button>
        )}
      </div>
    </>
  );
}

const BEGINNING_MAX = 40;

/** So much of a note that people know which one is meant. */
function beginningOf(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  const letters = [...line];
  return letters.length <= BEGINNING_MAX ? line : `${letters.slice(0, BEGINNING_MAX).join("")}…`;
}
