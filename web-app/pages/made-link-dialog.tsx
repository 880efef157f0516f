import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Dialog } from "#design-system/components/dialog.tsx";
import { Name } from "#design-system/components/name.tsx";
import { StatusText } from "#design-system/components/text.tsx";
import type { WebMadeLink } from "#shared/web-api/people.ts";
import { Time } from "../wall-clock/time.tsx";
import styles from "./people.module.css";

interface MadeLinkDialogProps {
  /** Null while there is none to show. */
  readonly made: WebMadeLink | null;
  readonly onClose: () => void;
}

/** A link that was just made: where it went, or the link itself, which is shown this once. */
export function MadeLinkDialog({ made, onClose }: MadeLinkDialogProps) {
  return (
    <Dialog
      title={made?.isSent === true ? "The link was sent" : "A link to pass on"}
      isOpen={made !== null}
      onClose={onClose}
      size="medium"
      footer={
        <Button autoFocus variant="primary" onPress={onClose}>
          Done
        </Button>
      }
    >
      {made !== null && <Made made={made} />}
    </Dialog>
  );
}

function Made({ made: { person, url, expiresUtc } }: { readonly made: WebMadeLink }) {
  return (
    <div className={styles["link"]}>
      {url === null ? (
        <p>
          It went to <Name>{person.mail ?? ""}</Name>. <Name>{person.fullName}</Name> chooses a password with
          it.
        </p>
      ) : (
        <>
          <p>
            No mail was sent. Give this link to <Name>{person.fullName}</Name> in a way that nobody else
            reads: whoever has it chooses the password. It is not shown again.
          </p>
          <p className={styles["url"]}>{url}</p>
          <CopyButton text={url} />
        </>
      )}
      <p>
        It works once, until <Time utc={expiresUtc} precision="minute" />.
      </p>
    </div>
  );
}

function CopyButton({ text }: { readonly text: string }) {
  const [said, setSaid] = useState("");
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setSaid("Copied."),
      () => setSaid("The browser does not allow it: select the link, and copy it by hand."),
    );
  };
  return (
    <div className={styles["end"]}>
      <StatusText tone="quiet">{said}</StatusText>
      <Button onPress={copy}>Copy link</Button>
    </div>
  );
}
