import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { actionOf, SHEET_KEYS } from "#shared/page/keys.ts";
import { Dialog } from "../design-system/dialog.tsx";
import { WEB_KEY_SHEET } from "./web-key-sheet.ts";

/** The sheet of all keys, by its button and by the key `?` wherever nothing is typed. */
export function KeysSheet() {
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (actionOf(SHEET_KEYS, event) === null) return;
      // Behind a picture that fills the screen nobody would see it.
      if (document.fullscreenElement !== null || document.querySelector("[role=dialog]") !== null) return;
      event.preventDefault();
      setIsOpen(true);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  return (
    <>
      <Button className="button quiet" onPress={() => setIsOpen(true)}>
        Keys
      </Button>
      <Dialog title="Keys" isOpen={isOpen} onClose={() => setIsOpen(false)}>
        {WEB_KEY_SHEET.map(({ where, lines }) => (
          <section key={where} aria-label={where} className="key-group">
            <h3>{where}</h3>
            <dl>
              {lines.map(({ caps, words }) => (
                <div key={words} className="key-line">
                  <dt>
                    {caps.map((cap) => (
                      <kbd key={cap}>{cap}</kbd>
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
