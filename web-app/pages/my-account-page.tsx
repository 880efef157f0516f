import { useState, type FormEvent } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Facts } from "#design-system/components/facts.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import type { WebOwnAccount } from "#shared/web-api/people.ts";
import { useOwnAccount, useOwnChange } from "../service-client/own-account.ts";
import { ChangeStatus } from "./change-status.tsx";
import { NewPasswordFields, type TypedPassword } from "./new-password-fields.tsx";
import { OwnActivityPanel } from "./own-activity-panel.tsx";
import { OwnFactorsPanel } from "./own-factors-panel.tsx";
import { usePageTitle } from "./page-title.ts";
import people from "./people.module.css";
import styles from "./record-page.module.css";
import { ServiceFailure } from "./service-failure.tsx";
import { SignInsTable } from "./sign-ins-table.tsx";

/** What everybody looks after for themselves: their password, their second factor, and where they are signed in. */
export function MyAccountPage() {
  usePageTitle("My account");
  const answer = useOwnAccount();
  if (answer.isPending) return <Message busy title="Loading your account…" />;
  if (answer.isError && answer.data === undefined) {
    return <ServiceFailure error={answer.error} onRetry={() => void answer.refetch()} />;
  }
  return <LoadedAccount answer={answer.data} />;
}

function LoadedAccount({ answer: { person, signIns } }: { readonly answer: WebOwnAccount }) {
  const ending = useOwnChange();
  const end = (signInId: string | null) => ending.mutate({ word: "sign-ins/end", body: { signInId } });
  return (
    <div className={styles["page"]}>
      <header className={styles["header"]}>
        <h1>My account</h1>
      </header>
      <div className={styles["columns"]}>
        <div className={people["sections"]}>
          <Panel title="Account">
            <Facts
              facts={[
                { label: "Name", value: person.fullName },
                { label: "User name", value: person.username },
                { label: "Mail", value: person.mail },
              ]}
            />
          </Panel>
          <PasswordPanel />
        </div>
        <div className={people["sections"]}>
          <OwnFactorsPanel />
          <OwnActivityPanel />
          <Panel title="Where I am signed in">
            <SignInsTable signIns={signIns} onEnd={end} />
            <div className={people["form"]}>
              <div className={people["end"]}>
                <ChangeStatus error={ending.error}>{null}</ChangeStatus>
                <Button
                  isPending={ending.isPending}
                  isDisabled={signIns.length < 2}
                  onPress={() => end(null)}
                >
                  End all others
                </Button>
              </div>
            </div>
          </Panel>
        </div>
      </div>
    </div>
  );
}

const EMPTY: TypedPassword = { password: "", again: "" };

function PasswordPanel() {
  const changing = useOwnChange();
  const [current, setCurrent] = useState("");
  const [typed, setTyped] = useState(EMPTY);
  const isReady = current !== "" && typed.password !== "" && typed.password === typed.again;
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady) return;
    const body = { current, password: typed.password };
    const forget = () => {
      setCurrent("");
      setTyped(EMPTY);
    };
    changing.mutate({ word: "password", body }, { onSuccess: forget });
  };
  return (
    <Panel title="Password">
      <form className={people["form"]} onSubmit={save}>
        <TextField
          label="Present password"
          type="password"
          value={current}
          onChange={setCurrent}
          autoComplete="current-password"
          isRequired
        />
        <NewPasswordFields typed={typed} onType={setTyped} />
        <div className={people["end"]}>
          <ChangeStatus error={changing.error}>
            {changing.isSuccess && "The password is changed. You are signed in here alone now."}
          </ChangeStatus>
          <Button type="submit" isPending={changing.isPending} isDisabled={!isReady}>
            Change password
          </Button>
        </div>
      </form>
    </Panel>
  );
}
