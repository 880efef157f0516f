import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Name } from "#design-system/components/name.tsx";
import { NativeSelect } from "#design-system/components/native-select.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { Quiet } from "#design-system/components/text.tsx";
import { ShortTable } from "#design-system/tables/short-table.tsx";
import type { Column } from "#design-system/tables/table-parts.tsx";
import type { WebAccessChange, WebPolicy } from "#shared/web-api/access.ts";
import { type AccessPlace, useAccess, useAccessChange } from "../service-client/access.ts";
import { Time } from "../wall-clock/time.tsx";
import styles from "./access-panel.module.css";
import { holderKey, KIND_NAMES, LEVEL_OPTIONS } from "./access-words.ts";
import { ChangeStatus } from "./change-status.tsx";
import { GiveAccessDialog } from "./give-access-dialog.tsx";
import { ServiceFailure } from "./service-failure.tsx";
import { WhyDialog } from "./why-dialog.tsx";

interface AccessPanelProps {
  readonly place: AccessPlace;
  /** E.g. “Who sees this case”. */
  readonly title: string;
  /** What it means that nobody is named. */
  readonly emptyText: string;
}

/** Who has which right to something: given, changed, taken away, and explained. Changes hold at once. */
export function AccessPanel({ place, title, emptyText }: AccessPanelProps) {
  const answer = useAccess(place);
  const change = useAccessChange(place);
  const [open, setOpen] = useState<"give" | "why" | null>(null);
  const policies = answer.data?.policies ?? [];
  const isDefault = place.kind === "department" || place.kind === "unfiled";
  return (
    <Panel
      title={title}
      aside={
        <span className={styles["buttons"]}>
          {!isDefault && (
            <Button size="small" onPress={() => setOpen("why")}>
              Ask why…
            </Button>
          )}
          <Button size="small" onPress={() => setOpen("give")}>
            Give access…
          </Button>
        </span>
      }
    >
      {answer.isPending && <Message busy title="Asking the service…" />}
      {answer.isError && <ServiceFailure error={answer.error} onRetry={() => void answer.refetch()} />}
      {answer.isSuccess && policies.length === 0 && <Message title={emptyText} />}
      {policies.length > 0 && (
        <ShortTable
          label={title}
          columns={columnsOf(change.mutate)}
          records={policies}
          keyOf={({ holder }) => holderKey(holder)}
        />
      )}
      <ChangeStatus error={change.error}>{null}</ChangeStatus>
      {open === "give" && <GiveAccessDialog change={change} onClose={() => setOpen(null)} />}
      {open === "why" && <WhyDialog place={place} onClose={() => setOpen(null)} />}
    </Panel>
  );
}

function columnsOf(onChange: (change: WebAccessChange) => void): readonly Column<WebPolicy>[] {
  return [
    { header: "Who", cell: ({ holder }) => <Who holder={holder} /> },
    {
      header: "May",
      widthPx: 190,
      cell: ({ holder, ...grant }) => (
        <NativeSelect
          label={`What ${holder.name} may`}
          options={LEVEL_OPTIONS}
          value={grant.level}
          onChoose={(level) => onChange({ holder, grant: { ...grant, level } })}
        />
      ),
    },
    { header: "When", cell: (policy) => <When policy={policy} /> },
    {
      header: "Change",
      widthPx: 106,
      cell: ({ holder }) => (
        <Button
          size="small"
          aria-label={`Take the access of ${holder.name} away`}
          onPress={() => onChange({ holder, grant: null })}
        >
          Remove
        </Button>
      ),
    },
  ];
}

function Who({ holder }: Pick<WebPolicy, "holder">) {
  return (
    <span className={styles["who"]}>
      <Name>{holder.name}</Name>
      {holder.kind !== "everyone" && <Quiet>{KIND_NAMES[holder.kind]}</Quiet>}
    </span>
  );
}

function When({ policy: { fromUtc, untilUtc, recordedFromUtc } }: { readonly policy: WebPolicy }) {
  if (fromUtc === null && untilUtc === null && recordedFromUtc === null) return <Quiet>Always</Quiet>;
  return (
    <span className={styles["when"]}>
      {fromUtc !== null && (
        <span>
          From <Time utc={fromUtc} />
        </span>
      )}
      {untilUtc !== null && (
        <span>
          Until <Time utc={untilUtc} />
        </span>
      )}
      {recordedFromUtc !== null && (
        <span>
          Recordings from <Time utc={recordedFromUtc} /> on
        </span>
      )}
    </span>
  );
}
