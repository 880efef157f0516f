import { inSentences } from "#shared/domain/failure.ts";
import { useRef, useState, type FormEvent } from "react";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import type { LogOnState } from "#shared/ipc-contract/operator-contract.ts";
import { Button } from "#design-system/components/button.tsx";
import { Dialog } from "#design-system/components/dialog.tsx";
import { Icon } from "#design-system/icons/icon.tsx";
import { formatInstant } from "#shared/words/moments.ts";
import { Name } from "#design-system/components/name.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import { useLogOn } from "../../main-process-client/operator.ts";
import styles from "./log-on-dialog.module.css";

const FORM_ID = "log-on";

/** The door: nothing of the site is read or shown before it is passed. */
export function LogOnDialog({ loggedOn }: { readonly loggedOn: LogOnState }) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const logOn = useLogOn();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    // The same sentence twice is only read out again when it was gone between.
    setRefusal(null);
    const outcome = await logOn.run({ username: username.trim(), password });
    if (outcome.ok) return;
    setPassword("");
    setRefusal(inSentences(outcome.error));
    // Where the next try begins: the button is out of use without a password.
    passwordField.current?.focus();
  };
  const choose = (name: string, itsPassword: string) => {
    setUsername(name);
    setPassword(itsPassword);
    setRefusal(null);
  };
  const isComplete = username.trim() !== "" && password !== "";
  return (
    <Dialog
      title="Log on"
      isOpen
      size="small"
      footerStart={
        <span className={styles["site"]}>
          <Name>{loggedOn.siteName}</Name>
        </span>
      }
      footer={
        <Button
          type="submit"
          form={FORM_ID}
          variant="primary"
          isDisabled={!isComplete}
          isPending={logOn.isRunning}
        >
          Log on
        </Button>
      }
    >
      <form id={FORM_ID} className={styles["form"]} onSubmit={(event) => void submit(event)}>
        <div className={styles["brand"]}>
          <Icon name="camera" size={22} />
          <span>{PRODUCT_NAME}</span>
        </div>
        {loggedOn.endedByErrorUtcMs !== null && (
          <p className={styles["ended"]}>
            The console ended because of an error at{" "}
            {formatInstant(loggedOn.endedByErrorUtcMs, loggedOn.siteTimeZone)} and was started again. Exports
            go on where they were.
          </p>
        )}
        <TextField
          label="User name"
          value={username}
          onChange={setUsername}
          autoFocus
          autoComplete="username"
        />
        <TextField
          label="Password"
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          inputRef={passwordField}
        />
        <div role="alert" className={styles["refusal"]}>
          {refusal}
        </div>
      </form>
      {loggedOn.demoOperators.length > 0 && (
        <DemoOperators operators={loggedOn.demoOperators} onChoose={choose} />
      )}
    </Dialog>
  );
}

interface DemoOperatorsProps {
  readonly operators: LogOnState["demoOperators"];
  readonly onChoose: (username: string, password: string) => void;
}

function DemoOperators({ operators, onChoose }: DemoOperatorsProps) {
  return (
    <section className={styles["demo"]} aria-label="Operators of the demo site">
      <h3 className={styles["demoTitle"]}>Operators of the demo site</h3>
      {operators.map(({ username, password, note }) => (
        <button
          key={username}
          type="button"
          className={styles["demoOperator"]}
          onClick={() => onChoose(username, password)}
        >
          <Icon name="user" />
          <span className={styles["demoName"]}>{username}</span>
          <code className={styles["demoPassword"]}>{password}</code>
          <span className={styles["demoNote"]}>{note}</span>
        </button>
      ))}
    </section>
  );
}
