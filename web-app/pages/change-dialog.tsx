import type { ReactNode } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Dialog } from "#design-system/components/dialog.tsx";
import { ChangeStatus } from "./change-status.tsx";

interface ChangeDialogProps {
  readonly title: string;
  readonly saveLabel: string;
  readonly isSaveable: boolean;
  readonly change: { readonly isPending: boolean; readonly error: unknown };
  readonly onSave: () => void;
  readonly onClose: () => void;
  readonly size?: "small" | "medium";
  readonly children: ReactNode;
}

/** A form that changes one thing at the service; why it was refused stands beside its buttons. */
export function ChangeDialog(props: ChangeDialogProps) {
  const { title, saveLabel, isSaveable, change, onSave, onClose, size = "medium", children } = props;
  return (
    <Dialog
      title={title}
      isOpen
      onClose={onClose}
      size={size}
      footerStart={<ChangeStatus error={change.error}>{null}</ChangeStatus>}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" isDisabled={!isSaveable} isPending={change.isPending} onPress={onSave}>
            {saveLabel}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
