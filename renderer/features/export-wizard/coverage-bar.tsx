import type { TimeRange } from "#shared/domain/time-range.ts";
import { formatNumber } from "#shared/words/amounts.ts";
import { durationMs } from "#shared/domain/time-range.ts";
import { formatDuration } from "#shared/words/durations.ts";
import { formatInstant, formatInstantMs } from "#shared/words/moments.ts";
import { archiveNow, useHolding, useKeptMs } from "../../main-process-client/holdings.ts";
import { codecChangeSentence } from "./codec-change.ts";
import styles from "./coverage-bar.module.css";
import { coveragePieces, gapSentence, retentionSentence } from "./footage-coverage.ts";
import { leftOutSentence } from "./left-out-words.ts";
import { RecordingChoice } from "./recording-choice.tsx";
import { Warning } from "./warning.tsx";
import type { RangeReport } from "./range-report.tsx";

interface CoverageProps {
  readonly range: TimeRange;
  readonly cameraId: string;
  /** null while the archive has not answered for this range. */
  readonly report: RangeReport | null;
  readonly timeZone: string;
  /** Of the row; null: what the archive shows is sent. */
  readonly recording: string | null;
  /** Absent where nothing can be chosen any more. */
  readonly onChooseRecording?: (recording: string | null) => void;
}

/** What the archive holds of the range: as a bar, and in words for everybody. */
export function Coverage(props: CoverageProps) {
  const { range, report } = props;
  const footage = report?.footage ?? null;
  return (
    <div className={styles["coverage"]}>
      <div className={styles["bar"]} aria-hidden="true">
        {durationMs(range) > 0 &&
          footage !== null &&
          coveragePieces(range, footage).map((piece) => (
            <span
              key={piece.from}
              className={styles[piece.kind]}
              style={{ left: `${piece.from * 100}%`, width: `${(piece.to - piece.from) * 100}%` }}
            />
          ))}
      </div>
      <span className={styles["words"]}>{sizeInWords(report)}</span>
      <CoverageWarnings {...props} />
    </div>
  );
}

/** What is missing of the range, or at risk, in words; nothing where all is well. */
export function CoverageWarnings(props: CoverageProps) {
  const { range, cameraId, report, timeZone } = props;
  const atTime = (utcMs: number) => formatInstant(utcMs, timeZone);
  const oldestUtcMs = useHolding(cameraId)?.oldestUtcMs ?? null;
  const footage = report?.footage ?? null;
  const gaps =
    footage && gapSentence({ range, runs: footage.runs, gaps: footage.gaps }, formatDuration, atTime);
  const leftOut = leftOutSentence(report?.plan?.leftOut ?? null);
  const keptMs = useKeptMs();
  const retention = retentionSentence(range, { oldestUtcMs, keptMs, nowUtcMs: archiveNow() }, atTime);
  const failure = report?.failure ?? null;
  const atTimeMs = (utcMs: number) => formatInstantMs(utcMs, timeZone);
  return (
    <>
      {gaps !== null && <Warning text={gaps} />}
      <RecordingChoice {...props} />
      {leftOut !== null && <Warning text={leftOut} />}
      {retention !== null && <Warning text={retention} />}
      {failure !== null && <Warning text={codecChangeSentence(failure, atTimeMs) ?? failure.message} />}
    </>
  );
}

function sizeInWords(report: RangeReport | null): string {
  if (report === null) return "Reading the archive…";
  if (report.plan === null) return report.failure === null ? "Reading the archive…" : "Size not known";
  const { lengthBytes, frameCount, gaps } = report.plan;
  const size = `${formatNumber(lengthBytes)} bytes, ${formatNumber(frameCount)} frames`;
  return gaps.length === 0 ? `${size}, no gaps` : size;
}
