import { bidiIsolated } from "#shared/domain/names.ts";
import { Button } from "#design-system/components/button.tsx";
import { Checkbox } from "#design-system/components/checkbox.tsx";
import { CameraGrid, type GridColumn } from "./camera-grid.tsx";
import type { RowIssues } from "./draft-issues.ts";
import { useDraftStore } from "./draft-store.ts";
import type { ExportDraft } from "./export-draft.ts";
import { currentReport, type RangeReports } from "./range-report.tsx";
import styles from "./steps.module.css";
import { TimesRow } from "./times-row.tsx";
import { useRowSelection } from "./use-row-selection.ts";

interface TimesStepProps {
  readonly draft: ExportDraft;
  readonly issues: ReadonlyMap<string, RowIssues>;
  readonly reports: RangeReports;
  readonly timeZone: string;
}

const COLUMNS: readonly GridColumn[] = [
  { title: "Camera", width: "minmax(110px, 1.1fr)" },
  { title: "Name", width: "minmax(120px, 1.3fr)" },
  { title: "Start", width: "270px" },
  { title: "End", width: "270px" },
  { title: "Duration", width: "92px" },
  { title: "Description", width: "minmax(120px, 1.3fr)" },
];

export function TimesStep({ draft, issues, reports, timeZone }: TimesStepProps) {
  const [selection, setSelection] = useRowSelection(draft);
  const { showsUtc } = draft.view;
  const first = draft.rows.find((row) => selection.selectedIds.has(row.cameraId));
  const count = selection.selectedIds.size;
  return (
    <div className={styles["step"]}>
      <div className={styles["toolbar"]}>
        <Button
          icon="sync"
          isDisabled={count < 2}
          onPress={() => useDraftStore.getState().sync(selection.selectedIds)}
        >
          Sync times
        </Button>
        <span className={styles["quiet"]}>
          {count < 2
            ? "Click the first camera, hold Shift and click the last, then sync."
            : `${count} cameras take the start and end of ${bidiIsolated(first?.cameraName ?? "")}.`}
        </span>
        <span className={styles["count"]}>
          <Checkbox
            isSelected={showsUtc}
            onChange={(isShown) => useDraftStore.getState().look({ showsUtc: isShown })}
          >
            UTC
          </Checkbox>
        </span>
      </div>
      <CameraGrid
        rows={draft.rows}
        columns={COLUMNS}
        selection={selection}
        onSelect={setSelection}
        emptyText="No camera. Go back and add at least one."
      >
        {(row) => (
          <TimesRow
            row={row}
            issues={issues.get(row.cameraId)}
            report={currentReport(reports, row)}
            timeZone={timeZone}
            showsUtc={showsUtc}
          />
        )}
      </CameraGrid>
    </div>
  );
}
