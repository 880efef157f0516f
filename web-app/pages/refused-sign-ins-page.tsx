import { Badge } from "#design-system/components/badge.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Name } from "#design-system/components/name.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { NoValue, Quiet } from "#design-system/components/text.tsx";
import { ShortTable } from "#design-system/tables/short-table.tsx";
import type { Column } from "#design-system/tables/table-parts.tsx";
import type { WebRefusedSignIns } from "#shared/web-api/people.ts";
import { formatNumber } from "#shared/words/amounts.ts";
import { RouteLink } from "../history/route-link.tsx";
import { useRefusedSignIns } from "../service-client/people.ts";
import { Time } from "../wall-clock/time.tsx";
import { usePageTitle } from "./page-title.ts";
import people from "./people.module.css";
import styles from "./record-page.module.css";
import { ServiceFailure } from "./service-failure.tsx";

type OfAccount = WebRefusedSignIns["byAccount"][number];
type OfNetwork = WebRefusedSignIns["byNetwork"][number];
type Both = Pick<OfAccount, "tries" | "latestUtc" | "wasStopped">;

const COMMON: readonly Column<Both>[] = [
  { header: "Tries", widthPx: 80, align: "end", cell: ({ tries }) => formatNumber(tries) },
  {
    header: "Latest",
    widthPx: 200,
    cell: ({ latestUtc }) => <Time utc={latestUtc} precision="minute" />,
  },
  {
    header: "Limit",
    widthPx: 120,
    cell: ({ wasStopped }) =>
      wasStopped ? (
        <Badge tone="warning" icon="warning">
          Reached
        </Badge>
      ) : (
        <NoValue />
      ),
  },
];

const OF_ACCOUNTS: readonly Column<OfAccount>[] = [
  {
    header: "Account",
    cell: ({ username }) =>
      username === null ? (
        <Quiet>Names that nobody has</Quiet>
      ) : (
        <RouteLink to={{ page: "person", username }}>
          <Name>{username}</Name>
        </RouteLink>
      ),
  },
  { header: "Addresses", widthPx: 100, align: "end", cell: ({ networks }) => formatNumber(networks) },
  ...COMMON,
];

const OF_NETWORKS: readonly Column<OfNetwork>[] = [
  { header: "Address", cell: ({ network }) => network },
  { header: "Accounts", widthPx: 100, align: "end", cell: ({ accounts }) => formatNumber(accounts) },
  ...COMMON,
];

/** Wrong passwords of the last days: somebody who forgot theirs, or somebody who guesses. */
export function RefusedSignInsPage() {
  usePageTitle("Wrong passwords");
  const answer = useRefusedSignIns();
  return (
    <div className={styles["page"]}>
      <nav className={styles["crumbs"]} aria-label="You are here">
        <RouteLink to={{ page: "people", text: "" }}>All people</RouteLink>
      </nav>
      <header className={styles["header"]}>
        <h1>Wrong passwords</h1>
        <Quiet>of the last seven days; those of the last minute may be missing</Quiet>
      </header>
      {answer.data !== undefined ? (
        <div className={people["sections"]}>
          <Panel title="By account">
            {answer.data.byAccount.length === 0 ? (
              <Message title="Nobody typed a wrong password." />
            ) : (
              <ShortTable
                label="By account"
                columns={OF_ACCOUNTS}
                records={answer.data.byAccount}
                keyOf={({ username }) => username ?? ""}
              />
            )}
          </Panel>
          {answer.data.byNetwork.length > 0 && (
            <Panel title="By address">
              <ShortTable
                label="By address"
                columns={OF_NETWORKS}
                records={answer.data.byNetwork}
                keyOf={({ network }) => network}
              />
            </Panel>
          )}
        </div>
      ) : answer.isError ? (
        <ServiceFailure error={answer.error} onRetry={() => void answer.refetch()} />
      ) : (
        <Message busy title="Asking the service…" />
      )}
    </div>
  );
}
