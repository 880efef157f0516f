import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Message } from "#design-system/components/message.tsx";
import { LongName, Name } from "#design-system/components/name.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { NoValue } from "#design-system/components/text.tsx";
import { RecordTable } from "#design-system/tables/record-table.tsx";
import type { Column } from "#design-system/tables/table-parts.tsx";
import { bidiIsolated } from "#shared/domain/names.ts";
import type { Bin } from "#shared/web-api/retention.ts";
import { useBin, useRemoval, useTakingBack } from "../service-client/retention.ts";
import { Time } from "../wall-clock/time.tsx";
import { ChangeDialog } from "./change-dialog.tsx";
import { ReasonDialog } from "./reason-dialog.tsx";
import records from "./record-page.module.css";
import styles from "./retention.module.css";
import { ServiceFailure } from "./service-failure.tsx";
import { useNextPage } from "./use-next-page.ts";

type Binned = Bin["evidence"][number];

/** What is asked about; `of` is null for all of it. */
type Asking =
  | { readonly what: "take back"; readonly of: Binned }
  | { readonly what: "remove"; readonly of: Binned | null }
  | null;

/** The recycle bin: taken back from, emptied. */
export function BinPanel() {
  const list = useBin();
  const loadMore = useNextPage(list);
  const [asking, setAsking] = useState<Asking>(null);
  const evidence = list.data?.pages.flatMap((page) => page.evidence) ?? [];
  const close = () => setAsking(null);
  return (
    <Panel
      title="Recycle bin"
      aside={
        evidence.length > 0 && (
          <Button size="small" onPress={() => setAsking({ what: "remove", of: null })}>
            Empty the bin…
          </Button>
        )
      }
    >
      {list.isPending && <Message busy title="Asking the service…" />}
      {list.isError && <ServiceFailure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && evidence.length === 0 && <Message title="The recycle bin is empty." />}
      {evidence.length > 0 && (
        <div className={records["table"]}>
          <RecordTable
            label="Recycle bin"
            columns={columnsOf(setAsking)}
            records={evidence}
            keyOf={({ evidenceId }) => evidenceId}
            loadMore={loadMore}
          />
        </div>
      )}
      {asking?.what === "take back" && <TakeBackDialog binned={asking.of} onClose={close} />}
      {asking?.what === "remove" && <RemoveDialog binned={asking.of} onClose={close} />}
    </Panel>
  );
}

function columnsOf(onAsk: (asking: Asking) => void): readonly Column<Binned>[] {
  return [
    { header: "Evidence", cell: ({ name }) => <LongName>{name}</LongName> },
    { header: "Case", cell: ({ caseName }) => (caseName === null ? <NoValue /> : <Name>{caseName}</Name>) },
    {
      header: "Removed for good",
      widthPx: 200,
      cell: ({ removedFromUtc }) => <Time utc={removedFromUtc} precision="minute" />,
    },
    {
      header: "Why",
      cell: ({ because, askedBy }) => (
        <Name>{askedBy === null ? because : `Waits for a second person: ${askedBy} asked`}</Name>
      ),
    },
    {
      header: "Change",
      widthPx: 232,
      cell: (of) => (
        <span className={styles["buttons"]}>
          <Button
            size="small"
            aria-label={`Take back ${of.name}`}
            onPress={() => onAsk({ what: "take back", of })}
          >
            Take back…
          </Button>
          <Button
            size="small"
            aria-label={`Remove ${of.name} for good`}
            onPress={() => onAsk({ what: "remove", of })}
          >
            Remove…
          </Button>
        </span>
      ),
    },
  ];
}

function TakeBackDialog({ binned, onClose }: { readonly binned: Binned; readonly onClose: () => void }) {
  const change = useTakingBack();
  const { evidenceId, name } = binned;
  return (
    <ReasonDialog
      title={`Take back “${bidiIsolated(name)}”`}
      saveLabel="Take back"
      says="It is protected from deletion with this reason, until somebody lifts that: its retention is over."
      change={change}
      onSave={(reason) => change.mutate({ evidenceId, reason }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

function RemoveDialog({ binned, onClose }: { readonly binned: Binned | null; readonly onClose: () => void }) {
  const change = useRemoval();
  return (
    <ChangeDialog
      title={binned === null ? "Empty the recycle bin" : `Remove “${bidiIsolated(binned.name)}”`}
      saveLabel="Remove for good"
      isSaveable
      change={change}
      onSave={() => change.mutate(binned?.evidenceId ?? null, { onSuccess: onClose })}
      onClose={onClose}
      size="small"
    >
      <p>
        Its files and their keys are removed, and nobody can bring them back. The audit trail still says what
        was there. Where a second person has to agree, this asks for one.
      </p>
    </ChangeDialog>
  );
}
