import { z } from "zod";
import { withPlainBlanks } from "../domain/names-alike.ts";
import { request } from "./request.ts";
import { failure, nothing, recordingName, timeRange, utcMs } from "./values.ts";

const exportId = z.string().min(1).max(64);

/** A text of one line, as it is kept: blanks alone, of whatever width, are nothing that was entered. */
const line = (mostCharacters: number) => z.string().max(mostCharacters).overwrite(withPlainBlanks);

export const newCase = z.object({
  name: z.string().max(1024),
  departmentId: z.string().max(128),
  categoryId: z.string().max(128).nullable(),
  recordNumber: line(256),
  incidentNumber: z.string().max(1024),
  incidentStartUtcMs: utcMs.nullable(),
  incidentEndUtcMs: utcMs.nullable(),
  description: z.string().max(8192),
  location: line(1024),
  tags: z.array(z.string().min(1).max(64)).max(64),
  customFields: z.array(z.object({ name: z.string().min(1).max(256), value: z.string().max(8192) })).max(256),
});

/** Whose ids the case's are. What was kept from before they said so does not have it. */
const accountId = z.string().max(1024).optional();

export const caseAssociation = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("existing"),
    caseId: z.string().min(1).max(128),
    caseName: z.string().max(1024),
    accountId,
  }),
  z.object({ kind: z.literal("new"), newCase, accountId }),
  z.object({ kind: z.literal("none") }),
]);

/** Wider than the rules on purpose: the domain's validation answers with sentences, this only bounds. */
export const exportRequest = z.object({
  requestId: z.string().min(8).max(64),
  cameraExports: z
    .array(
      z.object({
        cameraId: z.string().min(1).max(64),
        cameraName: z.string().max(256),
        name: line(4096),
        description: z.string().max(8192),
        range: timeRange,
        recording: recordingName.optional(),
      }),
    )
    .max(1024),
  caseAssociation,
});

const segmentStatus = z.object({
  index: z.number().int(),
  range: timeRange,
  kind: z.enum([
    "queued",
    "exporting",
    "spooled",
    "uploading",
    "uploaded",
    "verified",
    "empty",
    "failed",
    "cancelled",
  ]),
  doneBytes: z.number(),
  totalBytes: z.number().nullable(),
  isAgain: z.boolean(),
  failure: failure.nullable(),
});

const statusKind = z.enum([
  "queued",
  "exporting",
  "uploading",
  "waiting",
  "consolidating",
  "available",
  "failed",
  "cancelled",
]);

const cameraExportSummary = z.object({
  cameraExportId: z.string(),
  cameraId: z.string(),
  cameraName: z.string(),
  name: z.string(),
  range: timeRange,
  kind: statusKind,
  evidenceId: z.string().nullable(),
  isSent: z.boolean(),
  segmentCount: z.number().int(),
  withFootageCount: z.number().int(),
  verifiedCount: z.number().int(),
  doneBytes: z.number(),
  totalBytes: z.number().nullable(),
  failure: failure.nullable(),
  nextRetryAtMs: z.number().nullable(),
  isAgain: z.boolean(),
  startedOver: z.object({ times: z.number().int(), lastUtcMs: utcMs, reason: z.string() }).nullable(),
  madeAnew: z.object({ times: z.number().int(), lastUtcMs: utcMs, reason: z.string() }).nullable(),
  lost: z.array(timeRange),
});

export const exportAccount = z.object({
  accountId: z.string(),
  name: z.string(),
  webAddress: z.string().nullable(),
});

const exportSummary = z.object({
  exportId: z.string(),
  createdUtcMs: utcMs,
  createdBy: z.string(),
  caseAssociation: z.enum(["existing", "new", "none"]),
  caseName: z.string().nullable(),
  caseId: z.string().nullable(),
  account: exportAccount.nullable(),
  kind: statusKind,
  cameraExports: z.array(cameraExportSummary),
  doneBytes: z.number(),
  totalBytes: z.number().nullable(),
  rateBytesPerSecond: z.number().nullable(),
  timeLeftMs: z.number().nullable(),
  failure: failure.nullable(),
});

/** As `ExportsSnapshot` and `ExportsChange` of the domain. An event is at most 10 a second and tells what changed. */
const exportsSnapshot = z.object({
  revision: z.number().int(),
  toldAtMs: z.number(),
  exports: z.array(exportSummary),
});
const exportsChange = z.object({
  fromRevision: z.number().int(),
  revision: z.number().int(),
  toldAtMs: z.number(),
  changed: z.array(exportSummary),
  removed: z.array(exportId),
});
const segmentsOfCameraExport = z.object({
  cameraExportId: z.string(),
  segments: z.array(segmentStatus),
});

/** As `UploadEstimate` of the domain. */
const uploadEstimate = z.object({
  lineBytesPerSecond: z.number().nullable(),
  measuredUtcMs: utcMs.nullable(),
  isHeld: z.boolean(),
  isCapped: z.boolean(),
  queuedBytes: z.number(),
  queueMs: z.number(),
  totalMs: z.number(),
  longestEvidenceMs: z.number(),
  purgeRisk: z.enum(["none", "queue", "evidence"]),
});

/**
 * Failures of start: every `ExportIssueCode` of the domain, DESTINATION_NOT_CONFIGURED, ACCOUNT_CHANGED, CASE_CLOSED,
 * ARCHIVE_UNREACHABLE, SPOOL_PART_TOO_LARGE, SPOOL_FILE_TOO_LARGE. Of retry and cancel: UNKNOWN_EXPORT, NOTHING_TO_RETRY, NOTHING_TO_CANCEL.
 */
export const exportRequests = {
  "exports.start": request("send-to-clearance", exportRequest, z.object({ exportId })),
  /** How long an export would take to be sent, by the bytes of each of its cameras. */
  "exports.estimate": request(
    "send-to-clearance",
    z.object({ evidenceBytes: z.array(z.number().int().nonnegative()).min(1).max(1024) }),
    uploadEstimate,
  ),
  /** Why a part of this length could never be in the spool, whatever is removed from it; null where it may be. */
  "exports.partRefusal": request(
    "send-to-clearance",
    z.object({ partBytes: z.number().int().nonnegative() }),
    z.object({ refusal: failure.nullable() }),
  ),
  "exports.list": request("send-to-clearance", nothing, exportsSnapshot),
  /** The segments of one export, camera by camera. Failures: UNKNOWN_EXPORT. */
  "exports.segments": request("send-to-clearance", z.object({ exportId }), z.array(segmentsOfCameraExport)),
  "exports.retry": request("send-to-clearance", z.object({ exportId }), nothing),
  /** Goes on without what the archive has lost, where that is what an export has failed for. */
  "exports.sendWithoutLost": request("send-to-clearance", z.object({ exportId }), nothing),
  "exports.cancel": request("send-to-clearance", z.object({ exportId }), nothing),
  /** Takes an export off the list that has ended or is at the service as a whole; its journal rows stay. */
  "exports.dismiss": request("send-to-clearance", z.object({ exportId }), nothing),
  /** The export whose notification was clicked last, once; null where nobody has, or it was taken already. */
  "exports.takeClicked": request("send-to-clearance", nothing, z.object({ exportId: exportId.nullable() })),
  /** Opens the evidence (or, for an export of several, its case) in the service's web application. */
  "exports.openInClearance": request("send-to-clearance", z.object({ exportId }), nothing),
};

export const exportEvents = {
  "exports.changed": exportsChange,
  /** Somebody clicked the desktop's notification of an export: `exports.takeClicked` says which. */
  "exports.clicked": z.null(),
};
