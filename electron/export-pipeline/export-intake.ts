import { randomUUID } from "node:crypto";
import { type ExportRequest, validateExportRequest } from "#shared/domain/export-request.ts";
import { failed, type Outcome, succeeded } from "#shared/domain/failure.ts";
import { cutIntoSegments, SEGMENT_MAX_MS, type TimeRange } from "#shared/domain/time-range.ts";
import { RECORDING_DELAY_MS } from "./stages/read-segment.ts";
import { type FootageArchive, recordedFootageOf } from "./ports/footage-archive.ts";
import type { JournalEntry, SegmentRecord } from "./ports/export-journal.ts";
import type { PortCall } from "./ports/port-call.ts";

/**
 * Checks what was asked, trusting nobody, and cuts it into segments with their exact lengths.
 * Parts without footage become `empty`; a camera without any footage in its range is refused. Of a part that
 * ends just now nobody knows yet: it is tried when the archive has had time to index it.
 * @param segmentMaxMs the longest a segment may be; shorter where seconds of footage must make several
 * @returns the entry to start, or the first thing that is wrong, with its code
 */
export async function admitExport(
  request: ExportRequest,
  createdBy: string,
  archive: FootageArchive,
  nowUtcMs: number,
  call: PortCall,
  segmentMaxMs: number = SEGMENT_MAX_MS,
): Promise<Outcome<JournalEntry>> {
  const [issue] = validateExportRequest(request, nowUtcMs);
  if (issue !== undefined) return failed(issue.code, issue.message);
  const cameraExports: JournalEntry["cameraExports"][number][] = [];
  for (const [index, cameraExport] of request.cameraExports.entries()) {
    const cameraExportId = randomUUID();
    const indexedUntilUtcMs = nowUtcMs - RECORDING_DELAY_MS;
    const pieces = cutIntoSegments(cameraExport.range, segmentMaxMs);
    const segments = await planSegments(
      cameraExport,
      cameraExportId,
      pieces,
      archive,
      indexedUntilUtcMs,
      call,
    );
    if (!segments.ok) return segments;
    // A camera that nobody can place is exported all the same; its manifest leaves the area open.
    const area = await archive.cameraArea(cameraExport.cameraId, call);
    cameraExports.push({
      record: {
        cameraExportId,
        exportId: request.requestId,
        index,
        state: { kind: "queued" },
        generation: 1,
        cameraArea: area.ok ? area.value : null,
        manifest: null,
      },
      segments: segments.value,
    });
  }
  const { caseAssociation } = request;
  return succeeded({
    record: {
      exportId: request.requestId,
      createdUtcMs: nowUtcMs,
      createdBy,
      request,
      caseId: caseAssociation.kind === "existing" ? caseAssociation.caseId : null,
      dismissed: false,
    },
    cameraExports,
  });
}

async function planSegments(
  cameraExport: ExportRequest["cameraExports"][number],
  cameraExportId: string,
  pieces: readonly TimeRange[],
  archive: FootageArchive,
  indexedUntilUtcMs: number,
  call: PortCall,
): Promise<Outcome<SegmentRecord[]>> {
  const segments: SegmentRecord[] = [];
  for (const [index, range] of pieces.entries()) {
    const planned = await archive.planExport(cameraExport.cameraId, range, call);
    if (!planned.ok && planned.error.kind !== "no-footage") return { ok: false, error: planned.error };
    segments.push({
      segmentId: randomUUID(),
      cameraExportId,
      index,
      range,
      state: planned.ok || range.endUtcMs > indexedUntilUtcMs ? { kind: "queued" } : { kind: "empty" },
      encryptionData: null,
      plannedLengthBytes: planned.ok ? planned.value.lengthBytes : 0,
      recorded: planned.ok ? recordedFootageOf(planned.value) : null,
    });
  }
  if (segments.every(({ state }) => state.kind === "empty")) {
    return failed(
      "NO_FOOTAGE",
      `The archive holds no footage of ${cameraExport.cameraName} in the chosen range.`,
    );
  }
  return succeeded(segments);
}
