import { encryptionDataSchema } from "#shared/clearance-api/encryption.ts";
import { gapsWithin } from "#shared/domain/footage.ts";
import { durationMs, intersect, type TimeRange } from "#shared/domain/time-range.ts";
import { offsetMinutes } from "#shared/domain/zone-offset.ts";
import {
  type ClockMeasurement,
  type CurrentManifest,
  type CurrentSentSegment,
  MANIFEST_VERSION,
} from "#shared/manifest/manifest.ts";
import type { CameraExportWork, EvidenceWork } from "../tracked/pipeline-context.ts";
import type { SegmentRecord } from "../ports/export-journal.ts";
import type { RecordedFootage } from "../ports/footage-archive.ts";
import { segmentFileName } from "./segment-file.ts";

/**
 * What is known of a camera export whose segments are all verified or empty. It depends on the journal, the
 * console's own facts and the measured clock alone.
 * @throws TypeError for a segment that is neither: a bug
 */
export function manifestOf(work: EvidenceWork, serviceClock: ClockMeasurement | null): CurrentManifest {
  const { evidenceId } = work;
  const { record, ofExport } = work.cameraExport;
  const segments = work.cameraExport.segments.map((segment) => segment.record);
  const { exportId, createdBy, createdUtcMs, account } = ofExport.record;
  const { range, recording, cameraId, cameraName } = work.request;
  const { site, software } = work.context.signer;
  const { cameraArea } = record;
  return {
    version: MANIFEST_VERSION,
    exportId,
    cameraExportId: record.cameraExportId,
    evidenceId,
    account: account && { id: wellFormed(account.accountId), name: wellFormed(account.name) },
    asked: {
      by: wellFormed(createdBy),
      atUtcMs: createdUtcMs,
      range: plain(range),
      ...(recording === undefined ? {} : { recording }),
    },
    site: {
      name: wellFormed(site.name),
      timeZone: site.timeZone,
      utcOffsetMinutes: {
        atStart: offsetMinutes(range.startUtcMs, site.timeZone),
        atEnd: offsetMinutes(range.endUtcMs - 1, site.timeZone),
      },
    },
    camera: {
      id: cameraId,
      name: wellFormed(cameraName),
      area: cameraArea === null ? null : wellFormed(cameraArea),
    },
    segments: segments.map((segment) => segmentOf(work, segment)),
    coverage: coverageOf(range, segments),
    serviceClock,
    software,
  };
}

function segmentOf(work: CameraExportWork, segment: SegmentRecord): CurrentManifest["segments"][number] {
  const { index, state, recorded } = segment;
  const askedRange = plain(segment.range);
  const lost = segment.lost === undefined ? {} : { lost: segment.lost.map(plain) };
  if (state.kind === "empty") return { kind: "missing", index, askedRange, ...lost };
  if (state.kind !== "verified") throw new TypeError(`Segment ${index} is ${state.kind}, not verified.`);
  const { file, resourceId } = state;
  const encryption = encryptionDataSchema.parse(JSON.parse(segment.encryptionData ?? "null"));
  return {
    kind: "sent",
    index,
    resourceId,
    name: wellFormed(segmentFileName(work, segment)),
    askedRange,
    ...lost,
    footage: recorded && footageOf(recorded),
    plaintext: { lengthBytes: file.plaintextLengthBytes, sha256: file.plaintextSha256 },
    ciphertext: { lengthBytes: file.ciphertextLengthBytes, sha512: file.ciphertextSha512 },
    encryption: {
      protocol: encryption.EncryptionAgent.Protocol,
      keyId: encryption.WrappedContentKey.KeyId,
    },
  };
}

function footageOf({
  overlaps,
  gaps,
  cameraTime,
  leftOut,
  ratioSet,
  ...recorded
}: RecordedFootage): CurrentSentSegment["footage"] {
  const named = overlaps?.map(({ shown, hidden, ...stretch }) => ({ ...plain(stretch), shown, hidden }));
  return {
    ...recorded,
    gaps: gaps.map(plain),
    cameraTime: cameraTime && cameraTimeOf(cameraTime),
    leftOut: leftOut && leftOut.map(({ kind, format }) => ({ kind, format: wellFormed(format) })),
    ...(ratioSet === undefined || ratioSet === null ? {} : { ratioSet }),
    ...(named === undefined ? {} : { overlaps: named }),
  };
}

function cameraTimeOf({ timesOfDay, ...time }: NonNullable<RecordedFootage["cameraTime"]>) {
  return {
    ...time,
    stretches: time.stretches.map((stretch) => ({ ...stretch })),
    jumps: time.jumps.map((jump) => ({ ...jump })),
    ...(timesOfDay === undefined ? {} : { timesOfDay: timesOfDay.map((each) => ({ ...each })) }),
  };
}

/** A part whose gaps the archive could not tell counts as recorded; `footage: null` says so beside it. */
function coverageOf(range: TimeRange, segments: readonly SegmentRecord[]): CurrentManifest["coverage"] {
  const missing = segments.flatMap((segment) => missingIn(segment));
  const askedMs = durationMs(range);
  const missingMs = missing.reduce((sum, gap) => sum + durationMs(gap), 0);
  const sentMs = segments
    .filter(({ state }) => state.kind === "verified")
    .reduce((sum, segment) => sum + recordedMs(segment), 0);
  return { askedMs, recordedMs: askedMs - missingMs, missingMs, sentMs };
}

function missingIn({ range, state, recorded, lost = [] }: SegmentRecord): TimeRange[] {
  if (state.kind === "empty") return [range];
  return (recorded?.gaps ?? lost).flatMap((gap) => intersect(gap, range) ?? []);
}

function recordedMs(segment: SegmentRecord): number {
  const runs = gapsWithin(segment.range, missingIn(segment));
  return runs.reduce((sum, run) => sum + durationMs(run), 0);
}

function plain({ startUtcMs, endUtcMs }: TimeRange): TimeRange {
  return { startUtcMs, endUtcMs };
}

/** Canonical JSON has no spelling for half a surrogate pair, which an operator's text may hold. */
function wellFormed(text: string): string {
  return text.toWellFormed();
}
