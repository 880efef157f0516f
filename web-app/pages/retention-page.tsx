import { Message } from "#design-system/components/message.tsx";
import { LongName, Name } from "#design-system/components/name.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { NoValue, Quiet } from "#design-system/components/text.tsx";
import { RecordTable } from "#design-system/tables/record-table.tsx";
import type { Column } from "#design-system/tables/table-parts.tsx";
import { bidiIsolated } from "#shared/domain/names.ts";
import type { NextToGo } from "#shared/web-api/retention.ts";
import { RouteLink } from "../history/route-link.tsx";
import { useNextToGo } from "../service-client/retention.ts";
import { Time } from "../wall-clock/time.tsx";
import { BinPanel } from "./bin-panel.tsx";
import { usePageTitle } from "./page-title.ts";
import people from "./people.module.css";
import styles from "./record-page.module.css";
import { ServiceFailure } from "./service-failure.tsx";
import { useNextPage } from "./use-next-page.ts";

type Going = NextToGo["evidence"][number];

const COLUMNS: readonly Column<Going>[] = [
  {
    header: "Evidence",
    cell: ({ evidenceId, name }) => (
      <RouteLink to={{ page: "evidence", evidenceId }} label={bidiIsolated(name)}>
        <LongName>{name}</LongName>
      </RouteLink>
    ),
  },
  { header: "Case", cell: ({ caseName }) => (caseName === null ? <NoValue /> : <Name>{caseName}</Name>) },
  { header: "Goes", widthPx: 200, cell: ({ goesUtc }) => <Time utc={goesUtc} precision="minute" /> },
  { header: "Why", cell: ({ because }) => <Name>{because}</Name> },
];

/** What retention lets go: what goes next, and what lies in the recycle bin. */
export function RetentionPage() {
  usePageTitle("Retention");
  return (
    <div className={styles["page"]}>
      <header className={styles["header"]}>
        <h1>Retention</h1>
      </header>
      <div className={people["sections"]}>
        <NextPanel />
        <BinPanel />
      </div>
    </div>
  );
}

function NextPanel() {
  const list = useNextToGo();
  const loadMore = useNextPage(list);
  const evidence = list.data?.pages.flatMap((page) => page.evidence) ?? [];
  return (
    <Panel title="Goes within 30 days" aside={<Quiet>into the recycle bin</Quiet>}>
      {list.isPending && <Message busy title="Asking the service…" />}
      {list.isError && <ServiceFailure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && evidence.length === 0 && <Message title="Nothing goes within 30 days." />}
      {evidence.length > 0 && (
        <div className={styles["table"]}>
          <RecordTable
            label="Goes within 30 days"
            columns={COLUMNS}
            records={evidence}
            keyOf={({ evidenceId }) => evidenceId}
            loadMore={loadMore}
          />
        </div>
      )}
    </Panel>
  );
}
