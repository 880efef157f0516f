import type { TimeRange } from "#shared/domain/time-range.ts";
import type { WebEvidence, WebEvidenceAnswer } from "#shared/web-api/web-api.ts";
import { formatBytes, formatCount, formatFrameRate, formatNumber } from "#shared/words/amounts.ts";
import { Mono } from "#design-system/components/text.tsx";
import { formatDuration } from "#shared/words/durations.ts";
import { Name } from "#design-system/components/name.tsx";
import type { Fact } from "#design-system/components/facts.tsx";
import { RouteLink } from "../history/route-link.tsx";
import {
  breaksBetween,
  frameLengthS,
  missingWithin,
  shownRuns,
  type ShownRun,
} from "../wall-clock/shown-time.ts";
import { Time } from "../wall-clock/time.tsx";
import { creatorText } from "./creator-text.ts";

export function evidenceFacts(evidence: WebEvidence): Fact[] {
  const { camera, caseId, caseName, startUtc, endUtc } = evidence;
  return [
    {
      label: "Case",
      value:
        caseId === null ? null : (
          <RouteLink to={{ page: "case", caseId }}>
            <Name>{caseName ?? caseId}</Name>
          </RouteLink>
        ),
    },
    { label: "Start", value: <Time utc={startUtc} precision="millisecond" /> },
    { label: "End", value: <Time utc={endUtc} precision="millisecond" /> },
    { label: "Duration", value: formatDuration(Date.parse(endUtc) - Date.parse(startUtc)) },
    { label: "Description", value: evidence.description },
    {
      label: "Camera",
      value: (
        <Mono>
          <Name>{camera.externalId}</Name>
        </Mono>
      ),
    },
    { label: "Device", value: [camera.manufacturer, camera.model].filter((part) => part !== "").join(" ") },
    { label: "Created by", value: creatorText(evidence) },
    { label: "Created", value: <Time utc={evidence.createdUtc} /> },
    { label: "Evidence ID", value: <Mono>{evidence.evidenceId}</Mono> },
  ];
}

export function videoFacts(
  video: NonNullable<WebEvidenceAnswer["consolidated"]>,
  { startUtc, endUtc }: Pick<WebEvidence, "startUtc" | "endUtc">,
): Fact[] {
  const asked = { startUtcMs: Date.parse(startUtc), endUtcMs: Date.parse(endUtc) };
  const missing = missingWithin(asked, shownRuns(video.runs));
  const rate = 1 / frameLengthS(shownRuns(video.runs), video.frameCount);
  return [
    { label: "Shown", value: formatDuration(video.durationS * 1_000) },
    {
      label: "Made of",
      value: `${formatCount(video.segmentCount, "segment")}, ${breaksText(shownRuns(video.runs))}${damageText(video)}`,
    },
    ...(missing.length === 0 ? [] : [{ label: "Missing", value: <Missing ranges={missing} /> }]),
    { label: "Picture", value: `${video.width} × ${video.height}, ${formatFrameRate(rate)}` },
    { label: "Frames", value: formatNumber(video.frameCount) },
    { label: "Codec", value: <Mono>{video.codec}</Mono> },
    { label: "Length", value: formatBytes(video.lengthBytes) },
  ];
}

/** Ranges that are written out. */
const MOST_MISSING = 5;

function Missing({ ranges }: { readonly ranges: readonly TimeRange[] }) {
  const lengthMs = ranges.reduce((sum, { startUtcMs, endUtcMs }) => sum + endUtcMs - startUtcMs, 0);
  const more = ranges.length - MOST_MISSING;
  return (
    <>
      {formatDuration(lengthMs)} of the range{": "}
      {ranges.slice(0, MOST_MISSING).map(({ startUtcMs, endUtcMs }, place) => (
        <span key={startUtcMs}>
          {place > 0 && "; "}
          <Time utc={new Date(startUtcMs).toISOString()} /> – <Time utc={new Date(endUtcMs).toISOString()} />
        </span>
      ))}
      {more > 0 && `; ${more} more`}
    </>
  );
}

function damageText({ damaged }: Pick<NonNullable<WebEvidenceAnswer["consolidated"]>, "damaged">): string {
  const what = damaged.some(({ reason }) => reason === "left-out") ? "file" : "damaged file";
  return damaged.length === 0 ? "" : `; without ${formatCount(damaged.length, what)}`;
}

function breaksText(runs: readonly ShownRun[]): string {
  const { gaps, setBack } = breaksBetween(runs);
  if (setBack === 0) return formatCount(gaps, "gap");
  return `${formatCount(gaps, "gap")}; the clock goes back ${setBack === 1 ? "once" : `${setBack} times`}`;
}
