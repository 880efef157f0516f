import { useState, type FormEvent, type RefObject } from "react";
import { Button } from "#design-system/components/button.tsx";
import { DateTimeField } from "#design-system/date-time-field/date-time-field.tsx";
import type { EnteredInstant } from "#design-system/date-time-field/entered-instant.ts";
import { PopoverDialog } from "#design-system/components/popover-dialog.tsx";
import { archiveNow } from "../../main-process-client/holdings.ts";
import styles from "./jump-to-time.module.css";

interface JumpToTimeProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly triggerRef: RefObject<HTMLElement | null>;
  /** The instant of the picture: a time alone is of its day. */
  readonly readInstant: () => number | null;
  readonly siteTimeZone: string;
  readonly onJump: (utcMs: number) => void;
}

/** Asks for a time and shows the pictures of then; where there are none, the tile says so. */
export function JumpToTime(props: JumpToTimeProps) {
  const { isOpen, onClose, triggerRef } = props;
  return (
    <PopoverDialog title="Jump to time" isOpen={isOpen} onClose={onClose} triggerRef={triggerRef}>
      <JumpForm {...props} />
    </PopoverDialog>
  );
}

const MISSING = "Enter a time.";
const IN_FUTURE = "This time is in the future.";

function JumpForm({ readInstant, siteTimeZone, onJump, onClose }: JumpToTimeProps) {
  const [entered, setEntered] = useState<EnteredInstant>(() => ({
    utcMs: Math.floor(readInstant() ?? archiveNow()),
    typed: null,
  }));
  const [refusal, setRefusal] = useState<string | null>(null);
  const jump = (event: FormEvent) => {
    event.preventDefault();
    const { utcMs } = entered;
    if (utcMs === null) return setRefusal(MISSING);
    if (utcMs > archiveNow()) return setRefusal(IN_FUTURE);
    onJump(utcMs);
    onClose();
  };
  return (
    <form className={styles["form"]} onSubmit={jump}>
      <DateTimeField
        label="Jump to time"
        autoFocus
        timeZone={siteTimeZone}
        value={entered}
        latestUtcMs={archiveNow()}
        saysWhatIsMeant
        onChange={(changed) => {
          setRefusal(null);
          setEntered(changed);
        }}
        errorMessage={refusal}
      />
      <div className={styles["buttons"]}>
        <Button size="small" onPress={onClose}>
          Cancel
        </Button>
        <Button size="small" variant="primary" type="submit">
          Jump
        </Button>
      </div>
    </form>
  );
}
