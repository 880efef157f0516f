import type { SegmentRecord } from "../ports/export-journal.ts";
import type { TransferProgress } from "./transfer-progress.ts";

/** Bytes of footage that are not read yet, that are not sent yet, and in the largest part not read yet. */
interface Remaining {
  readonly toReadBytes: number;
  readonly toSendBytes: number;
  readonly largestUnreadBytes: number;
}

/**
 * How long an export still takes, in milliseconds. Reading and sending go on side by side, each at its own
 * speed: the slower one counts. After the last byte is read, the part that it belongs to is still to be sent.
 * @returns null while a speed that is needed has not been measured: no figure rather than a wrong one
 */
export function timeLeftMs(
  exportId: string,
  segments: readonly SegmentRecord[],
  progress: TransferProgress,
): number | null {
  const { toReadBytes, toSendBytes, largestUnreadBytes } = remainingOf(segments, progress);
  const sendingMs = durationOf(toSendBytes, progress.speedOf(exportId, "send"));
  const readingMs = durationOf(toReadBytes, progress.speedOf(exportId, "read"));
  const lastPartMs = durationOf(largestUnreadBytes, progress.speedOf(exportId, "send"));
  if (sendingMs === null || readingMs === null || lastPartMs === null) return null;
  return Math.max(readingMs + lastPartMs, sendingMs);
}

/** Bytes that are still to go over the line. */
export function bytesToSend(segments: readonly SegmentRecord[], progress: TransferProgress): number {
  return remainingOf(segments, progress).toSendBytes;
}

function durationOf(bytes: number, bytesPerSecond: number | null): number | null {
  if (bytes === 0) return 0;
  return bytesPerSecond === null ? null : (bytes * 1000) / bytesPerSecond;
}

function remainingOf(segments: readonly SegmentRecord[], progress: TransferProgress): Remaining {
  let [toReadBytes, toSendBytes, largestUnreadBytes] = [0, 0, 0];
  for (const segment of segments) {
    const { readBytes, sentBytes } = progress.of(segment.segmentId);
    switch (segment.state.kind) {
      case "queued":
      case "exporting":
        toReadBytes += Math.max(0, segment.plannedLengthBytes - readBytes);
        toSendBytes += segment.plannedLengthBytes;
        largestUnreadBytes = Math.max(largestUnreadBytes, segment.plannedLengthBytes);
        break;
      case "spooled":
      case "uploading":
        toSendBytes += Math.max(0, segment.state.file.ciphertextLengthBytes - sentBytes);
        break;
      case "uploaded":
      case "verified":
      case "empty":
      case "failed":
      case "cancelled":
        break;
    }
  }
  return { toReadBytes, toSendBytes, largestUnreadBytes };
}
