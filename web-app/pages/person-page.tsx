import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { type Fact, Facts } from "#design-system/components/facts.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Name } from "#design-system/components/name.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import type { WebPerson, WebPersonAnswer } from "#shared/web-api/people.ts";
import { formatCount } from "#shared/words/amounts.ts";
import { RouteLink } from "../history/route-link.tsx";
import { useNewLink, usePerson, usePersonChange } from "../service-client/people.ts";
import { Time } from "../wall-clock/time.tsx";
import { AccountStateBadge } from "./account-state-badge.tsx";
import { AuditLink } from "./audit-link.tsx";
import { ChangeStatus } from "./change-status.tsx";
import { FactorResetButton } from "./factor-reset-button.tsx";
import { LockButton } from "./lock-button.tsx";
import { MadeLinkDialog } from "./made-link-dialog.tsx";
import { usePageTitle } from "./page-title.ts";
import people from "./people.module.css";
import { PersonDialog } from "./person-dialog.tsx";
import { PersonGroups } from "./person-groups.tsx";
import styles from "./record-page.module.css";
import { RightsPanel } from "./rights-panel.tsx";
import { ServiceFailure } from "./service-failure.tsx";
import { SignInsTable } from "./sign-ins-table.tsx";

export function PersonPage({ username }: { readonly username: string }) {
  const answer = usePerson(username);
  if (answer.isPending) return <Message busy title="Loading the account…" />;
  if (answer.isError && answer.data === undefined) {
    return <ServiceFailure error={answer.error} onRetry={() => void answer.refetch()} what="person" />;
  }
  return <LoadedPerson answer={answer.data} />;
}

function LoadedPerson({ answer }: { readonly answer: WebPersonAnswer }) {
  const { person, rights, groups, signIns } = answer;
  const { username } = person;
  usePageTitle(person.fullName);
  const giving = usePersonChange(username);
  const ending = usePersonChange(username);
  return (
    <div className={styles["page"]}>
      <nav className={styles["crumbs"]} aria-label="You are here">
        <RouteLink to={{ page: "people", text: "" }}>All people</RouteLink>
      </nav>
      <header className={styles["header"]}>
        <h1>
          <Name>{person.fullName}</Name>
        </h1>
        <AccountStateBadge state={person.state} />
        <AuditLink of={{ kind: "person", id: person.username }} />
        <Changes person={person} canReset={hasFactor(answer.secondFactor)} />
      </header>
      <div className={styles["columns"]}>
        <Panel title="Account">
          <Facts facts={factsOf(answer)} />
        </Panel>
        <div className={people["sections"]}>
          <RightsPanel
            given={rights}
            groups={groups}
            change={giving}
            onSave={(chosen) => giving.mutate({ word: "rights", body: { rights: chosen } })}
          />
          <PersonGroups username={username} groups={groups} />
          <Panel title="Signed in">
            <SignInsTable
              signIns={signIns}
              onEnd={(signInId) => ending.mutate({ word: "sign-ins/end", body: { signInId } })}
            />
            {signIns.length > 0 && (
              <div className={people["form"]}>
                <div className={people["end"]}>
                  <ChangeStatus error={ending.error}>{null}</ChangeStatus>
                  <Button
                    isPending={ending.isPending}
                    onPress={() => ending.mutate({ word: "sign-ins/end", body: { signInId: null } })}
                  >
                    End all
                  </Button>
                </div>
              </div>
            )}
          </Panel>
        </div>
      </div>
    </div>
  );
}

const LINKS = { invitation: "Invitation, until", reset: "For a new password, until" } as const;

const hasFactor = ({ hasApp, passkeys }: WebPersonAnswer["secondFactor"]): boolean => hasApp || passkeys > 0;

function factorInWords(factors: WebPersonAnswer["secondFactor"]): string {
  const { hasApp, passkeys, recoveryCodesLeft, isRequired } = factors;
  const parts = [
    ...(hasApp ? ["App"] : []),
    ...(passkeys > 0 ? [formatCount(passkeys, "passkey")] : []),
    formatCount(recoveryCodesLeft, "recovery code"),
  ];
  if (hasFactor(factors)) return parts.join(", ");
  return isRequired ? "To be set up at the next sign-in" : "None";
}

function factsOf({ person, link, secondFactor }: WebPersonAnswer): Fact[] {
  const time = (utc: string | null) => (utc === null ? "" : <Time utc={utc} precision="minute" />);
  return [
    { label: "User name", value: person.username },
    { label: "Mail", value: person.mail },
    { label: "Account made", value: time(person.createdUtc) },
    { label: "Last signed in", value: time(person.latestSignInUtc) },
    { label: "Password set", value: time(person.passwordChangedUtc) },
    { label: "Second factor", value: factorInWords(secondFactor) },
    ...(link === null
      ? []
      : [
          {
            label: "Open link",
            value: (
              <>
                {LINKS[link.kind]} {time(link.expiresUtc)}
              </>
            ),
          },
        ]),
  ];
}

interface ChangesProps {
  readonly person: WebPerson;
  readonly canReset: boolean;
}

/** Edit, link, second factor, lock and unlock. */
function Changes({ person, canReset }: ChangesProps) {
  const { username, fullName, mail, state } = person;
  const [isEditing, setIsEditing] = useState(false);
  const editing = usePersonChange(username);
  const locking = usePersonChange(username);
  const link = useNewLink(username);
  const stopEditing = () => {
    setIsEditing(false);
    editing.reset();
  };
  return (
    <div className={styles["change"]}>
      <ChangeStatus error={locking.error ?? link.error}>{null}</ChangeStatus>
      <Button icon="edit" onPress={() => setIsEditing(true)}>
        Edit
      </Button>
      {state !== "locked" && (
        <Button isPending={link.isPending} onPress={() => link.mutate()}>
          {state === "invited" ? "New invitation" : "Reset password"}
        </Button>
      )}
      {canReset && <FactorResetButton person={person} />}
      <LockButton
        isLocked={state === "locked"}
        isPending={locking.isPending}
        onChange={(word) => locking.mutate({ word, body: {} })}
      >
        <Name>{fullName}</Name> is signed out everywhere at once, and cannot sign in until the account is
        unlocked. Rights and groups stay as they are.
      </LockButton>
      <PersonDialog
        title="Edit account"
        isOpen={isEditing}
        onClose={stopEditing}
        known={{ fullName, mail }}
        saveLabel="Save"
        change={editing}
        onSave={({ username: _unchanged, ...body }) =>
          editing.mutate({ word: "edit", body }, { onSuccess: stopEditing })
        }
      />
      <MadeLinkDialog made={link.data ?? null} onClose={() => link.reset()} />
    </div>
  );
}
