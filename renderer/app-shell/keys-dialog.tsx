import { useEffect, useState } from "react";
import { actionOf, SHEET_KEYS } from "#shared/page/keys.ts";
import { Button } from "#design-system/components/button.tsx";
import { Dialog } from "#design-system/components/dialog.tsx";
import { CONSOLE_KEY_SHEET } from "./console-key-sheet.ts";
import styles from "./keys-dialog.module.css";

/** The sheet of all keys, by its button and by the key `?` wherever nothing is typed. */
export function KeysSheet() {
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (actionOf(SHEET_KEYS, event) === null) return;
      // Over a dialog or a menu it would be one more thing to close.
      if (document.querySelector("[role=dialog], [role=alertdialog], [role=menu]") !== null) return;
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
        size="medium"
        footer={<Button onPress={close}>Done</Button>}
      >
        {CONSOLE_KEY_SHEET.map(({ where, lines }) => (
          <section key={where} className={styles["group"]} aria-label={where}>
            <h3 className={styles["where"]}>{where}</h3>
            <dl className={styles["keys"]}>
              {lines.map(({ caps, words }) => (
                <div key={words} className={styles["line"]}>
                  <dt className={styles["caps"]}>
                    {caps.map((cap) => (
                      <kbd key={cap} className={styles["key"]}>
                        {cap}
                      </kbd>
                    ))}
                  </dt>
                  <dd>{words}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </Dialog>
    </>
  );
}
