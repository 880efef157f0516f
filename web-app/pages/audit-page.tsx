import { Button } from "#design-system/components/button.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Mono } from "#design-system/components/text.tsx";
import { RecordTable } from "#design-system/tables/record-table.tsx";
import { formatNumber } from "#shared/words/amounts.ts";
import type { AuditFilterTexts, AuditOf } from "../history/audit-address.ts";
import { RouteLink } from "../history/route-link.tsx";
import type { Route } from "../history/route.ts";
import { auditFile, useAudit } from "../service-client/audit.ts";
import { dayStartUtc } from "../wall-clock/day-start.ts";
import { useZone } from "../wall-clock/time-zone.ts";
import { AUDIT_COLUMNS } from "./audit-columns.tsx";
import { AuditFilterForm } from "./audit-filter-form.tsx";
import styles from "./audit-page.module.css";
import { ListHeader } from "./list-header.tsx";
import { usePageTitle } from "./page-title.ts";
import { ServiceFailure } from "./service-failure.tsx";
import { useNextPage } from "./use-next-page.ts";

interface AuditPageProps {
  readonly of: AuditOf;
  readonly filter: AuditFilterTexts;
}

const TITLES: Readonly<Record<AuditOf["kind"], string>> = {
  trail: "Audit",
  case: "Audit of a case",
  evidence: "Audit of an evidence",
  person: "Audit of a person",
};

/** Who did what, newest first. */
export function AuditPage({ of, filter }: AuditPageProps) {
  usePageTitle(TITLES[of.kind]);
  const zone = useZone();
  const asked = { ...of, query: queryOf(filter, zone) };
  const list = useAudit(asked);
  const loadMore = useNextPage(list);
  const entries = list.data?.pages.flatMap((page) => page.entries) ?? [];
  const missing = list.data?.pages[0]?.missing ?? 0;
  return (
    <div className={styles["page"]}>
      <div>
        <ListHeader
          title={TITLES[of.kind]}
          shown={list.data && entries.length}
          more={list.hasNextPage}
          list={list}
        >
          <BackLink of={of} />
          <span className={styles["files"]}>
            <a href={auditFile("csv", asked)} download>
              Export as CSV
            </a>
            <a href={auditFile("json", asked)} download>
              Export as signed JSON
            </a>
          </span>
        </ListHeader>
        <AuditFilterForm of={of} filter={filter} />
        {missing > 0 && (
          <Message title={`The ${formatNumber(missing)} latest entries cannot be found yet.`}>
            <p>The index of the trail is being made; the trail itself has them.</p>
          </Message>
        )}
      </div>
      {list.isPending && <Message busy title="Reading the audit trail…" />}
      {list.isError && <ServiceFailure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && entries.length === 0 && <NothingFound loadMore={loadMore} />}
      {entries.length > 0 && (
        <RecordTable
          label="Entries of the audit trail"
          columns={AUDIT_COLUMNS}
          records={entries}
          keyOf={({ seq }) => String(seq)}
          loadMore={loadMore}
        />
      )}
    </div>
  );
}

function BackLink({ of: { kind, id } }: Pick<AuditPageProps, "of">) {
  if (kind === "trail") return null;
  if (kind === "person") return <Mono>{id}</Mono>;
  const to: Route = kind === "case" ? { page: "case", caseId: id } : { page: "evidence", evidenceId: id };
  return <RouteLink to={to}>{kind === "case" ? "To the case" : "To the evidence"}</RouteLink>;
}

/** A text is looked for bit by bit, in a trail that may be long. */
function NothingFound({ loadMore }: { readonly loadMore: (() => void) | null }) {
  if (loadMore === null) return <Message title="No entry fits." />;
  return (
    <Message title="No entry fits so far.">
      <Button onPress={loadMore}>Look further back</Button>
    </Message>
  );
}

/** Whole days: the last one is in it. */
function queryOf({ from, until, ...texts }: AuditFilterTexts, zone: string): Record<string, string> {
  return { ...texts, fromUtc: dayStartUtc(from, zone), untilUtc: dayStartUtc(until, zone, 1) };
}
