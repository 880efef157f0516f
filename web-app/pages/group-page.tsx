import { useState, type FormEvent } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Name } from "#design-system/components/name.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { Quiet } from "#design-system/components/text.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import { ShortTable } from "#design-system/tables/short-table.tsx";
import { bidiIsolated } from "#shared/domain/names.ts";
import type { WebGroupAnswer, WebPerson } from "#shared/web-api/people.ts";
import { formatCount } from "#shared/words/amounts.ts";
import { goTo } from "../history/navigation.ts";
import { RouteLink } from "../history/route-link.tsx";
import { useGroup, useGroupChange, useGroupRemoval } from "../service-client/people.ts";
import { AccountStateBadge } from "./account-state-badge.tsx";
import { ChangeStatus } from "./change-status.tsx";
import { usePageTitle } from "./page-title.ts";
import people from "./people.module.css";
import { personLink } from "./people-page.tsx";
import styles from "./record-page.module.css";
import { RightsPanel } from "./rights-panel.tsx";
import { ServiceFailure } from "./service-failure.tsx";

export function GroupPage({ groupId }: { readonly groupId: string }) {
  const answer = useGroup(groupId);
  if (answer.isPending) return <Message busy title="Loading the group…" />;
  if (answer.isError && answer.data === undefined) {
    return <ServiceFailure error={answer.error} onRetry={() => void answer.refetch()} what="group" />;
  }
  return <LoadedGroup answer={answer.data} />;
}

function LoadedGroup({ answer: { group, people: members, policies } }: { readonly answer: WebGroupAnswer }) {
  usePageTitle(group.name);
  const giving = useGroupChange(group.groupId);
  return (
    <div className={styles["page"]}>
      <nav className={styles["crumbs"]} aria-label="You are here">
        <RouteLink to={{ page: "people", text: "" }}>All people</RouteLink>
        <RouteLink to={{ page: "groups" }}>Groups</RouteLink>
      </nav>
      <header className={styles["header"]}>
        <h1>
          <Name>{group.name}</Name>
        </h1>
        <Quiet>{policies === 0 ? "" : `Stands in ${formatCount(policies, "policy")}`}</Quiet>
        <Removal groupId={group.groupId} />
      </header>
      <div className={styles["columns"]}>
        <div className={people["sections"]}>
          <RightsPanel
            given={group.rights}
            groups={[]}
            change={giving}
            onSave={(rights) => giving.mutate({ word: "rights", body: { rights } })}
          />
          <Renaming key={group.name} groupId={group.groupId} name={group.name} />
        </div>
        <Members groupId={group.groupId} members={members} />
      </div>
    </div>
  );
}

function Removal({ groupId }: { readonly groupId: string }) {
  const removal = useGroupRemoval(groupId);
  return (
    <div className={styles["change"]}>
      <ChangeStatus error={removal.error}>{null}</ChangeStatus>
      <Button
        isPending={removal.isPending}
        onPress={() => removal.mutate(undefined, { onSuccess: () => goTo({ page: "groups" }) })}
      >
        Remove group
      </Button>
    </div>
  );
}

function Renaming({ groupId, name: before }: { readonly groupId: string; readonly name: string }) {
  const renaming = useGroupChange(groupId);
  const [name, setName] = useState(before);
  const rename = (event: FormEvent) => {
    event.preventDefault();
    renaming.mutate({ word: "rename", body: { name } });
  };
  const isSame = name.trim() === "" || name === before;
  return (
    <Panel title="Name">
      <form className={people["adding"]} onSubmit={rename}>
        <TextField label="Name of the group" value={name} onChange={setName} maxLength={200} />
        <Button type="submit" isPending={renaming.isPending} isDisabled={isSame}>
          Rename
        </Button>
        <ChangeStatus error={renaming.error}>{null}</ChangeStatus>
      </form>
    </Panel>
  );
}

interface MembersProps {
  readonly groupId: string;
  readonly members: readonly WebPerson[];
}

function Members({ groupId, members }: MembersProps) {
  const change = useGroupChange(groupId);
  const set = (username: string, isMember: boolean) =>
    change.mutate({ word: "members", body: { username, isMember } });
  return (
    <Panel title="People in it">
      {members.length === 0 ? (
        <Message title="Nobody is in this group." />
      ) : (
        <ShortTable
          label="People of this group"
          columns={[
            { header: "Name", cell: personLink },
            { header: "User name", cell: ({ username }: WebPerson) => <Name>{username}</Name> },
            {
              header: "State",
              widthPx: 110,
              cell: ({ state }: WebPerson) => <AccountStateBadge state={state} />,
            },
            {
              header: "Change",
              widthPx: 110,
              cell: ({ username, fullName }: WebPerson) => (
                <Button
                  size="small"
                  aria-label={`Take out: ${bidiIsolated(fullName)}`}
                  onPress={() => set(username, false)}
                >
                  Take out
                </Button>
              ),
            },
          ]}
          records={members}
          keyOf={({ username }) => username}
        />
      )}
      <NewMember isPending={change.isPending} onAdd={(username) => set(username, true)} />
      <ChangeStatus error={change.error}>{null}</ChangeStatus>
    </Panel>
  );
}

interface NewMemberProps {
  readonly isPending: boolean;
  readonly onAdd: (username: string) => void;
}

function NewMember({ isPending, onAdd }: NewMemberProps) {
  const [username, setUsername] = useState("");
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (username.trim() === "") return;
    onAdd(username.trim());
    setUsername("");
  };
  return (
    <form className={people["adding"]} onSubmit={add}>
      <TextField label="User name" value={username} onChange={setUsername} maxLength={128} />
      <Button type="submit" isPending={isPending} isDisabled={username.trim() === ""}>
        Take in
      </Button>
    </form>
  );
}
