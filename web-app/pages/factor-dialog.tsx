import { useState, type FormEvent, type ReactNode } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Dialog } from "#design-system/components/dialog.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import type { WebPasskey } from "#shared/web-api/second-factor.ts";
import { useNewPasskey } from "../service-client/passkeys.ts";
import { useFactorChange, useFactorRemoval, useNewApp } from "../service-client/second-factor.ts";
import { AppSetUp } from "./app-set-up.tsx";
import { ChangeStatus } from "./change-status.tsx";
import people from "./people.module.css";
import { RecoveryCodes } from "./recovery-codes.tsx";

export type FactorTask =
  | { readonly kind: "app" | "codes" | "remove-app" | "passkey" }
  | { readonly kind: "remove-passkey"; readonly passkey: WebPasskey };

const TASKS: Readonly<Record<FactorTask["kind"], { readonly title: string; readonly next: string }>> = {
  app: { title: "Authenticator app", next: "Continue" },
  codes: { title: "New recovery codes", next: "Make new codes" },
  passkey: { title: "Add a passkey", next: "Continue" },
  "remove-app": { title: "Remove the app", next: "Remove" },
  "remove-passkey": { title: "Remove the passkey", next: "Remove" },
};

interface FactorDialogProps {
  readonly task: FactorTask;
  readonly onClose: () => void;
}

/** One change of the own second factor: first the password, then what the task needs, then codes where there are new ones. */
export function FactorDialog({ task, onClose }: FactorDialogProps) {
  const begin = useNewApp();
  const change = useFactorChange();
  const passkey = useNewPasskey();
  const removal = useFactorRemoval();
  const [name, setName] = useState("This device");
  const { title, next } = TASKS[task.kind];
  const codes = change.data?.recoveryCodes ?? passkey.data?.recoveryCodes ?? null;
  const unlessCodes = {
    onSuccess: (made: { readonly recoveryCodes: readonly string[] | null }) =>
      made.recoveryCodes === null && onClose(),
  };
  const givePassword = (password: string) => {
    if (task.kind === "app") begin.mutate(password);
    else if (task.kind === "codes") change.mutate({ word: "recovery-codes", body: { password } });
    else if (task.kind === "passkey") passkey.mutate({ name, password }, unlessCodes);
    else {
      const passkeyId = "passkey" in task ? task.passkey.passkeyId : null;
      removal.mutate({ passkeyId, password }, { onSuccess: onClose });
    }
  };
  const confirm = (code: string) => change.mutate({ word: "app/confirm", body: { code } }, unlessCodes);
  const asking = { app: begin, codes: change, passkey, "remove-app": removal, "remove-passkey": removal };
  return (
    <Dialog title={codes === null ? title : "Recovery codes"} isOpen onClose={onClose} size="small">
      {codes !== null ? (
        <RecoveryCodes codes={codes} onDone={onClose} />
      ) : begin.data !== undefined ? (
        <AppSetUp begun={begin.data} change={change} onConfirm={confirm}>
          <Button onPress={onClose}>Cancel</Button>
        </AppSetUp>
      ) : (
        <PasswordForm next={next} change={asking[task.kind]} onGive={givePassword} onClose={onClose}>
          {task.kind === "passkey" && (
            <TextField
              label="Name of the passkey"
              value={name}
              onChange={setName}
              description="So that you know it again among others."
              maxLength={100}
              isRequired
            />
          )}
        </PasswordForm>
      )}
    </Dialog>
  );
}

interface PasswordFormProps {
  readonly next: string;
  readonly change: { readonly isPending: boolean; readonly error: unknown };
  readonly onGive: (password: string) => void;
  readonly onClose: () => void;
  /** What is asked beside it. */
  readonly children: ReactNode;
}

/** Whoever finds a browser open does not change how its owner signs in. */
function PasswordForm({ next, change, onGive, onClose, children }: PasswordFormProps) {
  const [password, setPassword] = useState("");
  const give = (event: FormEvent) => {
    event.preventDefault();
    if (password !== "") onGive(password);
  };
  return (
    <form className={people["inner"]} onSubmit={give}>
      <TextField
        label="Your password"
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        autoFocus
        isRequired
      />
      {children}
      <div className={people["end"]}>
        <ChangeStatus error={change.error}>{null}</ChangeStatus>
        <Button onPress={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" isPending={change.isPending} isDisabled={password === ""}>
          {next}
        </Button>
      </div>
    </form>
  );
}
