import { z } from "zod";
import { withPlainBlanks } from "../domain/names-alike.ts";
import { request } from "./request.ts";
import { failureSchema, nothingSchema, recordingNameSchema, timeRangeSchema, utcMsSchema } from "./values.ts";

const exportIdSchema = z.string().min(1).max(64);

/** A text of one line, as it is kept: blanks alone, of whatever width, are nothing that was entered. */
const line = (mostCharacters: number) => z.string().max(mostCharacters).overwrite(withPlainBlanks);

export const newCaseSchema = z.object({
  name: z.string().max(1024),
  departmentId: z.string().max(128),
  categoryId: z.string().max(128).nullable(),
  recordNumber: line(256),
  incidentNumber: z.string().max(1024),
  incidentStartUtcMs: utcMsSchema.nullable(),
  incidentEndUtcMs: utcMsSchema.nullable(),
  description: z.string().max(8192),
  location: line(1024),
  tags: z.array(z.string().min(1).max(64)).max(64),
  customFields: z.array(z.object({ name: z.string().min(1).max(256), value: z.string().max(8192) })).max(256),
});

/** Whose ids the case's are. What was kept from before they said so does not have it. */
const accountIdSchema = z.string().max(1024).optional();

export const caseAssociationSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("existing"),
    caseId: z.string().min(1).max(128),
    caseName: z.string().max(1024),
    accountId: accountIdSchema,
  }),
  z.object({ kind: z.literal("new"), newCase: newCaseSchema, accountId: accountIdSchema }),
  z.object({ kind: z.literal("none") }),
]);

/** Wider than the rules on purpose: the domain's validation answers with sentences, this only bounds. */
export const exportRequestSchema = z.object({
  requestId: z.string().min(8).max(64),
  cameraExports: z
    .array(
      z.object({
        cameraId: z.string().min(1).max(64),
        cameraName: z.string().max(256),
        name: line(4096),
        description: z.string().max(8192),
        range: timeRangeSchema,
        recording: recordingNameSchema.optional(),
      }),
    )
    .max(1024),
  caseAssociation: caseAssociationSchema,
});

const segmentStatusSchema = z.object({
  index: z.number().int(),
  range: timeRangeSchema,
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
  failure: failureSchema.nullable(),
});

const statusKindSchema = z.enum([
  "queued",
  "exporting",
  "uploading",
  "waiting",
  "consolidating",
  "available",
  "failed",
  "cancelled",
]);

const cameraExportSummarySchema = z.object({
  cameraExportId: z.string(),
  cameraId: z.string(),
  cameraName: z.string(),
  name: z.string(),
  range: timeRangeSchema,
  kind: statusKindSchema,
  evidenceId: z.string().nullable(),
  isSent: z.boolean(),
  segmentCount: z.number().int(),
  withFootageCount: z.number().int(),
  verifiedCount: z.number().int(),
  doneBytes: z.number(),
  totalBytes: z.number().nullable(),
  failure: failureSchema.nullable(),
  nextRetryAtMs: z.number().nullable(),
  isAgain: z.boolean(),
  startedOver: z
    .object({ times: z.number().int(), lastUtcMs: utcMsSchema, reason: z.string(), wasRestored: z.boolean() })
    .nullable(),
  madeAnew: z.object({ times: z.number().int(), lastUtcMs: utcMsSchema, reason: z.string() }).nullable(),
  lost: z.array(timeRangeSchema),
});

export const exportAccountSchema = z.object({
  accountId: z.string(),
  name: z.string(),
  webAddress: z.string().nullable(),
});

const exportSummarySchema = z.object({
  exportId: z.string(),
  createdUtcMs: utcMsSchema,
  createdBy: z.string(),
  caseAssociation: z.enum(["existing", "new", "none"]),
  caseName: z.string().nullable(),
  caseId: z.string().nullable(),
  account: exportAccountSchema.nullable(),
  kind: statusKindSchema,
  cameraExports: z.array(cameraExportSummarySchema),
  doneBytes: z.number(),
  totalBytes: z.number().nullable(),
  rateBytesPerSecond: z.number().nullable(),
  timeLeftMs: z.number().nullable(),
  failure: failureSchema.nullable(),
});

/** As `ExportsSnapshot` and `ExportsChange` of the domain. An event is at most 10 a second and tells what changed. */
const exportsSnapshotSchema = z.object({
  revision: z.number().int(),
  toldAtMs: z.number(),
  exports: z.array(exportSummarySchema),
});
const exportsChangeSchema = z.object({
  fromRevision: z.number().int(),
  revision: z.number().int(),
  toldAtMs: z.number(),
  changed: z.array(exportSummarySchema),
  removed: z.array(exportIdSchema),
});
const segmentsOfCameraExportSchema = z.object({
  cameraExportId: z.string(),
  segments: z.array(segmentStatusSchema),
});

/** As `UploadEstimate` of the domain. */
const uploadEstimateSchema = z.object({
  lineBytesPerSecond: z.number().nullable(),
  measuredUtcMs: utcMsSchema.nullable(),
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
  "exports.start": request("send-to-clearance", exportRequestSchema, z.object({ exportId: exportIdSchema })),
  /** How long an export would take to be sent, by the bytes of each of its cameras. */
  "exports.estimate": request(
    "send-to-clearance",
    z.object({ evidenceBytes: z.array(z.number().int().nonnegative()).min(1).max(1024) }),
    uploadEstimateSchema,
  ),
  /** Why a part of this length could never be in the spool, whatever is removed from it; null where it may be. */
  "exports.partRefusal": request(
    "send-to-clearance",
    z.object({ partBytes: z.number().int().nonnegative() }),
    z.object({ refusal: failureSchema.nullable() }),
  ),
  "exports.list": request("send-to-clearance", nothingSchema, exportsSnapshotSchema),
  /** The segments of one export, camera by camera. Failures: UNKNOWN_EXPORT. */
  "exports.segments": request(
    "send-to-clearance",
    z.object({ exportId: exportIdSchema }),
    z.array(segmentsOfCameraExportSchema),
  ),
  "exports.retry": request("send-to-clearance", z.object({ exportId: exportIdSchema }), nothingSchema),
  /** Goes on without what the archive has lost, where that is what an export has failed for. */
  "exports.sendWithoutLost": request(
    "send-to-clearance",
    z.object({ exportId: exportIdSchema }),
    nothingSchema,
  ),
  "exports.cancel": request("send-to-clearance", z.object({ exportId: exportIdSchema }), nothingSchema),
  /** Takes an export off the list that has ended or is at the service as a whole; its journal rows stay. */
  "exports.dismiss": request("send-to-clearance", z.object({ exportId: exportIdSchema }), nothingSchema),
  /** The export whose notification was clicked last, once; null where nobody has, or it was taken already. */
  "exports.takeClicked": request(
    "send-to-clearance",
    nothingSchema,
    z.object({ exportId: exportIdSchema.nullable() }),
  ),
  /** Opens the evidence (or, for an export of several, its case) in the service's web application. */
  "exports.openInClearance": request(
    "send-to-clearance",
    z.object({ exportId: exportIdSchema }),
    nothingSchema,
  ),
};

export const exportEvents = {
  "exports.changed": exportsChangeSchema,
  /** Somebody clicked the desktop's notification of an export: `exports.takeClicked` says which. */
  "exports.clicked": z.null(),
};
