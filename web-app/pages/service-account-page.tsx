import { useState, type FormEvent } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Name } from "#design-system/components/name.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { Quiet } from "#design-system/components/text.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import type { WebServiceAccount, WebServiceAccountAnswer } from "#shared/web-api/service-accounts.ts";
import { RouteLink } from "../history/route-link.tsx";
import { useServiceAccount, useServiceAccountChange } from "../service-client/service-accounts.ts";
import { AccountKeys } from "./account-keys.tsx";
import { AccountStateBadge } from "./account-state-badge.tsx";
import { ChangeStatus } from "./change-status.tsx";
import { LockButton } from "./lock-button.tsx";
import { usePageTitle } from "./page-title.ts";
import people from "./people.module.css";
import styles from "./record-page.module.css";
import { RightsPanel } from "./rights-panel.tsx";
import { ServiceFailure } from "./service-failure.tsx";

export function ServiceAccountPage({ accountId }: { readonly accountId: string }) {
  const answer = useServiceAccount(accountId);
  if (answer.isPending) return <Message busy title="Loading the service account…" />;
  if (answer.isError && answer.data === undefined) {
    return (
      <ServiceFailure error={answer.error} onRetry={() => void answer.refetch()} what="service account" />
    );
  }
  return <LoadedAccount answer={answer.data} />;
}

function LoadedAccount({ answer: { account, keys } }: { readonly answer: WebServiceAccountAnswer }) {
  const { accountId, name, state, rights } = account;
  usePageTitle(name);
  const giving = useServiceAccountChange(accountId);
  return (
    <div className={styles["page"]}>
      <nav className={styles["crumbs"]} aria-label="You are here">
        <RouteLink to={{ page: "people", text: "" }}>All people</RouteLink>
        <RouteLink to={{ page: "serviceAccounts" }}>Service accounts</RouteLink>
      </nav>
      <header className={styles["header"]}>
        <h1>
          <Name>{name}</Name>
        </h1>
        <AccountStateBadge state={state} />
        <Quiet>{accountId}</Quiet>
        <Locking account={account} />
      </header>
      <div className={styles["columns"]}>
        <RightsPanel
          given={rights}
          groups={[]}
          isOfProgram
          change={giving}
          onSave={(chosen) => giving.mutate({ word: "rights", body: { rights: chosen } })}
        />
        <div className={people["sections"]}>
          <AccountKeys accountId={accountId} keys={keys} />
          <Renaming key={name} accountId={accountId} name={name} />
        </div>
      </div>
    </div>
  );
}

function Locking({ account: { accountId, name, state } }: { readonly account: WebServiceAccount }) {
  const locking = useServiceAccountChange(accountId);
  return (
    <div className={styles["change"]}>
      <ChangeStatus error={locking.error}>{null}</ChangeStatus>
      <LockButton
        isLocked={state === "locked"}
        isPending={locking.isPending}
        onChange={(word) => locking.mutate({ word, body: {} })}
      >
        Nothing of <Name>{name}</Name> is taken any more, from its next request on: consoles that send with it
        stop, and go on when it is unlocked.
      </LockButton>
    </div>
  );
}

function Renaming({ accountId, name: before }: { readonly accountId: string; readonly name: string }) {
  const renaming = useServiceAccountChange(accountId);
  const [name, setName] = useState(before);
  const rename = (event: FormEvent) => {
    event.preventDefault();
    renaming.mutate({ word: "rename", body: { name } });
  };
  return (
    <Panel title="Name">
      <form className={people["adding"]} onSubmit={rename}>
        <TextField label="Name of the account" value={name} onChange={setName} maxLength={200} />
        <Button
          type="submit"
          isPending={renaming.isPending}
          isDisabled={name.trim() === "" || name === before}
        >
          Rename
        </Button>
        <ChangeStatus error={renaming.error}>{null}</ChangeStatus>
      </form>
    </Panel>
  );
}
