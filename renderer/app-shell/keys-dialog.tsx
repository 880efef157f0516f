import { useEffect, useState } from "react";
import { Button } from "../design-system/button.tsx";
import { Dialog } from "../design-system/dialog.tsx";
import { isTyping, SHEET_KEY } from "../design-system/keys.ts";
import { CANVAS_KEY_WORDS, TILE_KEYS } from "../features/camera-tiles/tile-keys.ts";
import { HANDLE_KEY_WORDS, TIMELINE_KEYS } from "../features/export-timeline/timeline-keys.ts";
import styles from "./keys-dialog.module.css";

interface KeyWords {
  readonly shown: string;
  readonly words: string;
}

/** Where each key counts; tiles and timelines read the same tables. */
const SHEET: readonly { readonly where: string; readonly keys: readonly KeyWords[] }[] = [
  { where: "On a tile", keys: [...CANVAS_KEY_WORDS, ...TILE_KEYS] },
  { where: "On a timeline", keys: [...TIMELINE_KEYS, ...HANDLE_KEY_WORDS] },
  {
    where: "In lists",
    keys: [
      { shown: "Enter", words: "Area view: put the camera into the selected tile" },
      { shown: "Shift + arrow keys", words: "Times of the export: select several cameras" },
      { shown: "Letters", words: "To the next name that begins so" },
    ],
  },
  {
    where: "Everywhere",
    keys: [
      { shown: "Escape", words: "Close what is open on top" },
      { shown: SHEET_KEY, words: "This sheet" },
    ],
  },
];

/** The sheet of all keys, by its button and by the key `?` wherever nothing is typed. */
export function KeysSheet() {
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isAsked = event.key === SHEET_KEY && !event.ctrlKey && !event.altKey && !event.metaKey;
      if (!isAsked || event.isComposing || isTyping(event.target)) return;
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
        {SHEET.map(({ where, keys }) => (
          <section key={where} className={styles["group"]}>
            <h3 className={styles["where"]}>{where}</h3>
            <dl className={styles["keys"]}>
              {keys.map(({ shown, words }) => (
                <div key={`${shown} ${words}`} className={styles["line"]}>
                  <dt>
                    <kbd className={styles["key"]}>{shown}</kbd>
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
