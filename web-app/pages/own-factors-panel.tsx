import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { type Fact, Facts } from "#design-system/components/facts.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { Quiet } from "#design-system/components/text.tsx";
import type { WebOwnFactors } from "#shared/web-api/second-factor.ts";
import { formatCount } from "#shared/words/amounts.ts";
import { hasPasskeysHere } from "../service-client/passkeys.ts";
import { useOwnFactors } from "../service-client/second-factor.ts";
import { Time } from "../wall-clock/time.tsx";
import { FactorDialog, type FactorTask } from "./factor-dialog.tsx";
import { PasskeysTable } from "./passkeys-table.tsx";
import people from "./people.module.css";
import { ServiceFailure } from "./service-failure.tsx";

/** What is asked of a person beside the password. */
export function OwnFactorsPanel() {
  const answer = useOwnFactors();
  return (
    <Panel title="Second factor">
      {answer.data !== undefined ? (
        <Factors factors={answer.data} />
      ) : answer.isError ? (
        <ServiceFailure error={answer.error} onRetry={() => void answer.refetch()} />
      ) : (
        <Message busy title="Asking the service…" />
      )}
    </Panel>
  );
}

function Factors({ factors }: { readonly factors: WebOwnFactors }) {
  const [task, setTask] = useState<FactorTask | null>(null);
  const { app, passkeys, passkeyHost, isRequired } = factors;
  const hasOne = app !== null || passkeys.length > 0;
  const mayRemove = !isRequired || (app === null ? 0 : 1) + passkeys.length > 1;
  return (
    <>
      {hasOne && <Facts facts={factsOf(factors)} />}
      {passkeys.length > 0 && (
        <PasskeysTable
          passkeys={passkeys}
          onRemove={mayRemove ? (passkey) => setTask({ kind: "remove-passkey", passkey }) : null}
        />
      )}
      <div className={people["form"]}>
        {!hasOne && (
          <p>
            With a second factor your password alone lets nobody in.{" "}
            <Quiet>
              An authenticator app shows a new code every 30 seconds, also without a network. A passkey is
              your device itself, or a key that you plug in.
            </Quiet>
          </p>
        )}
        {passkeyHost !== null && !hasPasskeysHere(passkeyHost) && (
          <Quiet>Passkeys work where this page is opened at {passkeyHost}.</Quiet>
        )}
        <div className={people["end"]}>
          {hasOne && <Button onPress={() => setTask({ kind: "codes" })}>New recovery codes</Button>}
          {app !== null && mayRemove && (
            <Button onPress={() => setTask({ kind: "remove-app" })}>Remove app</Button>
          )}
          {hasPasskeysHere(passkeyHost) && (
            <Button onPress={() => setTask({ kind: "passkey" })}>Add a passkey</Button>
          )}
          <Button onPress={() => setTask({ kind: "app" })}>
            {app === null ? "Set up an app" : "Replace app"}
          </Button>
        </div>
      </div>
      {task !== null && <FactorDialog task={task} onClose={() => setTask(null)} />}
    </>
  );
}

function factsOf({ app, recoveryCodesLeft, isRequired }: WebOwnFactors): Fact[] {
  return [
    ...(app === null
      ? []
      : [
          {
            label: "Authenticator app",
            value: (
              <>
                since <Time utc={app.createdUtc} precision="minute" />
              </>
            ),
          },
          {
            label: "App last used",
            value: app.usedUtc === null ? "" : <Time utc={app.usedUtc} precision="minute" />,
          },
        ]),
    { label: "Recovery codes", value: `${formatCount(recoveryCodesLeft, "code")} left` },
    ...(isRequired ? [{ label: "Required", value: "by who administers people" }] : []),
  ];
}
