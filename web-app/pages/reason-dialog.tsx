import { useState } from "react";
import { TextArea } from "#design-system/components/text-field.tsx";
import { ChangeDialog } from "./change-dialog.tsx";
import styles from "./retention.module.css";

interface ReasonDialogProps {
  readonly title: string;
  readonly saveLabel: string;
  /** What it means. */
  readonly says: string;
  readonly change: { readonly isPending: boolean; readonly error: unknown };
  readonly onSave: (reason: string) => void;
  readonly onClose: () => void;
}

/** Asks why. */
export function ReasonDialog({ title, saveLabel, says, change, onSave, onClose }: ReasonDialogProps) {
  const [reason, setReason] = useState("");
  return (
    <ChangeDialog
      title={title}
      saveLabel={saveLabel}
      isSaveable={reason.trim() !== ""}
      change={change}
      onSave={() => onSave(reason.replaceAll(/\s+/g, " "))}
      onClose={onClose}
      size="small"
    >
      <div className={styles["form"]}>
        <TextArea label="Reason" value={reason} maxLength={1_000} onChange={setReason} autoFocus />
        <p>{says}</p>
      </div>
    </ChangeDialog>
  );
}
