import { Message } from "#design-system/components/message.tsx";
import { Name } from "#design-system/components/name.tsx";
import type { WebSecondStep } from "#shared/web-api/second-factor.ts";
import { useAppAtSignIn, useAppConfirmedAtSignIn, useSignedIn } from "../service-client/second-factor.ts";
import { AppSetUp } from "./app-set-up.tsx";
import { BeginAgainButton } from "./begin-again-button.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";
import { ServiceFailure } from "./service-failure.tsx";
import styles from "./sign-in-page.module.css";

/** Somebody has to have a second factor, and sets it up before they are in. */
export function RequiredSetUp({ step }: { readonly step: WebSecondStep }) {
  const begun = useAppAtSignIn();
  const confirming = useAppConfirmedAtSignIn();
  const goOn = useSignedIn();
  const done = confirming.data;
  return (
    <div className={styles["step"]}>
      <h1>{done === undefined ? "Set up a second factor" : "Recovery codes"}</h1>
      {done !== undefined ? (
        <RecoveryCodes codes={done.recoveryCodes} onDone={() => goOn(done.me)} />
      ) : (
        <>
          <p>
            <Name>{step.username}</Name>, your account needs a second factor beside the password.
          </p>
          {begun.data !== undefined ? (
            <AppSetUp begun={begun.data} change={confirming} onConfirm={(code) => confirming.mutate(code)}>
              <BeginAgainButton />
            </AppSetUp>
          ) : begun.isError ? (
            <ServiceFailure error={begun.error} onRetry={() => void begun.refetch()} />
          ) : (
            <Message busy title="Asking the service…" />
          )}
        </>
      )}
    </div>
  );
}
