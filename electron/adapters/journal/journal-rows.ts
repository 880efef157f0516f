import { z } from "zod";
import { LEFT_OUT_KINDS } from "#shared/domain/camera.ts";
import type { ExportAccount } from "#shared/domain/export-status.ts";
import { failureOfExport } from "#shared/domain/failure.ts";
import { foreignCode } from "#shared/domain/foreign-code.ts";
import type {
  CameraExportRecord,
  ExportRecord,
  SegmentRecord,
} from "../../export-pipeline/ports/export-journal.ts";

/** What the journal's JSON columns hold, version 1; every row is parsed with these before it counts. */
const utcMsSchema = z.number().int();
const rangeSchema = z.object({ startUtcMs: utcMsSchema, endUtcMs: utcMsSchema });
const codeSchema = z.string().transform(foreignCode);
/** Rows from before every failure had an action get that of their code. */
const failureSchema = z
  .object({ code: codeSchema, message: z.string(), action: z.string().optional() })
  .transform(failureOfExport);

const fileSchema = z.object({
  plaintextLengthBytes: z.number().int(),
  plaintextSha256: z.string(),
  ciphertextLengthBytes: z.number().int(),
  ciphertextSha512: z.string(),
  blockCrcs: z.array(z.number().int().nonnegative()).optional(),
  folder: z.string().optional(),
});

const recordedClockSchema = z.object({
  driftMs: z.number().int(),
  leastDriftMs: z.number().int(),
  mostDriftMs: z.number().int(),
  firstArrivalUtcMs: utcMsSchema,
  lastArrivalUtcMs: utcMsSchema,
});

const recordedCameraTimeSchema = z.object({
  stretches: z.array(
    z.object({
      startUtcUs: z.number().int(),
      endUtcUs: z.number().int(),
      startCameraUs: z.number().int(),
      endCameraUs: z.number().int(),
      ratePpm: z.number().int().nullable(),
    }),
  ),
  jumps: z.array(z.object({ atUtcUs: z.number().int(), byUs: z.number().int().nullable() })),
  unknownMs: z.number().int(),
  timesOfDay: z.array(z.object({ atUtcUs: z.number().int(), cameraUtcUs: z.number().int() })).optional(),
});

const recordedSchema = z.object({
  firstFrameUtcUs: z.number().int(),
  lastFrameUtcUs: z.number().int(),
  endUtcUs: z.number().int(),
  frameCount: z.number().int(),
  preRollFrameCount: z.number().int(),
  // Rows from before the archive told of these do not have them.
  trailingFrameCount: z.number().int().optional(),
  innerFrameCount: z.number().int().optional(),
  overlaps: z.array(rangeSchema.extend({ shown: z.string(), hidden: z.string() })).optional(),
  gaps: z.array(rangeSchema),
  // Rows from before manifests told of the archive's clock do not have it.
  clock: recordedClockSchema.nullable().default(null),
  // Nor these, from before it told of the camera's own time and of what is not recorded.
  cameraTime: recordedCameraTimeSchema.nullable().default(null),
  ratioSet: z.string().nullable().optional(),
  leftOut: z
    .array(z.object({ kind: z.enum(LEFT_OUT_KINDS), format: z.string() }))
    .nullable()
    .default(null),
});

const manifestSchema = z.object({
  file: fileSchema,
  encryptionData: z.string(),
  resourceId: z.string().nullable(),
  uploaded: z.boolean().optional(),
  verified: z.boolean(),
});

const startedOverSchema = z.object({
  times: z.number().int(),
  lastUtcMs: utcMsSchema,
  reason: z.object({ code: codeSchema, message: z.string() }),
  mostConfirmedBytes: z.number(),
  inVain: z.number().int(),
});

const madeAnewSchema = z.object({
  times: z.number().int(),
  lastUtcMs: utcMsSchema,
  reason: z.object({ code: codeSchema, message: z.string() }),
});

const segmentStateSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("queued") }),
  z.object({ kind: z.literal("exporting") }),
  z.object({ kind: z.literal("spooled"), file: fileSchema }),
  z.object({ kind: z.literal("uploading"), file: fileSchema, resourceId: z.string() }),
  z.object({ kind: z.literal("uploaded"), file: fileSchema, resourceId: z.string() }),
  z.object({ kind: z.literal("verified"), file: fileSchema, resourceId: z.string() }),
  z.object({
    kind: z.literal("failed"),
    at: z.enum(["export", "encrypt", "spool", "upload", "verify"]),
    failure: failureSchema,
    file: fileSchema.nullable(),
  }),
  z.object({ kind: z.literal("empty") }),
  z.object({ kind: z.literal("cancelled") }),
]);

const cameraExportStateSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("queued") }),
  z.object({ kind: z.literal("transferring"), evidenceId: z.string() }),
  z.object({ kind: z.literal("consolidating"), evidenceId: z.string() }),
  z.object({ kind: z.literal("available"), evidenceId: z.string() }),
  z.object({ kind: z.literal("failed"), evidenceId: z.string().nullable(), failure: failureSchema }),
  z.object({ kind: z.literal("cancelled"), evidenceId: z.string().nullable() }),
]);

const newCaseSchema = z.object({
  name: z.string(),
  departmentId: z.string(),
  categoryId: z.string().nullable(),
  recordNumber: z.string(),
  incidentNumber: z.string(),
  incidentStartUtcMs: utcMsSchema.nullable(),
  incidentEndUtcMs: utcMsSchema.nullable(),
  description: z.string(),
  location: z.string(),
  tags: z.array(z.string()),
  customFields: z.array(z.object({ name: z.string(), value: z.string() })),
});

const accountIdSchema = z.string().optional();
export const accountSchema: z.ZodType<ExportAccount | null> = z
  .object({ accountId: z.string(), name: z.string(), webAddress: z.string().nullable() })
  .nullable();

export const exportRowSchema: z.ZodType<ExportRecord> = z.object({
  exportId: z.string(),
  createdUtcMs: utcMsSchema,
  createdBy: z.string(),
  request: z.object({
    requestId: z.string(),
    cameraExports: z.array(
      z.object({
        cameraId: z.string(),
        cameraName: z.string(),
        name: z.string(),
        description: z.string(),
        range: rangeSchema,
        recording: z.string().optional(),
      }),
    ),
    caseAssociation: z.discriminatedUnion("kind", [
      z.object({
        kind: z.literal("existing"),
        caseId: z.string(),
        caseName: z.string(),
        accountId: accountIdSchema,
      }),
      z.object({ kind: z.literal("new"), newCase: newCaseSchema, accountId: accountIdSchema }),
      z.object({ kind: z.literal("none") }),
    ]),
  }),
  // Rows from before exports named their account do not have it.
  account: accountSchema.default(null),
  caseId: z.string().nullable(),
  dismissed: z.boolean(),
});

export const cameraExportRowSchema: z.ZodType<CameraExportRecord> = z.object({
  cameraExportId: z.string(),
  exportId: z.string(),
  index: z.number().int(),
  state: cameraExportStateSchema,
  generation: z.number().int().positive(),
  // Rows from before there were manifests do not have these.
  cameraArea: z.string().nullable().default(null),
  manifest: manifestSchema.nullable().default(null),
  startedOver: startedOverSchema.optional(),
  madeAnew: madeAnewSchema.optional(),
  goesWithoutLost: z.boolean().optional(),
});

export const segmentRowSchema: z.ZodType<SegmentRecord> = z.object({
  segmentId: z.string(),
  cameraExportId: z.string(),
  index: z.number().int(),
  range: rangeSchema,
  state: segmentStateSchema,
  encryptionData: z.string().nullable(),
  plannedLengthBytes: z.number().int(),
  recorded: recordedSchema.nullable().default(null),
  shownBytes: z.number().optional(),
  lost: z.array(rangeSchema).optional(),
});
