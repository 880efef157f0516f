import { useState, type FormEvent } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Name } from "#design-system/components/name.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { Select } from "#design-system/components/select.tsx";
import { ShortTable } from "#design-system/tables/short-table.tsx";
import { bidiIsolated, visibleName } from "#shared/domain/names.ts";
import type { WebGroup } from "#shared/web-api/people.ts";
import { RouteLink } from "../history/route-link.tsx";
import { useGroups, useMembership } from "../service-client/people.ts";
import { ChangeStatus } from "./change-status.tsx";
import styles from "./people.module.css";

interface PersonGroupsProps {
  readonly username: string;
  /** Those that the person is in. */
  readonly groups: readonly WebGroup[];
}

/** Which groups a person is in. */
export function PersonGroups({ username, groups }: PersonGroupsProps) {
  const membership = useMembership();
  const set = (groupId: string, isMember: boolean) => membership.mutate({ groupId, username, isMember });
  return (
    <Panel title="Groups">
      {groups.length === 0 ? (
        <Message title="In no group." />
      ) : (
        <ShortTable
          label="Groups of this person"
          columns={[
            {
              header: "Group",
              cell: ({ groupId, name }: WebGroup) => (
                <RouteLink to={{ page: "group", groupId }}>
                  <Name>{name}</Name>
                </RouteLink>
              ),
            },
            {
              header: "Change",
              widthPx: 110,
              cell: ({ groupId, name }: WebGroup) => (
                <Button
                  size="small"
                  aria-label={`Take out of ${bidiIsolated(name)}`}
                  onPress={() => set(groupId, false)}
                >
                  Take out
                </Button>
              ),
            },
          ]}
          records={groups}
          keyOf={({ groupId }) => groupId}
        />
      )}
      <AddToGroup in={groups} isPending={membership.isPending} onAdd={(groupId) => set(groupId, true)} />
      <ChangeStatus error={membership.error}>{null}</ChangeStatus>
    </Panel>
  );
}

interface AddToGroupProps {
  readonly in: readonly WebGroup[];
  readonly isPending: boolean;
  readonly onAdd: (groupId: string) => void;
}

function AddToGroup({ in: known, isPending, onAdd }: AddToGroupProps) {
  const all = useGroups();
  const [chosen, setChosen] = useState<string | null>(null);
  const others = (all.data?.groups ?? []).filter(
    ({ groupId }) => !known.some((one) => one.groupId === groupId),
  );
  if (others.length === 0) return null;
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (chosen !== null) onAdd(chosen);
    setChosen(null);
  };
  return (
    <form className={styles["adding"]} onSubmit={add}>
      <Select
        label="Another group"
        options={others.map(({ groupId, name }) => ({ id: groupId, name: visibleName(name) }))}
        value={chosen}
        onChange={setChosen}
      />
      <Button type="submit" isPending={isPending} isDisabled={chosen === null}>
        Take in
      </Button>
    </form>
  );
}
