import { useState, type FormEvent } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Name } from "#design-system/components/name.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import type { SecondCode, WebSecondStep } from "#shared/web-api/second-factor.ts";
import { useSecondCode } from "../service-client/second-factor.ts";
import { BeginAgainButton } from "./begin-again-button.tsx";
import { CodeField } from "./code-field.tsx";
import lone from "./lone-page.module.css";
import { usePageTitle } from "./page-title.ts";
import { RequiredSetUp } from "./required-set-up.tsx";
import styles from "./sign-in-page.module.css";
import { refusalText } from "./refusal-text.ts";

/** After the password: what else is asked of the person. */
export function SecondStepPage({ step }: { readonly step: WebSecondStep }) {
  usePageTitle("Sign in");
  return (
    <main className={lone["page"]}>
      <div className={styles["form"]}>
        <p className={styles["product"]}>
          <img src="/icon.svg" alt="" width="28" height="28" />
          {PRODUCT_NAME}
        </p>
        {step.step === "code" ? <CodeStep step={step} /> : <RequiredSetUp step={step} />}
      </div>
    </main>
  );
}

function CodeStep({ step }: { readonly step: WebSecondStep }) {
  const answering = useSecondCode();
  const [by, setBy] = useState<SecondCode["by"]>(step.hasApp ? "app" : "recovery");
  const [code, setCode] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    answering.mutate({ by, code });
  };
  const choose = (other: SecondCode["by"]) => {
    setBy(other);
    setCode("");
    answering.reset();
  };
  return (
    <form className={styles["step"]} onSubmit={submit}>
      <h1>Second factor</h1>
      <p>
        You sign in as <Name>{step.username}</Name>.
      </p>
      {by === "app" ? (
        <CodeField
          key={by}
          label="Code of your authenticator app"
          value={code}
          onChange={setCode}
          autoFocus
        />
      ) : (
        <TextField
          key={by}
          label="Recovery code"
          value={code}
          onChange={setCode}
          maxLength={64}
          autoFocus
          isRequired
        />
      )}
      <div role="alert" className={styles["alert"]}>
        {answering.error !== null && <p className={styles["refusal"]}>{refusalText(answering.error)}</p>}
      </div>
      <Button type="submit" variant="primary" isPending={answering.isPending} isDisabled={code === ""}>
        Sign in
      </Button>
      {by === "app" && step.hasRecoveryCodes && (
        <Button onPress={() => choose("recovery")}>Use a recovery code</Button>
      )}
      {by === "recovery" && step.hasApp && <Button onPress={() => choose("app")}>Use the app</Button>}
      <BeginAgainButton />
    </form>
  );
}
