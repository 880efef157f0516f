import { Panel } from "#design-system/components/panel.tsx";
import { NoValue } from "#design-system/components/text.tsx";
import { ShortTable } from "#design-system/tables/short-table.tsx";
import type { Column } from "#design-system/tables/table-parts.tsx";
import { auditActionKind } from "#shared/web-api/audit-actions.ts";
import type { WebOwnActivity } from "#shared/web-api/people.ts";
import { formatNumber } from "#shared/words/amounts.ts";
import { useOwnActivity } from "../service-client/own-account.ts";
import { Time } from "../wall-clock/time.tsx";
import people from "./people.module.css";
import { ServiceFailure } from "./service-failure.tsx";

type Activity = WebOwnActivity["activity"][number];

/** What it was; what an administrator should think of it stands behind the colon. */
const whatOf = (action: string): string => auditActionKind(action)?.suspicion?.split(":")[0] ?? action;

const COLUMNS: readonly Column<Activity>[] = [
  { header: "When", widthPx: 190, cell: ({ atUtc }) => <Time utc={atUtc} precision="minute" /> },
  { header: "What", cell: ({ action }) => whatOf(action) },
  {
    header: "Tries",
    widthPx: 80,
    align: "end",
    cell: ({ tries }) => (tries === null ? <NoValue /> : formatNumber(tries)),
  },
];

/** What somebody should look at who knows whether it was themselves; nothing where there is nothing. */
export function OwnActivityPanel() {
  const answer = useOwnActivity();
  if (answer.isError && answer.data === undefined)
    return <ServiceFailure error={answer.error} onRetry={() => void answer.refetch()} />;
  const activity = answer.data?.activity ?? [];
  if (activity.length === 0) return null;
  return (
    <Panel title="Was this you?">
      <ShortTable
        label="Unusual activity of the last 30 days"
        columns={COLUMNS}
        records={activity}
        keyOf={({ seq }) => String(seq)}
      />
      <div className={people["form"]}>
        <p>If it was not, change your password, make new recovery codes, and tell who administers people.</p>
      </div>
    </Panel>
  );
}
