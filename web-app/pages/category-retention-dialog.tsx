import { useState } from "react";
import type { Catalogue } from "#shared/web-api/catalogue.ts";
import { bidiIsolated } from "#shared/domain/names.ts";
import { ChangeDialog } from "./change-dialog.tsx";
import { daysOf, typedOf } from "./kept-days.ts";
import { KeptField } from "./kept-field.tsx";
import styles from "./retention.module.css";

interface CategoryRetentionDialogProps {
  readonly category: Catalogue["categories"][number];
  readonly change: { readonly isPending: boolean; readonly error: unknown };
  readonly onSave: (days: number | null) => void;
  readonly onClose: () => void;
}

/** How long evidence in cases of a category is kept. */
export function CategoryRetentionDialog(props: CategoryRetentionDialogProps) {
  const { category, change, onSave, onClose } = props;
  const [typed, setTyped] = useState(() => typedOf(category.retentionDays));
  const days = daysOf(typed);
  return (
    <ChangeDialog
      title={`Retention of “${bidiIsolated(category.name)}”`}
      saveLabel="Save"
      isSaveable={days !== undefined && days !== category.retentionDays}
      change={change}
      onSave={() => days !== undefined && onSave(days)}
      onClose={onClose}
      size="small"
    >
      <div className={styles["form"]}>
        <KeptField label="Evidence is kept" typed={typed} onChange={setTyped} />
        <p>
          It counts from the day on which its case is closed, and holds for the evidence that is there
          already. What goes lies in the recycle bin first.
        </p>
      </div>
    </ChangeDialog>
  );
}
