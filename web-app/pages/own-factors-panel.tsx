import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { type Fact, Facts } from "#design-system/components/facts.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { Quiet } from "#design-system/components/text.tsx";
import type { WebOwnFactors } from "#shared/web-api/second-factor.ts";
import { formatCount } from "#shared/words/amounts.ts";
import { useOwnFactors } from "../service-client/second-factor.ts";
import { Time } from "../wall-clock/time.tsx";
import { FactorDialog, type FactorTask } from "./factor-dialog.tsx";
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
  const hasApp = factors.app !== null;
  return (
    <>
      {hasApp && <Facts facts={factsOf(factors)} />}
      <div className={people["form"]}>
        {!hasApp && (
          <p>
            With a second factor your password alone lets nobody in.{" "}
            <Quiet>An authenticator app shows a new code every 30 seconds, also without a network.</Quiet>
          </p>
        )}
        <div className={people["end"]}>
          {hasApp && <Button onPress={() => setTask("codes")}>New recovery codes</Button>}
          {hasApp && !factors.isRequired && <Button onPress={() => setTask("remove")}>Remove app</Button>}
          <Button onPress={() => setTask("app")}>{hasApp ? "Replace app" : "Set up an app"}</Button>
        </div>
      </div>
      {task !== null && <FactorDialog task={task} onClose={() => setTask(null)} />}
    </>
  );
}

function factsOf({ app, recoveryCodesLeft, isRequired }: WebOwnFactors): Fact[] {
  const time = (utc: string | null | undefined) =>
    utc === null || utc === undefined ? "" : <Time utc={utc} precision="minute" />;
  return [
    { label: "Authenticator app", value: <>since {time(app?.createdUtc)}</> },
    { label: "Last used", value: time(app?.usedUtc) },
    { label: "Recovery codes", value: `${formatCount(recoveryCodesLeft, "code")} left` },
    ...(isRequired ? [{ label: "Required", value: "by who administers people" }] : []),
  ];
}
