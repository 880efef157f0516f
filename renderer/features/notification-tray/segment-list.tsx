import { formatBytes } from "#shared/words/amounts.ts";
import { Name } from "#design-system/components/name.tsx";
import type { CameraExportSummary, ExportSummary, SegmentStatus } from "#shared/domain/export-status.ts";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { rangeInWords, timesInWords } from "#shared/words/moments.ts";
import { useExportSegments } from "../../main-process-client/exports.ts";
import { segmentStage, shortStage, toneOf } from "./export-words.ts";
import styles from "./segment-list.module.css";

interface SegmentListProps {
  readonly status: ExportSummary;
  readonly siteTimeZone: string;
}

type Line =
  | { readonly kind: "camera"; readonly cameraExport: CameraExportSummary }
  | { readonly kind: "segment"; readonly segment: SegmentStatus };

/** Heights before a line was drawn and measured: names and causes take as many rows as they need. */
const CAMERA_LINE_PX = 58;
const SEGMENT_LINE_PX = 22;

/** Cameras with their segments; thousands of lines of which only those in sight are drawn. */
export function SegmentList({ status, siteTimeZone }: SegmentListProps) {
  const { value: read = [], failure } = useExportSegments(status);
  const segmentsOf = new Map(read.map(({ cameraExportId, segments }) => [cameraExportId, segments]));
  const lines = status.cameraExports.flatMap((cameraExport): Line[] => [
    { kind: "camera", cameraExport },
    ...(segmentsOf.get(cameraExport.cameraExportId) ?? []).map(
      (segment) => ({ kind: "segment", segment }) as const,
    ),
  ]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines[index]?.kind === "camera" ? CAMERA_LINE_PX : SEGMENT_LINE_PX),
    overscan: 8,
  });
  if (failure !== null) return <p className={styles["cause"]}>{failure.message}</p>;
  return (
    <div ref={scroller} className={styles["scroller"]} role="group" aria-label="Segments" tabIndex={0}>
      <ul className={styles["list"]} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index];
          return line === undefined ? null : (
            <li
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              aria-setsize={lines.length}
              aria-posinset={item.index + 1}
              className={styles["line"]}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {line.kind === "camera" ? (
                <CameraLine cameraExport={line.cameraExport} siteTimeZone={siteTimeZone} />
              ) : (
                <SegmentLine segment={line.segment} siteTimeZone={siteTimeZone} />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function CameraLine(props: { readonly cameraExport: CameraExportSummary; readonly siteTimeZone: string }) {
  const { cameraExport, siteTimeZone: zone } = props;
  const { start, end } = rangeInWords(cameraExport.range, zone);
  return (
    <div className={styles["camera"]}>
      <strong>
        <Name>{cameraExport.name === "" ? cameraExport.cameraName : cameraExport.name}</Name>
      </strong>
      <span className={styles["state"]} data-tone={toneOf(cameraExport.kind)}>
        {shortStage(cameraExport)}
      </span>
      <span className={styles["range"]}>
        {start} – {end}
      </span>
    </div>
  );
}

function SegmentLine({ segment, siteTimeZone: zone }: { segment: SegmentStatus; siteTimeZone: string }) {
  const { start, end } = timesInWords(segment.range, zone);
  const total = segment.totalBytes === null ? "size not known" : formatBytes(segment.totalBytes);
  return (
    <div className={styles["segment"]}>
      <span className={styles["number"]}>{segment.index + 1}</span>
      <span className={styles["times"]}>
        {start}–{end}
      </span>
      <span className={styles["stage"]}>{segmentStage(segment)}</span>
      <span className={styles["bytes"]}>
        {segment.kind === "uploading" ? `${formatBytes(segment.doneBytes)} of ${total}` : total}
      </span>
      {segment.failure !== null && <span className={styles["cause"]}>{segment.failure.message}</span>}
    </div>
  );
}
