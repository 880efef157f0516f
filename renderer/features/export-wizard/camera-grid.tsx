import { answerKey } from "#shared/page/keys.ts";
import { bidiIsolated } from "#shared/domain/names.ts";
import {
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from "react";
import { classNames } from "#design-system/components/class-names.ts";
import styles from "./camera-grid.module.css";
import type { DraftRow } from "./export-draft.ts";
import { CAMERA_GRID_KEYS } from "./wizard-keys.ts";
import { NOTHING_SELECTED, rowReachedBy, selectAll, selectRow, type RowSelection } from "./row-selection.ts";

export interface GridColumn {
  readonly title: string;
  /** A track of CSS grid, e.g. "1fr". */
  readonly width: string;
}

interface CameraGridProps {
  readonly rows: readonly DraftRow[];
  readonly columns: readonly GridColumn[];
  /** Leave both out for a list that is only read. */
  readonly selection?: RowSelection;
  readonly onSelect?: (selection: RowSelection) => void;
  readonly onDelete?: (ids: ReadonlySet<string>) => void;
  /** One `GridCell` a column, then whatever spans the row. */
  readonly children: (row: DraftRow) => ReactNode;
  readonly emptyText: string;
}

/**
 * The list `Cameras to export`: rows named by camera. Click, Ctrl-click and Shift-click select; the
 * keyboard does the same with arrows, Space, Shift and Ctrl+A while a row itself has the focus, so
 * that fields inside a row keep their own keys.
 */
export function CameraGrid(props: CameraGridProps) {
  const { rows, columns, selection = NOTHING_SELECTED } = props;
  const onSelect = (next: RowSelection) => props.onSelect?.(next);
  const ids = rows.map((row) => row.cameraId);
  const [lastFocusedId, setLastFocusedId] = useState<string | null>(null);
  const body = useRef<HTMLDivElement>(null);
  const tabStop = lastFocusedId !== null && ids.includes(lastFocusedId) ? lastFocusedId : (ids[0] ?? null);
  const pressKey = (event: KeyboardEvent, id: string) => {
    if (event.target !== event.currentTarget) return;
    const { shiftKey: shift } = event;
    const ctrl = event.ctrlKey || event.metaKey;
    const goTo = (move: Parameters<typeof rowReachedBy>[0]) => {
      const reached = rowReachedBy(move, ids, id);
      if (reached === null) return;
      body.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(reached)}"]`)?.focus();
      if (!ctrl) onSelect(selectRow(selection, ids, reached, { shift, ctrl: false }));
    };
    answerKey(CAMERA_GRID_KEYS, event, {
      down: () => goTo("down"),
      up: () => goTo("up"),
      first: () => goTo("first"),
      last: () => goTo("last"),
      select: () => onSelect(selectRow(selection, ids, id, { shift, ctrl: !shift })),
      all: () => onSelect(selectAll(ids)),
      remove: () => props.onDelete?.(selection.selectedIds),
    });
  };
  const click = (event: MouseEvent, id: string) => {
    if ((event.target as Element).closest("button") !== null) return;
    const held = { shift: event.shiftKey, ctrl: event.ctrlKey || event.metaKey };
    onSelect(selectRow(selection, ids, id, held));
  };
  const template = lookOf(columns);
  return (
    <div
      role="grid"
      aria-label="Cameras to export"
      aria-multiselectable="true"
      aria-rowcount={rows.length + 1}
      className={styles["grid"]}
    >
      <div role="rowgroup" className={styles["head"]}>
        <div role="row" aria-rowindex={1} className={styles["columns"]} style={template}>
          {columns.map((column) => (
            <div key={column.title} role="columnheader">
              {column.title}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" ref={body} className={styles["body"]}>
        {rows.map((row, index) => (
          <div
            key={row.cameraId}
            role="row"
            aria-label={bidiIsolated(row.cameraName)}
            aria-rowindex={index + 2}
            aria-selected={selection.selectedIds.has(row.cameraId)}
            data-row={row.cameraId}
            tabIndex={row.cameraId === tabStop ? 0 : -1}
            className={classNames(
              styles["row"],
              styles["columns"],
              selection.selectedIds.has(row.cameraId) && styles["selected"],
            )}
            style={template}
            onClick={(event) => click(event, row.cameraId)}
            onMouseDown={keepTextUnselected}
            onKeyDown={(event) => pressKey(event, row.cameraId)}
            onFocus={() => setLastFocusedId(row.cameraId)}
          >
            {props.children(row)}
          </div>
        ))}
        {rows.length === 0 && (
          <div role="row" className={styles["empty"]}>
            <div role="gridcell">{props.emptyText}</div>
          </div>
        )}
      </div>
    </div>
  );
}

/** The columns, and their titles for where the cells of a row stand below each other. */
function lookOf(columns: readonly GridColumn[]): CSSProperties {
  const titles = columns.map(({ title }, index) => [`--title-${index + 1}`, JSON.stringify(title)]);
  return {
    ...Object.fromEntries(titles),
    gridTemplateColumns: columns.map((column) => column.width).join(" "),
  };
}

/** Shift-click in a field would mark text from the last caret to here. */
function keepTextUnselected(event: MouseEvent): void {
  if (event.shiftKey) event.preventDefault();
}

interface GridCellProps {
  /** Spans the whole row, below its columns. */
  readonly isWide?: boolean;
  readonly children: ReactNode;
}

export function GridCell({ isWide = false, children }: GridCellProps) {
  return (
    <div role="gridcell" className={classNames(styles["cell"], isWide && styles["wide"])}>
      {children}
    </div>
  );
}
