import { useState, type FormEvent } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Name } from "#design-system/components/name.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { NoValue } from "#design-system/components/text.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import { ShortTable } from "#design-system/tables/short-table.tsx";
import type { Column } from "#design-system/tables/table-parts.tsx";
import type { WebGroup } from "#shared/web-api/people.ts";
import { formatNumber } from "#shared/words/amounts.ts";
import { goTo } from "../history/navigation.ts";
import { RouteLink } from "../history/route-link.tsx";
import { useGroups, useNewGroup } from "../service-client/people.ts";
import { ChangeStatus } from "./change-status.tsx";
import { usePageTitle } from "./page-title.ts";
import people from "./people.module.css";
import styles from "./record-page.module.css";
import { RIGHTS } from "./rights-words.ts";
import { ServiceFailure } from "./service-failure.tsx";

const COLUMNS: readonly Column<WebGroup>[] = [
  {
    header: "Group",
    cell: ({ groupId, name }) => (
      <RouteLink to={{ page: "group", groupId }}>
        <Name>{name}</Name>
      </RouteLink>
    ),
  },
  { header: "People", widthPx: 90, align: "end", cell: ({ members }) => formatNumber(members) },
  {
    header: "Rights",
    cell: ({ rights }) =>
      rights.length === 0 ? <NoValue /> : rights.map((code) => RIGHTS[code].name).join(", "),
  },
];

/** Groups of people, and a new one. */
export function GroupsPage() {
  usePageTitle("Groups");
  const list = useGroups();
  return (
    <div className={styles["page"]}>
      <nav className={styles["crumbs"]} aria-label="You are here">
        <RouteLink to={{ page: "people", text: "" }}>All people</RouteLink>
      </nav>
      <header className={styles["header"]}>
        <h1>Groups</h1>
      </header>
      <div className={people["narrow"]}>
        <Panel title="All groups">
          {list.isPending && <Message busy title="Loading groups…" />}
          {list.isError && <ServiceFailure error={list.error} onRetry={() => void list.refetch()} />}
          {list.data?.groups.length === 0 && <Message title="There are no groups yet." />}
          {list.data !== undefined && list.data.groups.length > 0 && (
            <ShortTable
              label="Groups"
              columns={COLUMNS}
              records={list.data.groups}
              keyOf={({ groupId }) => groupId}
            />
          )}
          <NewGroup />
        </Panel>
      </div>
    </div>
  );
}

function NewGroup() {
  const making = useNewGroup();
  const [name, setName] = useState("");
  const make = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    making.mutate(name, {
      onSuccess: ({ group: { groupId } }) => goTo({ page: "group", groupId }),
    });
  };
  return (
    <form className={people["adding"]} onSubmit={make}>
      <TextField label="New group" value={name} onChange={setName} maxLength={200} />
      <Button type="submit" isPending={making.isPending} isDisabled={name.trim() === ""}>
        Make group
      </Button>
      <ChangeStatus error={making.error}>{null}</ChangeStatus>
    </form>
  );
}
