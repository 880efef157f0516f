import type { WebEvidence } from "#shared/web-api/web-api.ts";
import { RecordTable, type Column } from "../design-system/record-table.tsx";
import { RouteLink } from "../history/route-link.tsx";
import { durationText } from "../wall-clock/amount-text.ts";
import { Time } from "../wall-clock/time.tsx";
import { EvidenceStateBadge } from "./evidence-state-badge.tsx";

const NAME: Column<WebEvidence> = {
  header: "Name",
  share: 22,
  cell: ({ evidenceId, name }) => <RouteLink to={{ page: "evidence", evidenceId }}>{name}</RouteLink>,
};

const CASE: Column<WebEvidence> = { header: "Case", share: 20, cell: caseLink };

const FACTS: readonly Column<WebEvidence>[] = [
  { header: "State", share: 9, cell: ({ state }) => <EvidenceStateBadge state={state} /> },
  { header: "Start", share: 17, cell: ({ startUtc }) => <Time utc={startUtc} /> },
  { header: "Duration", share: 10, align: "end", cell: lengthOf },
  { header: "Received from", share: 12, cell: ({ createdBy }) => createdBy },
  { header: "Created", share: 17, cell: ({ createdUtc }) => <Time utc={createdUtc} /> },
];

function caseLink({ caseId, caseName }: WebEvidence) {
  if (caseId === null) return <span className="empty">None</span>;
  return <RouteLink to={{ page: "case", caseId }}>{caseName ?? caseId}</RouteLink>;
}

function lengthOf({ startUtc, endUtc }: WebEvidence): string {
  return durationText(Date.parse(endUtc) - Date.parse(startUtc));
}

interface EvidenceTableProps {
  readonly evidence: readonly WebEvidence[];
  /** Not on the page of a case, where it is the same in every row. */
  readonly showCase: boolean;
  readonly loadMore: (() => void) | null;
}

export function EvidenceTable({ evidence, showCase, loadMore }: EvidenceTableProps) {
  return (
    <RecordTable
      label="Evidence"
      columns={showCase ? WITH_CASE : WITHOUT_CASE}
      records={evidence}
      keyOf={({ evidenceId }) => evidenceId}
      loadMore={loadMore}
    />
  );
}

const WITH_CASE = [NAME, CASE, ...FACTS];
const WITHOUT_CASE = [NAME, ...FACTS];
