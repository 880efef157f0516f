import { isolated } from "#shared/domain/names.ts";
import { useState } from "react";
import { Button } from "../../design-system/button.tsx";
import { Checkbox } from "../../design-system/checkbox.tsx";
import { CameraGrid, type GridColumn } from "./camera-grid.tsx";
import type { RowIssues } from "./draft-issues.ts";
import { useDraftStore } from "./draft-store.ts";
import type { ExportDraft } from "./export-draft.ts";
import { currentReport, type RangeReports } from "./range-report.tsx";
import { NOTHING_SELECTED, withoutMissing } from "./row-selection.ts";
import styles from "./steps.module.css";
import { TimesRow } from "./times-row.tsx";

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
  const [chosen, setChosen] = useState(NOTHING_SELECTED);
  const [showsUtc, setShowsUtc] = useState(false);
  const selection = withoutMissing(
    chosen,
    draft.rows.map((row) => row.cameraId),
  );
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
            : `${count} cameras take the start and end of ${isolated(first?.cameraName ?? "")}.`}
        </span>
        <span className={styles["count"]}>
          <Checkbox isSelected={showsUtc} onChange={setShowsUtc}>
            UTC
          </Checkbox>
        </span>
      </div>
      <CameraGrid
        rows={draft.rows}
        columns={COLUMNS}
        selection={selection}
        onSelect={setChosen}
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
