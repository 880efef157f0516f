import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Name } from "#design-system/components/name.tsx";
import type { WebSecondStep } from "#shared/web-api/second-factor.ts";
import { hasPasskeysHere, usePasskeyAtSetUp } from "../service-client/passkeys.ts";
import { useAppAtSignIn, useAppConfirmedAtSignIn, useSignedIn } from "../service-client/second-factor.ts";
import { AppSetUp } from "./app-set-up.tsx";
import { BeginAgainButton } from "./begin-again-button.tsx";
import { ChangeStatus } from "./change-status.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";
import { ServiceFailure } from "./service-failure.tsx";
import styles from "./sign-in-page.module.css";

/** What a passkey is called until its owner gives it a name. */
const FIRST_NAME = "First passkey";

interface RequiredSetUpProps {
  readonly step: WebSecondStep;
  readonly passkeyHost: string | null;
}

/** Somebody has to have a second factor, and sets it up before they are in. */
export function RequiredSetUp({ step, passkeyHost }: RequiredSetUpProps) {
  const confirming = useAppConfirmedAtSignIn();
  const passkey = usePasskeyAtSetUp();
  const [way, setWay] = useState<"app" | null>(hasPasskeysHere(passkeyHost) ? null : "app");
  const goOn = useSignedIn();
  const done = confirming.data ?? passkey.data;
  if (done !== undefined)
    return (
      <div className={styles["step"]}>
        <h1>Recovery codes</h1>
        <RecoveryCodes codes={done.recoveryCodes} onDone={() => goOn(done.me)} />
      </div>
    );
  return (
    <div className={styles["step"]}>
      <h1>Set up a second factor</h1>
      <p>
        <Name>{step.username}</Name>, your account needs a second factor beside the password.
      </p>
      {way === null ? (
        <>
          <ChangeStatus error={passkey.error}>{null}</ChangeStatus>
          <Button
            autoFocus
            variant="primary"
            isPending={passkey.isPending}
            onPress={() => passkey.mutate(FIRST_NAME)}
          >
            Make a passkey
          </Button>
          <Button onPress={() => setWay("app")}>Set up an app</Button>
          <BeginAgainButton />
        </>
      ) : (
        <AppAtSignIn confirming={confirming} />
      )}
    </div>
  );
}

function AppAtSignIn({ confirming }: { readonly confirming: ReturnType<typeof useAppConfirmedAtSignIn> }) {
  const begun = useAppAtSignIn();
  if (begun.data !== undefined)
    return (
      <AppSetUp begun={begun.data} change={confirming} onConfirm={(code) => confirming.mutate(code)}>
        <BeginAgainButton />
      </AppSetUp>
    );
  if (!begun.isError) return <Message busy title="Asking the service…" />;
  return <ServiceFailure error={begun.error} onRetry={() => void begun.refetch()} />;
}
