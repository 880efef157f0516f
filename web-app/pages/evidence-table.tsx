import { bidiIsolated } from "#shared/domain/names.ts";
import type { WebEvidence } from "#shared/web-api/web-api.ts";
import { Quiet } from "#design-system/components/text.tsx";
import { formatDuration } from "#shared/words/durations.ts";
import { LongName } from "#design-system/components/name.tsx";
import { RecordTable } from "#design-system/tables/record-table.tsx";
import type { Column } from "#design-system/tables/table-parts.tsx";
import { RouteLink } from "../history/route-link.tsx";
import { Time } from "../wall-clock/time.tsx";
import { EvidenceStateBadge } from "./evidence-state-badge.tsx";
import { creatorCell } from "./creator-cell.tsx";

const NAME: Column<WebEvidence> = {
  header: "Name",
  cell: ({ evidenceId, name }) => (
    <RouteLink to={{ page: "evidence", evidenceId }} label={bidiIsolated(name)}>
      <LongName>{name}</LongName>
    </RouteLink>
  ),
};

const CASE: Column<WebEvidence> = { header: "Case", cell: caseLink };

const FACTS: readonly Column<WebEvidence>[] = [
  { header: "State", widthPx: 152, cell: (evidence) => <EvidenceStateBadge {...evidence} /> },
  { header: "Start", widthPx: 216, cell: ({ startUtc }) => <Time utc={startUtc} /> },
  { header: "Duration", widthPx: 148, align: "end", cell: lengthOf },
];

const ORIGIN: readonly Column<WebEvidence>[] = [
  { header: "Created by", widthPx: 184, cell: creatorCell },
  { header: "Created", widthPx: 222, cell: ({ createdUtc }) => <Time utc={createdUtc} /> },
];

function caseLink({ caseId, caseName }: WebEvidence) {
  if (caseId === null) return <Quiet>None</Quiet>;
  return (
    <RouteLink to={{ page: "case", caseId }} label={bidiIsolated(caseName ?? caseId)}>
      <LongName>{caseName ?? caseId}</LongName>
    </RouteLink>
  );
}

function lengthOf({ startUtc, endUtc }: WebEvidence): string {
  return formatDuration(Date.parse(endUtc) - Date.parse(startUtc));
}

interface EvidenceTableProps {
  readonly evidence: readonly WebEvidence[];
  /** Everything on a page of its own; on the page of a case only what differs from row to row. */
  readonly scope: "all" | "case";
  readonly loadMore: (() => void) | null;
}

export function EvidenceTable({ evidence, scope, loadMore }: EvidenceTableProps) {
  return (
    <RecordTable
      label="Evidence"
      columns={scope === "all" ? ALL_COLUMNS : CASE_COLUMNS}
      records={evidence}
      keyOf={({ evidenceId }) => evidenceId}
      loadMore={loadMore}
    />
  );
}

const ALL_COLUMNS = [NAME, CASE, ...FACTS, ...ORIGIN];
const CASE_COLUMNS = [NAME, ...FACTS];
