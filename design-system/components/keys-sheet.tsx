import { useEffect, useState } from "react";
import type { SheetGroup } from "#shared/page/key-sheet.ts";
import { actionOf, SHEET_KEYS } from "#shared/page/keys.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import styles from "./keys-sheet.module.css";

/** Over a dialog or a menu the sheet would be one more thing to close, and behind a full screen nobody would see it. */
function isCovered(): boolean {
  const covering = document.querySelector("[role=dialog], [role=alertdialog], [role=menu]");
  return covering !== null || document.fullscreenElement !== null;
}

/** The sheet of all keys of a page, by its button and by the key `?` wherever nothing is typed. */
export function KeysSheet({ groups }: { readonly groups: readonly SheetGroup[] }) {
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (actionOf(SHEET_KEYS, event) === null || isCovered()) return;
      event.preventDefault();
      setIsOpen(true);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  const close = () => setIsOpen(false);
  return (
    <>
      <Button size="small" variant="quiet" onPress={() => setIsOpen(true)}>
        Keys
      </Button>
      <Dialog
        title="Keys"
        isOpen={isOpen}
        onClose={close}
        closesBeside
        size="medium"
        footer={<Button onPress={close}>Done</Button>}
      >
        {groups.map((group) => (
          <KeyGroup key={group.where} group={group} />
        ))}
      </Dialog>
    </>
  );
}

function KeyGroup({ group }: { readonly group: SheetGroup }) {
  return (
    <section className={styles["group"]} aria-label={group.where}>
      <h3 className={styles["where"]}>{group.where}</h3>
      <dl className={styles["keys"]}>
        {group.lines.map(({ caps, words }) => (
          <div key={words} className={styles["line"]}>
            <dt className={styles["caps"]}>
              {caps.map((cap) => (
                <kbd key={cap} className={styles["key"]}>
                  {cap}
                </kbd>
              ))}
            </dt>
            <dd className={styles["words"]}>{words}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
