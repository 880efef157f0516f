import { ProgressBar } from "react-aria-components";
import type { WebEvidence, WebResource } from "#shared/web-api/web-api.ts";
import { formatBytes, formatCount } from "#shared/words/amounts.ts";
import { formatInstant, formatMoment } from "#shared/words/moments.ts";
import { Panel } from "../design-system/panel.tsx";
import { useZone } from "../wall-clock/time-zone.ts";
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
    <Panel title="Progress of the upload" aside={<span className="hint">{summary}</span>}>
      <ol className="segments">
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
  const value = stage === "complete" ? 100 : 0;
  return (
    <li className="segment">
      <span className="segment-number">Segment {number}</span>
      <span className="time">
        {formatInstant(startUtcMs, zone)} – {formatMoment(endUtcMs, zone, startUtcMs)}
      </span>
      <ProgressBar
        aria-label={`Segment ${number}`}
        className={`bar bar-${stage}`}
        value={value}
        isIndeterminate={stage === "arriving"}
        valueLabel={stageText(segment)}
      >
        <span className="bar-fill" />
      </ProgressBar>
      <span className="segment-stage">{stageText(segment)}</span>
    </li>
  );
}

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
