import { instantText, type Precision } from "./instant-text.ts";
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
    <time dateTime={utc} title={instantText(instantUtcMs, "UTC", "millisecond")} className="time">
      {instantText(instantUtcMs, zone, precision)}
    </time>
  );
}
