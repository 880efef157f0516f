import { useState, type FormEvent } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Dialog } from "#design-system/components/dialog.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import { useFactorChange, useFactorRemoval, useNewApp } from "../service-client/second-factor.ts";
import { AppSetUp } from "./app-set-up.tsx";
import { ChangeStatus } from "./change-status.tsx";
import people from "./people.module.css";
import { RecoveryCodes } from "./recovery-codes.tsx";

export type FactorTask = "app" | "codes" | "remove";

const TASKS: Readonly<Record<FactorTask, { readonly title: string; readonly next: string }>> = {
  app: { title: "Authenticator app", next: "Continue" },
  codes: { title: "New recovery codes", next: "Make new codes" },
  remove: { title: "Remove the app", next: "Remove" },
};

interface FactorDialogProps {
  readonly task: FactorTask;
  readonly onClose: () => void;
}

/** One change of the own second factor: first the password, then what the task needs, then codes where there are new ones. */
export function FactorDialog({ task, onClose }: FactorDialogProps) {
  const begin = useNewApp();
  const change = useFactorChange();
  const removal = useFactorRemoval();
  const { title, next } = TASKS[task];
  const codes = change.data?.recoveryCodes ?? null;
  const givePassword = (password: string) => {
    if (task === "app") begin.mutate(password);
    else if (task === "codes") change.mutate({ word: "recovery-codes", body: { password } });
    else removal.mutate(password, { onSuccess: onClose });
  };
  const confirm = (code: string) =>
    change.mutate(
      { word: "app/confirm", body: { code } },
      { onSuccess: ({ recoveryCodes }) => recoveryCodes === null && onClose() },
    );
  const asking = { app: begin, codes: change, remove: removal }[task];
  return (
    <Dialog title={codes === null ? title : "Recovery codes"} isOpen onClose={onClose} size="small">
      {codes !== null ? (
        <RecoveryCodes codes={codes} onDone={onClose} />
      ) : begin.data !== undefined ? (
        <AppSetUp begun={begin.data} change={change} onConfirm={confirm}>
          <Button onPress={onClose}>Cancel</Button>
        </AppSetUp>
      ) : (
        <PasswordForm next={next} change={asking} onGive={givePassword} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface PasswordFormProps {
  readonly next: string;
  readonly change: { readonly isPending: boolean; readonly error: unknown };
  readonly onGive: (password: string) => void;
  readonly onClose: () => void;
}

/** Whoever finds a browser open does not change how its owner signs in. */
function PasswordForm({ next, change, onGive, onClose }: PasswordFormProps) {
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
