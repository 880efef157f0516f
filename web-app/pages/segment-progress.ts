import { cutIntoSegments } from "#shared/domain/time-range.ts";
import type { WebEvidence, WebResource } from "#shared/web-api/web-api.ts";

export interface SegmentProgress {
  readonly startUtcMs: number;
  readonly endUtcMs: number;
  readonly stage: "waiting" | "arriving" | "complete";
  readonly receivedBytes: number;
}

/** Files that a console sent, videos first and in the order of their time; what the service derived is left out. */
export function receivedFiles(resources: readonly WebResource[]): WebResource[] {
  return resources
    .filter((resource) => resource.state !== "derived")
    .sort(
      (a, b) =>
        Number(isVideo(b)) - Number(isVideo(a)) ||
        Date.parse(a.startUtc) - Date.parse(b.startUtc) ||
        a.name.localeCompare(b.name),
    );
}

export function isVideo(resource: WebResource): boolean {
  return resource.mimeType.startsWith("video/");
}

/**
 * How far each segment has come. Those that are not announced yet are foreseen from the evidence's
 * range, which consoles cut every 60 minutes; a stretch without footage has none in the end.
 */
export function segmentProgress(evidence: WebEvidence, resources: readonly WebResource[]): SegmentProgress[] {
  const range = { startUtcMs: Date.parse(evidence.startUtc), endUtcMs: Date.parse(evidence.endUtc) };
  const announced = receivedFiles(resources).filter(isVideo).map(progressOf);
  const foreseen = range.endUtcMs > range.startUtcMs ? cutIntoSegments(range) : [];
  const waiting = foreseen
    .filter(
      (slot) => !announced.some((one) => one.startUtcMs < slot.endUtcMs && one.endUtcMs > slot.startUtcMs),
    )
    .map((slot): SegmentProgress => ({ ...slot, stage: "waiting", receivedBytes: 0 }));
  return [...announced, ...waiting].sort((a, b) => a.startUtcMs - b.startUtcMs);
}

function progressOf(resource: WebResource): SegmentProgress {
  const { state, lengthBytes, receivedBytes } = resource;
  return {
    startUtcMs: Date.parse(resource.startUtc),
    endUtcMs: Date.parse(resource.endUtc),
    stage: state === "completed" ? "complete" : receivedBytes > 0 ? "arriving" : "waiting",
    receivedBytes: lengthBytes ?? receivedBytes,
  };
}
