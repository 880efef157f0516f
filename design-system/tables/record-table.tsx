import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { Fragment, useEffect, useRef, type KeyboardEvent } from "react";
import { answerKey } from "#shared/page/keys.ts";
import { withFocusedRow } from "#shared/page/focused-row.ts";
import { RECORD_TABLE_KEYS } from "./record-table-keys.ts";
import { leastWidthOf, TableHead, TableRow, type Column } from "./table-parts.tsx";
import styles from "./table.module.css";

/** Height of a row on one line, pixels; the same in table.module.css. Rows that show all of a name are higher. */
const ROW_HEIGHT_PX = 34;
const OVERSCAN_ROWS = 12;

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
    <div className={styles["scroller"]} ref={scroller}>
      <table
        className={styles["table"]}
        aria-label={label}
        style={leastWidthOf(columns)}
        aria-rowcount={loadMore === null ? records.length + 1 : -1}
        onKeyDown={press}
      >
        <TableHead columns={columns} />
        <tbody className={styles["body"]}>
          {shown.map(({ index, start }, place) => {
            const record = records[index];
            if (record === undefined) return null;
            const aboveEnds = shown[place - 1]?.end ?? 0;
            return (
              <Fragment key={keyOf(record)}>
                {start > aboveEnds && <Space heightPx={start - aboveEnds} />}
                <TableRow index={index} columns={columns} record={record} measure={rows.measureElement} />
              </Fragment>
            );
          })}
          {last !== undefined && <Space heightPx={rows.getTotalSize() - last.end} />}
        </tbody>
      </table>
    </div>
  );
}

/** Stands for rows out of sight, so that the scroll bar tells the true length. */
function Space({ heightPx }: { readonly heightPx: number }) {
  return (
    <tr aria-hidden="true">
      <td className={styles["space"]} style={{ height: heightPx }} />
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
