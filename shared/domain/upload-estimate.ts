import { type BandwidthLimits, capAt, capHoldsUntil } from "./bandwidth-schedule.ts";

/** Evidence that is not complete so long after its creation is purged by the service (Clearance's public API). */
export const EVIDENCE_PURGED_AFTER_MS = 24 * 3_600_000;

/** Nobody waits for longer than that, whatever comes out. */
const LONGEST_MS = 366 * 24 * 3_600_000;

/** How fast bytes leave: the line, and what the schedule lets through of it. */
export interface SendingPace {
  /** Null: nothing was ever sent to this destination. */
  readonly lineBytesPerSecond: number | null;
  readonly limits: BandwidthLimits;
  /** The site's, an IANA name. */
  readonly timeZone: string;
}

/**
 * How long bytes take from an instant on, in milliseconds; a year at most. Without a measured line only caps hold
 * them up: it is the least that they can take.
 */
export function sendingMs(bytes: number, startUtcMs: number, pace: SendingPace): number {
  let [leftBytes, atMs] = [bytes, startUtcMs];
  const endMs = startUtcMs + LONGEST_MS;
  while (leftBytes > 0 && atMs < endMs) {
    const bytesPerMs = bytesPerSecondAt(atMs, pace) / 1000;
    const untilMs = Math.min(capHoldsUntil(pace.limits, atMs, pace.timeZone) ?? endMs, endMs);
    const neededMs = leftBytes / bytesPerMs;
    if (neededMs <= untilMs - atMs) return atMs + neededMs - startUtcMs;
    leftBytes -= (untilMs - atMs) * bytesPerMs;
    atMs = untilMs;
  }
  return atMs - startUtcMs;
}

function bytesPerSecondAt(utcMs: number, { lineBytesPerSecond, limits, timeZone }: SendingPace): number {
  const cap = capAt(limits, utcMs, timeZone);
  return Math.min(lineBytesPerSecond ?? Number.POSITIVE_INFINITY, cap ?? Number.POSITIVE_INFINITY);
}

/**
 * `evidence`: one of them takes longer by itself than the service waits for it.
 * `queue`: together with what is sent before.
 */
export type PurgeRisk = "none" | "queue" | "evidence";

/** What the operator reads before Finish. */
export interface UploadEstimate {
  readonly lineBytesPerSecond: number | null;
  readonly measuredUtcMs: number | null;
  /** The line was only ever measured while a bandwidth cap held it: it may be much faster. */
  readonly isHeld: boolean;
  /** A bandwidth cap holds, always or at certain hours. */
  readonly isCapped: boolean;
  /** Of exports before this one, still to be sent. */
  readonly queuedBytes: number;
  readonly queueMs: number;
  /** From Finish until the last byte is sent, the queue included. */
  readonly totalMs: number;
  /** Of the evidence that takes longest, by itself. */
  readonly longestEvidenceMs: number;
  readonly purgeRisk: PurgeRisk;
}

/** What is to be sent. */
export interface BytesToSend {
  /**
   * Of each camera of the export. All are created at Finish, and read one after the other: the last one is complete
   * when everything is sent.
   */
  readonly evidenceBytes: readonly number[];
  /** Of exports before it. */
  readonly queuedBytes: number;
}

export function estimateUpload(
  { evidenceBytes, queuedBytes }: BytesToSend,
  pace: SendingPace & Pick<UploadEstimate, "measuredUtcMs" | "isHeld">,
  nowUtcMs: number,
): UploadEstimate {
  const ownBytes = evidenceBytes.reduce((sum, bytes) => sum + bytes, 0);
  const queueMs = sendingMs(queuedBytes, nowUtcMs, pace);
  const totalMs = sendingMs(queuedBytes + ownBytes, nowUtcMs, pace);
  const longestEvidenceMs = sendingMs(Math.max(0, ...evidenceBytes), nowUtcMs + queueMs, pace);
  const byItself = longestEvidenceMs > EVIDENCE_PURGED_AFTER_MS;
  const withQueue = totalMs > EVIDENCE_PURGED_AFTER_MS;
  return {
    lineBytesPerSecond: pace.lineBytesPerSecond,
    measuredUtcMs: pace.measuredUtcMs,
    isHeld: pace.isHeld,
    isCapped: isCapped(pace.limits),
    queuedBytes,
    queueMs,
    totalMs,
    longestEvidenceMs,
    purgeRisk: byItself ? "evidence" : withQueue ? "queue" : "none",
  };
}

function isCapped({ bandwidthCapBytesPerSecond: always, bandwidthSchedule }: BandwidthLimits): boolean {
  return always !== null || (bandwidthSchedule?.capBytesPerSecond ?? null) !== null;
}
