import { formatBytes } from "#shared/words/amounts.ts";
import { DESTINATION_NAME } from "#shared/domain/brand.ts";
import { clocksDiffer } from "#shared/domain/clock-difference.ts";
import { differenceInWords } from "#shared/words/clock-difference.ts";
import type { DestinationState } from "#shared/ipc-contract/destination-contract.ts";
import { Badge } from "#design-system/components/badge.tsx";
import { useDestination, useSpoolUse } from "../../main-process-client/destination.ts";
import { ConnectionSettings } from "./connection-settings.tsx";
import { NoticeMessage } from "./setting-notice.tsx";
import styles from "./settings.module.css";
import { SpoolSettings } from "./spool-settings.tsx";

/** Where evidence goes and how. */
export function DestinationSettings() {
  const { value: state, failure } = useDestination();
  if (failure !== null) return <NoticeMessage notice={{ failure }} />;
  if (state === undefined) return <p role="status">Reading the destination…</p>;
  return (
    <div className={styles["page"]}>
      <section className={styles["section"]}>
        <h3>{DESTINATION_NAME}</h3>
        <DestinationFacts state={state} />
        {state.problem !== null && <NoticeMessage notice={{ failure: state.problem }} />}
      </section>
      <ConnectionSettings />
      <SpoolSettings state={state} />
    </div>
  );
}

const KINDS = {
  none: "Not set: nothing can be sent",
  embedded: "Embedded evidence service",
  imported: "Imported connection file",
} as const;

function DestinationFacts({ state: known }: { readonly state: DestinationState }) {
  const state = { ...known, ...useSpoolUse().value };
  return (
    <dl className={styles["facts"]}>
      <dt>Destination</dt>
      <dd>{KINDS[state.kind]}</dd>
      <dt>State</dt>
      <dd>
        <Reachability state={state} />
      </dd>
      <dt>Account</dt>
      <dd>{state.account ?? "None"}</dd>
      {state.oldAccounts.length > 0 && (
        <>
          <dt>Also kept</dt>
          <dd>
            <bdi>{state.oldAccounts.join(", ")}</bdi>, until the exports that were made for it have ended
          </dd>
        </>
      )}
      <dt>Address</dt>
      <dd>{state.serviceAddress ?? "None"}</dd>
      <dt>Encryption</dt>
      <dd>{state.encryptionProtocol === null ? "Not known" : `Protocol ${state.encryptionProtocol}`}</dd>
      <dt>Clock</dt>
      <dd>{clockInWords(state.clock)}</dd>
      <dt>Keys</dt>
      <dd>
        {state.keysInFile
          ? "In a file that only this user can read, because this system has no keyring."
          : "In the keyring of this system."}
      </dd>
      <dt>Spool in use</dt>
      <dd>
        {formatBytes(state.spoolUsedBytes)} of {formatBytes(state.spoolQuotaBytes)}
        {state.otherSpoolFolders.map(({ folder, bytes }) => (
          <span key={folder} className={styles["hint"]}>
            , of which {formatBytes(bytes)} in <bdi>{folder}</bdi> until they are sent
          </span>
        ))}
      </dd>
      <dt>Spool disk</dt>
      <dd>{spoolDiskInWords(state)}</dd>
    </dl>
  );
}

function spoolDiskInWords({ spoolDisk, spoolFreeBytes }: DestinationState): string {
  if (spoolFreeBytes === null)
    return "Not there now: nothing can be exported until it is. Where its disk is there, Save makes the folder anew";
  const free = `${formatBytes(spoolFreeBytes)} free`;
  switch (spoolDisk) {
    case "network":
      return `${free}, on a network share: exports wait while it cannot be reached`;
    case "memory":
      return `${free}, in memory: what waits there is lost when this computer restarts`;
    case "local":
    case null:
      return free;
  }
}

function clockInWords(clock: DestinationState["clock"]): string {
  if (clock === null) return "Not compared with the service's yet";
  if (!clocksDiffer(clock)) return "Agrees with the service's";
  return `This computer's is ${differenceInWords(clock)}: have it set, unless the service's is wrong`;
}

function Reachability({ state }: { readonly state: DestinationState }) {
  if (state.kind === "none") return <Badge icon="warning">Not configured</Badge>;
  if (state.reachable === null) return <Badge icon="clock">Not tested yet</Badge>;
  return state.reachable ? (
    <Badge tone="success" icon="check">
      Reachable
    </Badge>
  ) : (
    <Badge tone="danger" icon="warning">
      Not reachable
    </Badge>
  );
}
