import { Button } from "#design-system/components/button.tsx";
import { type Fact, Facts } from "#design-system/components/facts.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Name } from "#design-system/components/name.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import type { WebVerificationRun } from "#shared/web-api/web-api.ts";
import { RouteLink } from "../history/route-link.tsx";
import { useVerificationRun, useVerifyEverything } from "../service-client/administration.ts";
import { Time } from "../wall-clock/time.tsx";
import { ChangeStatus } from "./change-status.tsx";
import { ServiceFailure } from "./service-failure.tsx";
import styles from "./verification-panel.module.css";

/** Whether all that is stored is still what arrived, when that was looked at, and looking at it now. */
export function EverythingPanel() {
  const answer = useVerificationRun();
  const verifying = useVerifyEverything();
  const run = answer.data ?? null;
  const isUnderWay = run !== null && run.endedUtc === null;
  return (
    <Panel title="Verification of everything">
      {answer.isError && answer.data === undefined ? (
        <ServiceFailure error={answer.error} onRetry={() => void answer.refetch()} />
      ) : run === null ? (
        <Message busy={answer.isPending} title={answer.isPending ? "Asking the service…" : "Never done."} />
      ) : (
        <Run run={run} />
      )}
      <div className={styles["now"]}>
        <ChangeStatus error={verifying.error}>
          {isUnderWay && "Every byte of all completed evidence is read again…"}
        </ChangeStatus>
        <Button isPending={isUnderWay || verifying.isPending} onPress={() => verifying.mutate()}>
          Verify everything
        </Button>
      </div>
    </Panel>
  );
}

function Run({ run }: { readonly run: WebVerificationRun }) {
  return (
    <>
      <Facts facts={factsOf(run)} />
      {run.named.length > 0 && (
        <ul className={styles["differences"]} aria-label="Evidence that does not agree">
          {run.named.map(({ evidenceId, name }) => (
            <li key={evidenceId}>
              <RouteLink to={{ page: "evidence", evidenceId }}>
                <Name>{name}</Name>
              </RouteLink>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function factsOf({ startedUtc, endedUtc, endedBecause, checked, differing }: WebVerificationRun): Fact[] {
  return [
    { label: "Started", value: <Time utc={startedUtc} /> },
    { label: "Ended", value: endedUtc === null ? "Under way" : <Time utc={endedUtc} /> },
    ...(endedBecause === null ? [] : [{ label: "Ended early", value: endedBecause }]),
    { label: "Evidence verified", value: String(checked) },
    { label: "Does not agree", value: differing === 0 ? "None" : String(differing) },
  ];
}
