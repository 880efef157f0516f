import { useCallback, useMemo } from "react";
import { bidiIsolated } from "#shared/domain/names.ts";
import type { WebCase } from "#shared/web-api/web-api.ts";
import { formatNumber } from "#shared/words/amounts.ts";
import { NoValue } from "#design-system/components/text.tsx";
import { LongName, Name } from "#design-system/components/name.tsx";
import { Message } from "#design-system/components/message.tsx";
import { RecordTable } from "#design-system/tables/record-table.tsx";
import type { Column } from "#design-system/tables/table-parts.tsx";
import { SearchBox } from "./search-box.tsx";
import { replaceWith } from "../history/navigation.ts";
import { RouteLink } from "../history/route-link.tsx";
import { useCaseList } from "../service-client/cases.ts";
import { Time } from "../wall-clock/time.tsx";
import { fieldLabel, type FieldLabels } from "./case-facts.tsx";
import { CaseStateBadge } from "./case-state-badge.tsx";
import styles from "./list-page.module.css";
import { ListHeader } from "./list-header.tsx";
import { usePageTitle } from "./page-title.ts";
import { ServiceFailure } from "./service-failure.tsx";
import { useNextPage } from "./use-next-page.ts";
import { creatorCell } from "./creator-cell.tsx";

const columnsUnder = (fieldLabels: FieldLabels): readonly Column<WebCase>[] => [
  { header: "Name", cell: caseLink },
  { header: "State", widthPx: 96, cell: ({ state }) => <CaseStateBadge state={state} /> },
  { header: "Department", widthPx: 128, cell: ({ department }) => <Name>{department}</Name> },
  {
    header: "Category",
    widthPx: 116,
    cell: ({ category }) => textOrDash(category),
  },
  {
    header: fieldLabel("recordNumber", fieldLabels),
    widthPx: 140,
    cell: ({ recordNumber }) => textOrDash(recordNumber),
  },
  {
    header: "Evidence",
    widthPx: 96,
    align: "end",
    cell: ({ evidenceCount }) => formatNumber(evidenceCount),
  },
  { header: "Created by", widthPx: 184, cell: creatorCell },
  { header: "Created", widthPx: 222, cell: ({ createdUtc }) => <Time utc={createdUtc} /> },
];

function textOrDash(text: string | null) {
  return text === null || text === "" ? <NoValue /> : <Name>{text}</Name>;
}

function caseLink({ caseId, name }: WebCase) {
  return (
    <RouteLink to={{ page: "case", caseId }} label={bidiIsolated(name)}>
      <LongName>{name}</LongName>
    </RouteLink>
  );
}

export function CaseListPage({ text }: { readonly text: string }) {
  usePageTitle("Cases");
  const list = useCaseList(text);
  const search = useCallback((typed: string) => replaceWith({ page: "caseList", text: typed }), []);
  const loadMore = useNextPage(list);
  const fieldLabels = list.data?.pages[0]?.fieldLabels;
  const columns = useMemo(() => columnsUnder(fieldLabels ?? {}), [fieldLabels]);
  const cases = list.data?.pages.flatMap((page) => page.cases) ?? [];
  return (
    <div className={styles["page"]}>
      <ListHeader title="Cases" shown={list.data && cases.length} more={list.hasNextPage} list={list}>
        <SearchBox label="Search cases" text={text} onSearch={search} />
      </ListHeader>
      {list.isPending && <Message busy title="Loading cases…" />}
      {list.isError && <ServiceFailure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && cases.length === 0 && (
        <Message
          title={text === "" ? "There are no cases yet." : `No case matches “${bidiIsolated(text)}”.`}
        />
      )}
      {cases.length > 0 && (
        <RecordTable
          label="Cases"
          columns={columns}
          records={cases}
          keyOf={({ caseId }) => caseId}
          loadMore={loadMore}
        />
      )}
    </div>
  );
}
