import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Dialog } from "#design-system/components/dialog.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import { refusalText } from "./refusal-text.ts";

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
    <Dialog
      title={title}
      isOpen
      onClose={onClose}
      size="small"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" isDisabled={!isUsable} isPending={isPending} onPress={save}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      <TextField
        label="Name"
        value={name}
        maxLength={256}
        onChange={setName}
        autoFocus
        errorMessage={error === null ? null : refusalText(error)}
        onKeyDown={(event) => {
          if (event.key === "Enter") save();
          else event.continuePropagation();
        }}
      />
    </Dialog>
  );
}
