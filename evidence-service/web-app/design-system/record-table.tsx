import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";

/** Height of a row on one line, pixels; the same in styles/table.css. Rows that show all of a name are higher. */
const ROW_HEIGHT_PX = 34;
const OVERSCAN_ROWS = 12;

export interface Column<T> {
  readonly header: string;
  /** Where every value has about the same length; the other columns share what is left. */
  readonly widthPx?: number;
  readonly align?: "end";
  readonly cell: (record: T) => ReactNode;
}

/** Below this a column that shares what is left says nothing any more; the table scrolls sideways instead. */
const SHARED_COLUMN_MIN_PX = 130;

declare module "react" {
  interface CSSProperties {
    "--least-width"?: string;
  }
}

interface RecordTableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly records: readonly T[];
  readonly keyOf: (record: T) => string;
  /** Asks for the next page; null when everything is here. */
  readonly loadMore: (() => void) | null;
}

/**
 * A table of any length: only the rows in sight exist, and the next page is asked for when its end
 * comes near. Arrow keys go from row to row.
 */
export function RecordTable<T>({ label, columns, records, keyOf, loadMore }: RecordTableProps<T>) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: records.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: OVERSCAN_ROWS,
  });
  const shown = rows.getVirtualItems();
  const first = shown[0];
  const last = shown.at(-1);
  const nearEnd = last !== undefined && last.index >= records.length - OVERSCAN_ROWS;
  useEffect(() => {
    if (nearEnd) loadMore?.();
  }, [nearEnd, loadMore, records.length]);
  return (
    <div className="table-scroller" ref={scroller}>
      <table
        aria-label={label}
        style={{ "--least-width": `${leastWidthOf(columns)}px` }}
        aria-rowcount={loadMore === null ? records.length + 1 : -1}
        onKeyDown={moveByArrow}
      >
        <Head columns={columns} />
        <tbody>
          {first !== undefined && first.start > 0 && <Space heightPx={first.start} />}
          {shown.map(({ index }) => {
            const record = records[index];
            if (record === undefined) return null;
            return (
              <Row
                key={keyOf(record)}
                index={index}
                columns={columns}
                record={record}
                measure={rows.measureElement}
              />
            );
          })}
          {last !== undefined && <Space heightPx={rows.getTotalSize() - last.end} />}
        </tbody>
      </table>
    </div>
  );
}

function leastWidthOf(columns: readonly { readonly widthPx?: number }[]): number {
  return columns.reduce((sum, { widthPx = SHARED_COLUMN_MIN_PX }) => sum + widthPx, 0);
}

function Head<T>({ columns }: { readonly columns: readonly Column<T>[] }) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map(({ header, widthPx, align }) => (
          <th key={header} scope="col" className={align} style={{ width: widthPx }}>
            {header}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface RowProps<T> {
  readonly index: number;
  readonly columns: readonly Column<T>[];
  readonly record: T;
  readonly measure: (row: HTMLTableRowElement | null) => void;
}

function Row<T>({ index, columns, record, measure }: RowProps<T>) {
  return (
    <tr aria-rowindex={index + 2} data-index={index} ref={measure}>
      {columns.map(({ header, align, cell }) => (
        <td key={header} className={align} data-title={header} data-whole>
          {cell(record)}
        </td>
      ))}
    </tr>
  );
}

/** Stands for rows out of sight, so that the scroll bar tells the true length. */
function Space({ heightPx }: { readonly heightPx: number }) {
  return (
    <tr aria-hidden="true" className="space">
      <td style={{ height: heightPx }} />
    </tr>
  );
}

/** Arrow up and down go to the same link of the neighbouring row. */
function moveByArrow(event: KeyboardEvent<HTMLTableElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const link = event.target instanceof HTMLElement ? event.target.closest("a") : null;
  const row = link?.closest("tr");
  if (!link || !row) return;
  const neighbour = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
  const place = [...row.querySelectorAll("a")].indexOf(link);
  const links = neighbour?.querySelectorAll("a");
  const target = links?.[place] ?? links?.[0];
  if (target === undefined) return;
  event.preventDefault();
  target.focus();
}
