import type { DestinationChange } from "#shared/ipc-contract/destination-contract.ts";
import { Button } from "#design-system/components/button.tsx";
import { Dialog } from "#design-system/components/dialog.tsx";
import { formatBytes } from "#shared/words/amounts.ts";
import styles from "./settings.module.css";

export type AskedChange = Extract<DestinationChange, { kind: "asked" }>;

interface AccountChangeDialogProps {
  readonly asked: AskedChange;
  /** null: nothing is changed. */
  readonly onDecide: (underWay: "finish" | "cancel" | null) => void;
}

/** While exports run, the administrator decides what becomes of them before the account changes. */
export function AccountChangeDialog({ asked, onDecide }: AccountChangeDialogProps) {
  return (
    <Dialog
      title="Exports are under way"
      isOpen
      role="alertdialog"
      onClose={() => onDecide(null)}
      footer={
        <>
          <Button autoFocus onPress={() => onDecide(null)}>
            Change nothing
          </Button>
          <Button variant="danger" onPress={() => onDecide("cancel")}>
            Cancel them
          </Button>
          <Button variant="primary" onPress={() => onDecide("finish")}>
            Let them end there
          </Button>
        </>
      }
    >
      <div className={styles["section"]}>
        <p>
          Exports that have not ended were made for <bdi>{asked.from}</bdi>. What becomes of them when
          evidence goes to <bdi>{asked.to}</bdi>?
        </p>
        <dl className={styles["facts"]}>
          <dt>Exports</dt>
          <dd>
            {asked.exports}
            {asked.failedExports > 0 && `, of which ${asked.failedExports} failed and can be tried again`}
          </dd>
          <dt>Cameras</dt>
          <dd>{asked.cameras}</dd>
          <dt>Left to send</dt>
          <dd>{formatBytes(asked.leftBytes)}</dd>
        </dl>
        <p className={styles["hint"]}>
          An export stays with the account that it was made for: that account is kept, sealed, until the last
          of them has ended.
        </p>
      </div>
    </Dialog>
  );
}
