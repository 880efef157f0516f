import { formatWithOffset, type Precision } from "#shared/words/instants.ts";
import styles from "./time.module.css";
import { useZone } from "./time-zone.ts";

interface TimeProps {
  /** ISO 8601, UTC. */
  readonly utc: string;
  readonly precision?: Precision;
}

/** An instant as wall-clock time with offset; UTC stands in the tooltip. */
export function Time({ utc, precision = "second" }: TimeProps) {
  const zone = useZone();
  const instantUtcMs = Date.parse(utc);
  return (
    <time
      dateTime={utc}
      title={formatWithOffset(instantUtcMs, "UTC", "millisecond")}
      className={styles["time"]}
    >
      {formatWithOffset(instantUtcMs, zone, precision)}
    </time>
  );
}
