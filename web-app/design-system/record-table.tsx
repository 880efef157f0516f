import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { Fragment, useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import { answerKey } from "#shared/page/keys.ts";
import { withFocusedRow } from "#shared/page/focused-row.ts";
import { RECORD_TABLE_KEYS } from "./record-table-keys.ts";

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
    rangeExtractor: (range) => withFocusedRow(scroller.current, defaultRangeExtractor(range), range.count),
  });
  const press = (event: KeyboardEvent) => {
    const at = linkAt(event.target);
    if (at === null) return;
    const goTo = (index: number) => {
      if (index < 0 || index >= records.length) return;
      rows.scrollToIndex(index);
      requestAnimationFrame(() => focusLink(scroller.current, index, at.place));
    };
    answerKey(RECORD_TABLE_KEYS, event, { down: () => goTo(at.index + 1), up: () => goTo(at.index - 1) });
  };
  const shown = rows.getVirtualItems();
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
        onKeyDown={press}
      >
        <Head columns={columns} />
        <tbody>
          {shown.map(({ index, start }, place) => {
            const record = records[index];
            if (record === undefined) return null;
            const aboveEnds = shown[place - 1]?.end ?? 0;
            return (
              <Fragment key={keyOf(record)}>
                {start > aboveEnds && <Space heightPx={start - aboveEnds} />}
                <Row index={index} columns={columns} record={record} measure={rows.measureElement} />
              </Fragment>
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

/** The same link of another row, once it is drawn. */
function focusLink(scroller: Element | null, index: number, place: number): void {
  const links = scroller?.querySelectorAll<HTMLElement>(`[data-index="${index}"] a`);
  (links?.[place] ?? links?.[0])?.focus();
}

/** Where the focus is: row and link. */
function linkAt(target: EventTarget): { readonly index: number; readonly place: number } | null {
  const link = target instanceof HTMLElement ? target.closest("a") : null;
  const row = link?.closest<HTMLElement>("[data-index]");
  if (!link || !row) return null;
  return { index: Number(row.dataset["index"]), place: [...row.querySelectorAll("a")].indexOf(link) };
}

/** The focus to the first row that is drawn; where it was while there is none. */
export function enterRecords(within: Element | null): void {
  within?.querySelector<HTMLElement>("tbody [data-index] a")?.focus();
}
