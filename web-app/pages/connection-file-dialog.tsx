import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Dialog } from "#design-system/components/dialog.tsx";
import { Name } from "#design-system/components/name.tsx";
import { StatusText } from "#design-system/components/text.tsx";
import type { WebMadeKey } from "#shared/web-api/service-accounts.ts";
import styles from "./people.module.css";

interface ConnectionFileDialogProps {
  /** Null while there is none to save. */
  readonly made: WebMadeKey | null;
  readonly onClose: () => void;
}

/** The connection file of a key that was just made: the private key is in it, and nowhere else. */
export function ConnectionFileDialog({ made, onClose }: ConnectionFileDialogProps) {
  // Of which key: the dialog is there again for the next one.
  const [saved, setSaved] = useState<WebMadeKey | null>(null);
  const isSaved = made !== null && saved === made;
  const save = () => {
    if (made === null) return;
    saveAs(fileNameOf(made.account.name), `${JSON.stringify(made.connectionFile, null, 2)}\n`);
    setSaved(made);
  };
  return (
    <Dialog
      title="The connection file"
      isOpen={made !== null}
      onClose={onClose}
      size="small"
      footer={
        <>
          <Button variant={isSaved ? "neutral" : "primary"} autoFocus onPress={save}>
            Save file
          </Button>
          <Button variant={isSaved ? "primary" : "neutral"} onPress={onClose}>
            Done
          </Button>
        </>
      }
      footerStart={<StatusText tone="quiet">{isSaved && "It is among your downloads."}</StatusText>}
    >
      {made !== null && (
        <div className={styles["link"]}>
          <p>
            A console imports this file to send as <Name>{made.account.name}</Name>; a program signs in with
            the key in it.
          </p>
          <p>
            Save it now: the service does not keep the key, and cannot give the file out again. Whoever has it
            can do what the account may. Carry it as you would carry a password.
          </p>
        </div>
      )}
    </Dialog>
  );
}

/** As consoles find connection files, and without what file systems refuse in names. */
const fileNameOf = (name: string): string =>
  `connection-file ${name.replaceAll(/[^\p{L}\p{N} ._-]/gu, "_")}.json`;

function saveAs(name: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
