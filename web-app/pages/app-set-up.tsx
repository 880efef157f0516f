import { useState, type FormEvent, type ReactNode } from "react";
import { Button } from "#design-system/components/button.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import type { WebBegunApp } from "#shared/web-api/second-factor.ts";
import { CodeField } from "./code-field.tsx";
import { ChangeStatus } from "./change-status.tsx";
import people from "./people.module.css";
import { QrCode } from "./qr-code.tsx";

interface AppSetUpProps {
  readonly begun: WebBegunApp;
  readonly change: { readonly isPending: boolean; readonly error: unknown };
  readonly onConfirm: (code: string) => void;
  /** Beside the button that confirms. */
  readonly children?: ReactNode;
}

/** The secret as a picture and as text, and the first code of the app that has it now. */
export function AppSetUp({ begun, change, onConfirm, children }: AppSetUpProps) {
  const [code, setCode] = useState("");
  const confirm = (event: FormEvent) => {
    event.preventDefault();
    if (code !== "") onConfirm(code);
  };
  return (
    <form className={people["inner"]} onSubmit={confirm}>
      <p>Scan this picture with an authenticator app, on your phone or in your password manager.</p>
      <QrCode text={begun.address} label="Picture for the app; the secret stands below as text" />
      <TextField
        label="Or type this secret into it"
        value={begun.secret.replaceAll(/(.{4})(?=.)/g, "$1 ")}
        isReadOnly
      />
      <CodeField label="Code that the app shows" value={code} onChange={setCode} autoFocus />
      <div className={people["end"]}>
        <ChangeStatus error={change.error}>{null}</ChangeStatus>
        {children}
        <Button type="submit" variant="primary" isPending={change.isPending} isDisabled={code === ""}>
          Confirm
        </Button>
      </div>
    </form>
  );
}
