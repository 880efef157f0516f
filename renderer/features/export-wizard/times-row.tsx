import { visibleName } from "#shared/domain/names.ts";
import { Name } from "#design-system/components/name.tsx";
import { durationMs } from "#shared/domain/time-range.ts";
import { DateTimeField } from "#design-system/date-time-field/date-time-field.tsx";
import { formatExactDuration } from "#shared/words/durations.ts";
import { TextField } from "#design-system/components/text-field.tsx";
import { archiveNow } from "../../main-process-client/holdings.ts";
import { GridCell } from "./camera-grid.tsx";
import { Coverage } from "./coverage-bar.tsx";
import type { RowIssues } from "./draft-issues.ts";
import { useDraftStore } from "./draft-store.ts";
import { rangeOf, TEXT_KEPT_CHARACTERS, type DraftRow } from "./export-draft.ts";
import type { RangeReport } from "./range-report.tsx";
import styles from "./steps.module.css";

interface TimesRowProps {
  readonly row: DraftRow;
  readonly issues: RowIssues | undefined;
  readonly report: RangeReport | null;
  readonly timeZone: string;
  readonly showsUtc: boolean;
}

export function TimesRow({ row, issues, report, timeZone, showsUtc }: TimesRowProps) {
  const edit = (change: Parameters<ReturnType<typeof useDraftStore.getState>["editRow"]>[1]) =>
    useDraftStore.getState().editRow(row.cameraId, change);
  const range = rangeOf(row);
  const lengthMs = durationMs(range);
  const dateTime = { isLabelHidden: true, isRequired: true, timeZone, showsUtc, latestUtcMs: archiveNow() };
  return (
    <>
      <GridCell>
        <Name>{row.cameraName}</Name>
      </GridCell>
      <GridCell>
        <TextField
          label="Name"
          isLabelHidden
          placeholder={visibleName(row.cameraName)}
          maxLength={TEXT_KEPT_CHARACTERS}
          value={row.name}
          onChange={(name) => edit({ name })}
          errorMessage={issues?.name}
        />
      </GridCell>
      <GridCell>
        <DateTimeField
          {...dateTime}
          label="Start"
          value={{ utcMs: row.startUtcMs, typed: row.startTyped }}
          dayOfUtcMs={row.endUtcMs}
          onChange={({ utcMs, typed }) => edit({ startUtcMs: utcMs, startTyped: typed })}
          errorMessage={issues?.start}
        />
      </GridCell>
      <GridCell>
        <DateTimeField
          {...dateTime}
          label="End"
          isEnd
          value={{ utcMs: row.endUtcMs, typed: row.endTyped }}
          dayOfUtcMs={row.startUtcMs}
          onChange={({ utcMs, typed }) => edit({ endUtcMs: utcMs, endTyped: typed })}
          errorMessage={issues?.end}
        />
      </GridCell>
      <GridCell>
        <span className={styles["duration"]}>{lengthMs > 0 ? formatExactDuration(lengthMs) : "–"}</span>
      </GridCell>
      <GridCell>
        <TextField
          label="Description"
          isLabelHidden
          placeholder="Optional"
          maxLength={TEXT_KEPT_CHARACTERS}
          value={row.description}
          onChange={(description) => edit({ description })}
          errorMessage={issues?.description}
        />
      </GridCell>
      <GridCell isWide>
        {issues?.start === null && issues.end === null && (
          <Coverage
            range={range}
            cameraId={row.cameraId}
            report={report}
            timeZone={timeZone}
            recording={row.recording}
            onChooseRecording={(recording) => edit({ recording })}
          />
        )}
      </GridCell>
    </>
  );
}
