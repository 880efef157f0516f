import { useCallback } from "react";
import { Checkbox } from "#design-system/components/checkbox.tsx";
import { bidiIsolated } from "#shared/domain/names.ts";
import { Message } from "#design-system/components/message.tsx";
import { SearchBox } from "./search-box.tsx";
import { replaceWith } from "../history/navigation.ts";
import { useEvidenceList } from "../service-client/evidence.ts";
import { EvidenceTable } from "./evidence-table.tsx";
import styles from "./list-page.module.css";
import { ListHeader } from "./list-header.tsx";
import { usePageTitle } from "./page-title.ts";
import { ServiceFailure } from "./service-failure.tsx";
import { useNextPage } from "./use-next-page.ts";

interface EvidenceListPageProps {
  readonly text: string;
  readonly withoutCase: boolean;
}

export function EvidenceListPage({ text, withoutCase }: EvidenceListPageProps) {
  usePageTitle("Evidence");
  const list = useEvidenceList({ text, caseId: null, withoutCase });
  const loadMore = useNextPage(list);
  const search = useCallback(
    (typed: string) => replaceWith({ page: "evidenceList", text: typed, withoutCase }),
    [withoutCase],
  );
  const filter = (chosen: boolean) => replaceWith({ page: "evidenceList", text, withoutCase: chosen });
  const evidence = list.data?.pages.flatMap((page) => page.evidence) ?? [];
  return (
    <div className={styles["page"]}>
      <ListHeader title="Evidence" shown={list.data && evidence.length} more={list.hasNextPage} list={list}>
        <SearchBox label="Search evidence" text={text} onSearch={search} />
        <Checkbox isSelected={withoutCase} onChange={filter}>
          Without a case
        </Checkbox>
      </ListHeader>
      {list.isPending && <Message busy title="Loading evidence…" />}
      {list.isError && <ServiceFailure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && evidence.length === 0 && <Message title={nothingFound(text, withoutCase)} />}
      {evidence.length > 0 && <EvidenceTable evidence={evidence} scope="all" loadMore={loadMore} />}
    </div>
  );
}

function nothingFound(text: string, withoutCase: boolean): string {
  if (text !== "")
    return `No evidence${withoutCase ? " without a case" : ""} matches “${bidiIsolated(text)}”.`;
  return withoutCase ? "All evidence belongs to a case." : "There is no evidence yet.";
}
