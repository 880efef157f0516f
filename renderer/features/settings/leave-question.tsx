import { useState } from "react";
import { ConfirmDialog } from "#design-system/components/dialog.tsx";

/**
 * A dialog with what was typed and not saved is not left without a question: neither by a button nor by Escape.
 * @param unsaved what would be lost, by its heading; nothing leaves at once
 */
export function useLeaveQuestion(unsaved: readonly string[], onLeave: () => void) {
  const [isAsking, setIsAsking] = useState(false);
  const question = (
    <ConfirmDialog
      title="Leave without saving?"
      message={`Not saved: ${unsaved.join(", ")}.`}
      confirmLabel="Discard"
      cancelLabel="Keep editing"
      isDanger
      isOpen={isAsking}
      onConfirm={() => {
        setIsAsking(false);
        onLeave();
      }}
      onCancel={() => setIsAsking(false)}
    />
  );
  return { question, leave: () => (unsaved.length > 0 ? setIsAsking(true) : onLeave()) };
}
