import { useState, type FormEvent } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Name } from "#design-system/components/name.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import type { WebSecondStep } from "#shared/web-api/second-factor.ts";
import { hasPasskeysHere, usePasskeyAnswer } from "../service-client/passkeys.ts";
import { useSecondCode } from "../service-client/second-factor.ts";
import { BeginAgainButton } from "./begin-again-button.tsx";
import { CodeField } from "./code-field.tsx";
import lone from "./lone-page.module.css";
import { usePageTitle } from "./page-title.ts";
import { refusalText } from "./refusal-text.ts";
import { RequiredSetUp } from "./required-set-up.tsx";
import styles from "./sign-in-page.module.css";

interface SecondStepPageProps {
  readonly step: WebSecondStep;
  /** What passkeys are for; null where there are none. */
  readonly passkeyHost: string | null;
}

/** After the password: what else is asked of the person. */
export function SecondStepPage({ step, passkeyHost }: SecondStepPageProps) {
  usePageTitle("Sign in");
  return (
    <main className={lone["page"]}>
      <div className={styles["form"]}>
        <p className={styles["product"]}>
          <img src="/icon.svg" alt="" width="28" height="28" />
          {PRODUCT_NAME}
        </p>
        {step.step === "code" ? (
          <AnswerStep step={step} passkeyHost={passkeyHost} />
        ) : (
          <RequiredSetUp step={step} passkeyHost={passkeyHost} />
        )}
      </div>
    </main>
  );
}

type Way = "passkey" | "app" | "recovery";

const OTHERWISE: Readonly<Record<Way, string>> = {
  passkey: "Use a passkey",
  app: "Use the app",
  recovery: "Use a recovery code",
};

/** The first is offered, the others are a press away. */
function waysOf({ hasApp, hasPasskeys, hasRecoveryCodes }: WebSecondStep, host: string | null): Way[] {
  return [
    ...(hasPasskeys && hasPasskeysHere(host) ? (["passkey"] as const) : []),
    ...(hasApp ? (["app"] as const) : []),
    ...(hasRecoveryCodes ? (["recovery"] as const) : []),
  ];
}

function AnswerStep({ step, passkeyHost }: SecondStepPageProps) {
  const ways = waysOf(step, passkeyHost);
  const [way, setWay] = useState(ways[0] ?? "recovery");
  return (
    <div className={styles["step"]}>
      <h1>Second factor</h1>
      <p>
        You sign in as <Name>{step.username}</Name>.
      </p>
      {way === "passkey" ? <PasskeyWay /> : <CodeWay key={way} by={way} />}
      {ways
        .filter((other) => other !== way)
        .map((other) => (
          <Button key={other} onPress={() => setWay(other)}>
            {OTHERWISE[other]}
          </Button>
        ))}
      <BeginAgainButton />
    </div>
  );
}

function PasskeyWay() {
  const answering = usePasskeyAnswer();
  return (
    <>
      <Refused error={answering.error} />
      <Button autoFocus variant="primary" isPending={answering.isPending} onPress={() => answering.mutate()}>
        Sign in with your passkey
      </Button>
    </>
  );
}

function CodeWay({ by }: { readonly by: "app" | "recovery" }) {
  const answering = useSecondCode();
  const [code, setCode] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    answering.mutate({ by, code });
  };
  return (
    <form className={styles["step"]} onSubmit={submit}>
      {by === "app" ? (
        <CodeField label="Code of your authenticator app" value={code} onChange={setCode} autoFocus />
      ) : (
        <TextField
          label="Recovery code"
          value={code}
          onChange={setCode}
          maxLength={64}
          autoFocus
          isRequired
        />
      )}
      <Refused error={answering.error} />
      <Button type="submit" variant="primary" isPending={answering.isPending} isDisabled={code === ""}>
        Sign in
      </Button>
    </form>
  );
}

function Refused({ error }: { readonly error: unknown }) {
  return (
    <div role="alert" className={styles["alert"]}>
      {error !== null && <p className={styles["refusal"]}>{refusalText(error)}</p>}
    </div>
  );
}
