import { leastWidthOf, TableHead, TableRow, type Column } from "./table-parts.tsx";
import styles from "./table.module.css";

interface ShortTableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly records: readonly T[];
  readonly keyOf: (record: T) => string;
}

/** A table of a few rows, all of which exist; it is as high as they are. */
export function ShortTable<T>({ label, columns, records, keyOf }: ShortTableProps<T>) {
  return (
    <div className={styles["sideways"]}>
      <table className={styles["table"]} aria-label={label} style={leastWidthOf(columns)}>
        <TableHead columns={columns} />
        <tbody className={styles["body"]}>
          {records.map((record, index) => (
            <TableRow key={keyOf(record)} index={index} columns={columns} record={record} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
