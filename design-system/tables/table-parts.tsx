import type { ReactNode } from "react";
import styles from "./table.module.css";

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

/** Pixels, as the style of a table. */
export function leastWidthOf(columns: readonly { readonly widthPx?: number }[]) {
  const leastPx = columns.reduce((sum, { widthPx = SHARED_COLUMN_MIN_PX }) => sum + widthPx, 0);
  return { "--least-width": `${leastPx}px` };
}

export function TableHead<T>({ columns }: { readonly columns: readonly Column<T>[] }) {
  return (
    <thead className={styles["head"]}>
      <tr aria-rowindex={1}>
        {columns.map(({ header, widthPx, align }) => (
          <th
            key={header}
            scope="col"
            className={align === "end" ? styles["titleAtEnd"] : styles["title"]}
            style={{ width: widthPx }}
          >
            {header}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface TableRowProps<T> {
  readonly index: number;
  readonly columns: readonly Column<T>[];
  readonly record: T;
  readonly measure?: (row: HTMLTableRowElement | null) => void;
}

export function TableRow<T>({ index, columns, record, measure }: TableRowProps<T>) {
  return (
    <tr className={styles["row"]} aria-rowindex={index + 2} data-index={index} ref={measure}>
      {columns.map(({ header, align, cell }) => (
        <td
          key={header}
          className={align === "end" ? styles["cellAtEnd"] : styles["cell"]}
          data-title={header}
          data-whole
        >
          {cell(record)}
        </td>
      ))}
    </tr>
  );
}
