import { formatBytes, formatRate } from "#shared/words/amounts.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#shared/domain/time-range.ts";
import { formatRoughDuration } from "#shared/words/durations.ts";
import type { UploadEstimate } from "#shared/domain/upload-estimate.ts";

/** What takes longer is estimated to the hour. */
const TO_THE_MINUTE_MS = 10 * HOUR_MS;
/** Longer is not reckoned. */
const LONGEST_MS = 366 * DAY_MS;

/** As exact as an estimate is: `less than a minute`, `about 40 min`, `about 2 h 10 min`, `about 3 days 4 h`. */
export function roughTimeInWords(ms: number): string {
  if (ms < MINUTE_MS) return "less than a minute";
  return ms >= LONGEST_MS ? "more than a year" : `about ${amountOf(ms)}`;
}

function atLeast(ms: number): string {
  return ms >= LONGEST_MS ? "more than a year" : `at least ${amountOf(ms)}`;
}

function orLess(ms: number): string {
  return `${roughTimeInWords(ms)} or less`;
}

function amountOf(ms: number): string {
  const unitMs = ms < TO_THE_MINUTE_MS ? MINUTE_MS : HOUR_MS;
  return formatRoughDuration(Math.round(ms / unitMs) * unitMs);
}

/** @param atTime writes an instant */
export function estimateInWords(estimate: UploadEstimate, atTime: (utcMs: number) => string): string {
  const { lineBytesPerSecond, measuredUtcMs, totalMs, isCapped, isHeld } = estimate;
  if (lineBytesPerSecond === null || measuredUtcMs === null) {
    if (totalMs < MINUTE_MS)
      return "Not known yet how long: nothing has been sent to this destination from here";
    return `${capitalised(atLeast(totalMs))} under the bandwidth cap; the line's own rate is not known yet${queueInWords(estimate)}`;
  }
  const cap = isCapped ? " and no more than the bandwidth cap" : "";
  const held = isHeld ? ", when a bandwidth cap held it" : "";
  const basis = `at ${formatRate(lineBytesPerSecond)} as measured ${atTime(measuredUtcMs)}${held}${cap}`;
  return `${capitalised(roughTimeInWords(totalMs))}${isHeld ? " or less" : ""}, ${basis}${queueInWords(estimate)}`;
}

function queueInWords({ queuedBytes, queueMs }: UploadEstimate): string {
  return queuedBytes === 0
    ? ""
    : `; of that ${roughTimeInWords(queueMs)} for ${formatBytes(queuedBytes)} queued before it`;
}

/** What the operator can still change before Finish; null where the service would not purge it. */
export function purgeWarning(estimate: UploadEstimate): string | null {
  const rule = "The service removes evidence that is not complete 24 hours after Finish";
  const inAll = estimate.lineBytesPerSecond === null ? atLeast : estimate.isHeld ? orLess : roughTimeInWords;
  switch (estimate.purgeRisk) {
    case "none":
      return null;
    case "evidence":
      return (
        `${rule}, and sending the largest one takes ${inAll(estimate.longestEvidenceMs)}. ` +
        "Choose a shorter range, or have the bandwidth cap raised; otherwise it is sent anew in vain."
      );
    case "queue":
      return (
        `${rule}, and with everything that is sent before it the last one takes ${inAll(estimate.totalMs)}. ` +
        "Send fewer cameras at a time, wait until less is queued, or have the bandwidth cap raised."
      );
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
