import { useState } from "react";
import { TextField } from "#design-system/components/text-field.tsx";
import { ChangeDialog } from "./change-dialog.tsx";

interface NameDialogProps {
  readonly title: string;
  readonly before: string;
  readonly confirmLabel: string;
  readonly isPending: boolean;
  /** Why the service refused the name; null while it did not. */
  readonly error: unknown;
  readonly onSave: (name: string) => void;
  readonly onClose: () => void;
}

/** Asks for one name. */
export function NameDialog(props: NameDialogProps) {
  const { title, before, confirmLabel, isPending, error, onSave, onClose } = props;
  const [name, setName] = useState(before);
  const isUsable = name.trim() !== "" && name !== before;
  const save = () => isUsable && onSave(name);
  return (
    <ChangeDialog
      title={title}
      saveLabel={confirmLabel}
      isSaveable={isUsable}
      change={{ isPending, error }}
      onSave={save}
      onClose={onClose}
      size="small"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextField label="Name" value={name} maxLength={256} onChange={setName} autoFocus />
      </form>
    </ChangeDialog>
  );
}
