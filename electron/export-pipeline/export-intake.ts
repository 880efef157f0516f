import { randomUUID } from "node:crypto";
import {
  type CameraExportRequest,
  type ExportRequest,
  validateExportRequest,
} from "#shared/domain/export-request.ts";
import { type Failure, failed, failedAs, type Outcome, succeeded } from "#shared/domain/failure.ts";
import { cutIntoSegments, SEGMENT_MAX_MS, type TimeRange } from "#shared/domain/time-range.ts";
import { formatUtc } from "#shared/words/instants.ts";
import { RECORDING_DELAY_MS } from "./stages/read-segment.ts";
import { type FootageArchive, recordedFootageOf } from "./ports/footage-archive.ts";
import type { JournalEntry, SegmentRecord } from "./ports/export-journal.ts";
import type { PortCall } from "./ports/port-call.ts";

/** Also the archive's code (`ArchiveProblemCode`). */
const CODEC_CHANGED = "CODEC_CHANGED";

/** What somebody asks for, and when, by the console's clock. */
export interface AskedExport {
  readonly request: ExportRequest;
  readonly createdBy: string;
  readonly createdUtcMs: number;
  /** The longest a segment may be; shorter where seconds of footage must make several. */
  readonly segmentMaxMs?: number | undefined;
}

/** One camera of it, whose segments are planned. */
interface AskedCameraExport {
  readonly request: CameraExportRequest;
  readonly cameraExportId: string;
  readonly pieces: readonly TimeRange[];
  /** Until when the archive has had time to index what was recorded. */
  readonly indexedUntilUtcMs: number;
}

/**
 * Checks what was asked, trusting nobody, and cuts it into segments with their exact lengths.
 * Parts without footage become `empty`; a camera without any footage in its range is refused, and one whose picture
 * codec changes in it, as the service could not show it as one video. Of a part that
 * ends just now nobody knows yet: it is tried when the archive has had time to index it.
 * The range is compared with the archive's clock.
 * @returns the entry to start, or the first thing that is wrong, with its code
 */
export async function admitExport(
  { request, createdBy, createdUtcMs, segmentMaxMs = SEGMENT_MAX_MS }: AskedExport,
  archive: FootageArchive,
  call: PortCall,
): Promise<Outcome<JournalEntry>> {
  const [first] = request.cameraExports;
  const nowUtcMs = first === undefined ? createdUtcMs : await archive.now(first.cameraId, call);
  const [issue] = validateExportRequest(request, nowUtcMs);
  if (issue !== undefined) return failed(issue.code, issue.message);
  // A camera that nobody can place is exported all the same; its manifest leaves the area open.
  const listed = await archive.cameraAreas(call);
  const areas: ReadonlyMap<string, string> = listed.ok ? listed.value : new Map();
  const cameraExports: JournalEntry["cameraExports"][number][] = [];
  for (const [index, cameraExport] of request.cameraExports.entries()) {
    const cameraExportId = randomUUID();
    const pieces = cutIntoSegments(cameraExport.range, segmentMaxMs);
    const indexedUntilUtcMs = nowUtcMs - RECORDING_DELAY_MS;
    const asked = { request: cameraExport, cameraExportId, pieces, indexedUntilUtcMs };
    const segments = await planSegments(asked, archive, call);
    if (!segments.ok) return segments;
    cameraExports.push({
      record: {
        cameraExportId,
        exportId: request.requestId,
        index,
        state: { kind: "queued" },
        generation: 1,
        cameraArea: areas.get(cameraExport.cameraId) ?? null,
        manifest: null,
      },
      segments: segments.value,
    });
  }
  const { caseAssociation } = request;
  return succeeded({
    record: {
      exportId: request.requestId,
      createdUtcMs,
      createdBy,
      request,
      account: null,
      caseId: caseAssociation.kind === "existing" ? caseAssociation.caseId : null,
      dismissed: false,
    },
    cameraExports,
  });
}

async function planSegments(
  { request: cameraExport, cameraExportId, pieces, indexedUntilUtcMs }: AskedCameraExport,
  archive: FootageArchive,
  call: PortCall,
): Promise<Outcome<SegmentRecord[]>> {
  const segments: SegmentRecord[] = [];
  let codec: string | null = null;
  for (const [index, range] of pieces.entries()) {
    const asked = { ...range, recording: cameraExport.recording };
    const planned = await archive.planExport(cameraExport.cameraId, asked, call);
    if (!planned.ok && planned.error.kind !== "no-footage") return refused(cameraExport, planned.error);
    if (planned.ok) {
      // The service joins the segments to one video.
      if (codec !== null && !isSameCodec(codec, planned.value.codec)) {
        return codecChanged(cameraExport, Math.floor(planned.value.firstFrameUtcUs / 1000));
      }
      codec = planned.value.codec;
    }
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

function refused(cameraExport: CameraExportRequest, error: Failure): Outcome<never> {
  const isCodecChange = error.code === CODEC_CHANGED && error.atUtcMs !== undefined;
  return isCodecChange ? codecChanged(cameraExport, error.atUtcMs) : failedAs(error);
}

/** @param atUtcMs where the range can be cut: what starts then has no frame of the codec before */
function codecChanged({ cameraName }: CameraExportRequest, atUtcMs: number): Outcome<never> {
  const message = `${cameraName} changed its picture codec in the chosen range.`;
  const at = formatUtc(atUtcMs, "millisecond");
  const action = `Make two exports: one that ends at ${at}, and one that starts then.`;
  return failedAs({ code: CODEC_CHANGED, message, action, atUtcMs });
}

/** Sample entries of the same codec have two names: with and without parameter sets in the samples (ISO/IEC 14496-15). */
const OTHER_NAMES: Readonly<Record<string, string>> = { avc3: "avc1", hev1: "hvc1" };

/**
 * Whether pictures of both can follow each other in one video, whatever their profiles and sizes.
 * @param a and `b`: as RFC 6381 names codecs, such as `avc1.64001e`
 */
function isSameCodec(a: string, b: string): boolean {
  return familyOf(a) === familyOf(b);
}

function familyOf(codec: string): string {
  const name = codec.split(".", 1)[0] ?? "";
  return OTHER_NAMES[name] ?? name;
}
