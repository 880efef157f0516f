import { useState, type ReactNode } from "react";
import { Button } from "#design-system/components/button.tsx";
import { ConfirmDialog } from "#design-system/components/dialog.tsx";

interface LockButtonProps {
  readonly isLocked: boolean;
  readonly isPending: boolean;
  /** What it means for whoever has the account. */
  readonly children: ReactNode;
  readonly onChange: (word: "lock" | "unlock") => void;
}

/** Locks an account once that was said yes to, and unlocks it at once. */
export function LockButton({ isLocked, isPending, children, onChange }: LockButtonProps) {
  const [isAsking, setIsAsking] = useState(false);
  const lock = () => {
    setIsAsking(false);
    onChange("lock");
  };
  return (
    <>
      <Button isPending={isPending} onPress={() => (isLocked ? onChange("unlock") : setIsAsking(true))}>
        {isLocked ? "Unlock" : "Lock"}
      </Button>
      <ConfirmDialog
        title="Lock this account?"
        message={<p>{children}</p>}
        confirmLabel="Lock"
        isDanger
        isOpen={isAsking}
        onConfirm={lock}
        onCancel={() => setIsAsking(false)}
      />
    </>
  );
}
