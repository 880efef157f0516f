import { Name } from "#design-system/components/name.tsx";
import { formatCount, formatNumber } from "#shared/words/amounts.ts";
import type { CaseForm } from "#shared/domain/case.ts";
import { DESTINATION_NAME } from "#shared/domain/brand.ts";
import { bidiIsolated } from "#shared/domain/names.ts";
import { durationMs } from "#shared/domain/time-range.ts";
import { formatExactDuration } from "#shared/words/durations.ts";
import { formatInstant, rangeInWords } from "#shared/words/moments.ts";
import { useUploadEstimate } from "../../main-process-client/exports.ts";
import { CameraGrid, GridCell, type GridColumn } from "./camera-grid.tsx";
import { ClockNotice } from "./clock-notice.tsx";
import { CoverageWarnings } from "./coverage-bar.tsx";
import { rangeOf, type ExportDraft } from "./export-draft.ts";
import { Notice } from "./notice.tsx";
import { currentReport, totalOf, type RangeReports } from "./range-report.tsx";
import styles from "./steps.module.css";
import { estimateInWords, purgeWarning } from "./upload-estimate-words.ts";

interface SummaryStepProps {
  readonly draft: ExportDraft;
  readonly form: CaseForm | undefined;
  readonly reports: RangeReports;
  readonly partRefusal: string | null;
  readonly timeZone: string;
}

const COLUMNS: readonly GridColumn[] = [
  { title: "Camera", width: "minmax(140px, 1.4fr)" },
  { title: "Name", width: "minmax(120px, 1.2fr)" },
  { title: "Start", width: "180px" },
  { title: "End", width: "180px" },
  { title: "Duration", width: "100px" },
  { title: "Size", width: "130px" },
];

/** Everything that Finish will send, to be read once more. */
export function SummaryStep({ draft, form, reports, partRefusal, timeZone }: SummaryStepProps) {
  const total = totalOf(reports, draft.rows);
  const { value: estimate } = useUploadEstimate(total && total.lengthsBytes);
  const warning = estimate === undefined ? null : purgeWarning(estimate);
  return (
    <div className={styles["step"]}>
      <dl className={styles["summary"]}>
        <dt>Case</dt>
        <dd>{caseInWords(draft, form)}</dd>
        <dt>Evidence</dt>
        <dd>
          {formatCount(draft.rows.length, "camera")}
          {total !== null &&
            `, ${formatNumber(total.lengthBytes)} bytes, ${formatNumber(total.frameCount)} frames`}
        </dd>
        <dt>Sending</dt>
        <dd>
          {estimate === undefined
            ? "Being estimated…"
            : estimateInWords(estimate, (utcMs) => formatInstant(utcMs, timeZone))}
        </dd>
      </dl>
      <ClockNotice />
      {partRefusal !== null && <Notice tone="danger">{partRefusal}</Notice>}
      {warning !== null && <Notice tone="danger">{warning}</Notice>}
      <CameraGrid rows={draft.rows} columns={COLUMNS} emptyText="No camera.">
        {(row) => {
          const range = rangeOf(row);
          const words = rangeInWords(range, timeZone, "milliseconds");
          const report = currentReport(reports, row);
          const bytes = report?.plan?.lengthBytes;
          return (
            <>
              <GridCell>
                <Name>{row.cameraName}</Name>
              </GridCell>
              <GridCell>{row.name.trim() === "" ? "–" : <Name>{row.name}</Name>}</GridCell>
              <GridCell>{words.start}</GridCell>
              <GridCell>{words.end}</GridCell>
              <GridCell>{formatExactDuration(durationMs(range))}</GridCell>
              <GridCell>{bytes === undefined ? "–" : `${formatNumber(bytes)} B`}</GridCell>
              <GridCell isWide>
                {report === null || report.footage === null ? (
                  <span className={styles["quiet"]}>Checking for gaps…</span>
                ) : (
                  <span className={styles["warnings"]}>
                    <CoverageWarnings
                      range={range}
                      cameraId={row.cameraId}
                      report={report}
                      timeZone={timeZone}
                      recording={row.recording}
                    />
                  </span>
                )}
              </GridCell>
            </>
          );
        }}
      </CameraGrid>
    </div>
  );
}

function caseInWords(draft: ExportDraft, form: CaseForm | undefined): string {
  if (draft.association === "none") return `Uploaded to ${DESTINATION_NAME} without a case`;
  if (draft.association === "existing") return bidiIsolated(draft.existingCase?.name ?? "No case selected");
  const department = form?.departments.find(({ id }) => id === draft.newCase.departmentId)?.name;
  const category = form?.categories.find(({ id }) => id === draft.newCase.categoryId)?.name;
  const details = [department, category].filter((detail) => detail !== undefined).join(", ");
  return `New: ${bidiIsolated(draft.newCase.name)}${details === "" ? "" : ` (${details})`}`;
}
