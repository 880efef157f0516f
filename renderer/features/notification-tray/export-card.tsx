import { Name } from "#design-system/components/name.tsx";
import type { ExportSummary } from "#shared/domain/export-status.ts";
import { adviceFor } from "#shared/domain/failure-advice.ts";
import { memo, type ReactNode, useId, useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { classNames } from "#design-system/components/class-names.ts";
import { Icon, type IconName } from "#design-system/icons/icon.tsx";
import { formatInstant, formatMoment, rangeInWords } from "#shared/words/moments.ts";
import { formatCount } from "#shared/words/amounts.ts";
import { useDestination } from "../../main-process-client/destination.ts";
import { ExportActions } from "./export-actions.tsx";
import styles from "./export-card.module.css";
import { ExportProgress } from "./export-progress.tsx";
import {
  camerasInWords,
  caseInWords,
  evidenceInWords,
  failureOf,
  lostInWordsOf,
  madeAnewInWords,
  nextRetryOf,
  otherAccountOf,
  stageWords,
  type StatusTone,
  startedOverInWords,
  toneOf,
  type ExportTurn,
  wholeRangeOf,
} from "./export-words.ts";
import { RetryCountdown } from "./retry-countdown.tsx";
import { SegmentList } from "./segment-list.tsx";

/** A shape for every tone, because colour alone says nothing. */
const TONE_ICONS: Readonly<Record<StatusTone, IconName>> = {
  calm: "clock",
  active: "upload",
  good: "check",
  issue: "warning",
  muted: "cancel",
};

interface ExportCardProps {
  readonly status: ExportSummary;
  readonly siteTimeZone: string;
}

/** One export: what it is, how far it is, what stands in its way and what can be done. */
export const ExportCard = memo(function ExportCard({
  status,
  siteTimeZone,
  turn,
}: ExportCardProps & { readonly turn: ExportTurn }) {
  const titleId = useId();
  const [showsSegments, setShowsSegments] = useState(false);
  const tone = toneOf(status.kind);
  const failure = failureOf(status);
  const nextRetry = nextRetryOf(status);
  const segmentCount = status.cameraExports.reduce((sum, each) => sum + each.segmentCount, 0);
  return (
    // Takes the focus when its neighbour, or a button of its own, is gone.
    <article className={styles["card"]} aria-labelledby={titleId} tabIndex={-1}>
      <header className={styles["head"]}>
        <span className={classNames(styles["tone"], styles[tone])}>
          <Icon name={TONE_ICONS[tone]} size={15} />
        </span>
        <h3 id={titleId} className={styles["title"]}>
          {camerasInWords(status)}
        </h3>
        <time className={styles["when"]} dateTime={new Date(status.createdUtcMs).toISOString()}>
          {whenInWords(status.createdUtcMs, siteTimeZone)}
        </time>
      </header>
      <ExportFacts status={status} siteTimeZone={siteTimeZone} />
      <p className={classNames(styles["stage"], styles[tone])}>{stageWords(status.kind)}</p>
      <ExportProgress status={status} turn={turn} />
      {failure !== null && (
        <div className={styles["failure"]}>
          <p>{failure.message}</p>
          <p className={styles["action"]}>{adviceFor(failure.code).cause}</p>
          {failure.action !== undefined && <p className={styles["action"]}>{failure.action}</p>}
          {status.kind === "waiting" && nextRetry !== null && <RetryCountdown nextRetryAtMs={nextRetry} />}
        </div>
      )}
      <div className={styles["buttons"]}>
        <ExportActions status={status} descriptionId={titleId} />
        <Button
          size="small"
          variant="quiet"
          icon={showsSegments ? "chevron-down" : "chevron-right"}
          aria-expanded={showsSegments}
          aria-describedby={titleId}
          onPress={() => setShowsSegments(!showsSegments)}
        >
          {formatCount(segmentCount, "segment")}
        </Button>
      </div>
      {showsSegments && <SegmentList status={status} siteTimeZone={siteTimeZone} />}
    </article>
  );
});

/** What is sent, of when, where it goes and who sent it: what an operator tells two exports of a camera apart by. */
function ExportFacts({ status, siteTimeZone: zone }: ExportCardProps) {
  const range = rangeInWords(wholeRangeOf(status), zone);
  const startedOver = startedOverInWords(status, (utcMs) => formatInstant(utcMs, zone));
  const madeAnew = madeAnewInWords(status, (utcMs) => formatInstant(utcMs, zone));
  const lost = lostInWordsOf(status, zone);
  const account = otherAccountOf(status, useDestination().value);
  return (
    <dl className={styles["facts"]}>
      <Fact name="Evidence">{evidenceInWords(status)}</Fact>
      <Fact name="Range">
        <span className={styles["instant"]}>{range.start}</span> –{" "}
        <span className={styles["instant"]}>{range.end}</span>
      </Fact>
      <Fact name="Case">{caseInWords(status)}</Fact>
      {account !== null && (
        <Fact name="Account">
          <bdi>{account}</bdi>, the previous destination
        </Fact>
      )}
      <Fact name="Sent by">
        <Name>{status.createdBy}</Name>
      </Fact>
      {lost !== null && <Fact name="Missing">{lost}; the archive had lost it before it was read</Fact>}
      {madeAnew !== null && <Fact name="Spool">{madeAnew}</Fact>}
      {startedOver !== null && <Fact name="Anew">{startedOver}</Fact>}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={styles["fact"]}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The time alone says enough of today. */
function whenInWords(utcMs: number, zone: string): string {
  return formatMoment(utcMs, zone, Date.now());
}
