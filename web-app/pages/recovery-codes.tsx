import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { StatusText } from "#design-system/components/text.tsx";
import people from "./people.module.css";

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onDone: () => void;
}

/** Shown this once, and closed by whoever has kept them. */
export function RecoveryCodes({ codes, onDone }: RecoveryCodesProps) {
  return (
    <div className={people["inner"]}>
      <p>
        Keep these recovery codes where you find them without this device: on paper, or in a password manager.
        Each lets you in once, in place of the second factor. They are not shown again.
      </p>
      <ul aria-label="Recovery codes" className={people["codes"]}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <CopyAndDone codes={codes} onDone={onDone} />
    </div>
  );
}

function CopyAndDone({ codes, onDone }: RecoveryCodesProps) {
  const [said, setSaid] = useState("");
  const copy = () => {
    navigator.clipboard.writeText(codes.join("\n")).then(
      () => setSaid("Copied."),
      () => setSaid("The browser does not allow it: select the codes, and copy them by hand."),
    );
  };
  return (
    <div className={people["end"]}>
      <StatusText tone="quiet">{said}</StatusText>
      <Button onPress={copy}>Copy codes</Button>
      <Button variant="primary" autoFocus onPress={onDone}>
        I have kept them
      </Button>
    </div>
  );
}
