import { ProgressBar } from "#design-system/components/progress-bar.tsx";
import { Quiet } from "#design-system/components/text.tsx";
import type { WebEvidence, WebResource } from "#shared/web-api/web-api.ts";
import { formatBytes, formatCount } from "#shared/words/amounts.ts";
import { formatInstant, formatMoment } from "#shared/words/moments.ts";
import { Panel } from "#design-system/components/panel.tsx";
import { useZone } from "../wall-clock/time-zone.ts";
import styles from "./receiving-progress.module.css";
import { segmentProgress, type SegmentProgress } from "./segment-progress.ts";

interface ReceivingProgressProps {
  readonly evidence: WebEvidence;
  readonly resources: readonly WebResource[];
}

/** How far each segment has come. A segment's length is known only once it is complete. */
export function ReceivingProgress({ evidence, resources }: ReceivingProgressProps) {
  const segments = segmentProgress(evidence, resources);
  const complete = segments.filter((segment) => segment.stage === "complete").length;
  const receivedBytes = segments.reduce((sum, segment) => sum + segment.receivedBytes, 0);
  const summary = `${complete} of ${formatCount(segments.length, "segment")} complete, ${formatBytes(receivedBytes)} received`;
  return (
    <Panel title="Progress of the upload" aside={<Quiet>{summary}</Quiet>}>
      <ol className={styles["segments"]}>
        {segments.map((segment, place) => (
          <Segment key={segment.startUtcMs} segment={segment} number={place + 1} />
        ))}
      </ol>
    </Panel>
  );
}

function Segment({ segment, number }: { readonly segment: SegmentProgress; readonly number: number }) {
  const zone = useZone();
  const { startUtcMs, endUtcMs, stage } = segment;
  return (
    <li className={styles["segment"]}>
      <span className={styles["number"]}>Segment {number}</span>
      <span className={styles["time"]}>
        {formatInstant(startUtcMs, zone)} – {formatMoment(endUtcMs, zone, startUtcMs)}
      </span>
      <div className={styles["progress"]}>
        <ProgressBar
          label={`Segment ${number}`}
          value={PROGRESS[stage]}
          valueText={stageText(segment)}
          tone={stage === "complete" ? "success" : "accent"}
        />
      </div>
      <span className={styles["stage"]}>{stageText(segment)}</span>
    </li>
  );
}

/** How much of a segment is there; while it arrives, its length is not known. */
const PROGRESS = { waiting: 0, arriving: null, complete: 1 } as const;

function stageText({ stage, receivedBytes }: SegmentProgress): string {
  switch (stage) {
    case "waiting":
      return "Not started";
    case "arriving":
      return `${formatBytes(receivedBytes)} so far`;
    case "complete":
      return `Complete, ${formatBytes(receivedBytes)}`;
  }
}
