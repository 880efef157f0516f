import { z } from "zod";
import { plainTextSchema } from "./plain-text.ts";
import { sentIdSchema, sentInstantSchema, sentMimeTypeSchema } from "./sent-values.ts";

/** ISO 8601 instants in UTC with milliseconds, e.g. 2026-11-23T14:26:54.120Z. */
const instantSchema = z.iso.datetime({ offset: true });
const idSchema = z.string().min(1);

const principalSchema = z.object({
  KId: z.string(),
  Username: z.string(),
  PrincipalId: z.string(),
  PrincipalType: z.enum(["User", "Group", "Service"]),
});

/**
 * The person on whose behalf a service account creates something (ours): the console's operator. Shown and
 * audited beside the account, never instead of it: the account alone is authenticated. Earlier consoles
 * do not send it; what was read may be sent back.
 */
export const onBehalfOfSchema = z.string().min(1).max(256);

const deviceTextSchema = z.string().max(256);

/** As it is read, whatever was sent. */
export const deviceSchema = z.object({
  DeviceType: z.string(),
  ExternalId: z.string(),
  Manufacturer: z.string(),
  SerialNumber: z.string(),
  Model: z.string(),
});

/**
 * POST {DS}/tenant/{t}/evidence (body ours). `ExternalId` makes creation idempotent: the same one
 * from the same principal answers the evidence that exists. CaseId links it to a case, null to none.
 */
export const createEvidenceSchema = z.object({
  ExternalId: z.string().min(1).max(128),
  Name: plainTextSchema("The name", { least: 1, most: 256 }),
  Description: plainTextSchema("The description", { most: 8192, mayBreak: true }),
  StartTimeUtc: sentInstantSchema,
  EndTimeUtc: sentInstantSchema,
  CaseId: sentIdSchema.nullable(),
  Device: z.object({
    DeviceType: deviceTextSchema,
    ExternalId: deviceTextSchema,
    Manufacturer: deviceTextSchema,
    SerialNumber: deviceTextSchema,
    Model: deviceTextSchema,
  }),
  CreatedOnBehalfOf: onBehalfOfSchema.nullish(),
});
export type CreateEvidence = z.infer<typeof createEvidenceSchema>;

/** Receiving: waits for files. Processing: completed, being consolidated. Available: plays. Failed: see LifecycleDetail. */
export const lifecycleStateSchema = z.enum(["Receiving", "Processing", "Available", "Failed", "Deleted"]);

export const evidenceSchema = z.object({
  EvidenceId: idSchema,
  ExternalId: z.string(),
  Name: z.string(),
  Description: z.string(),
  StartTimeUtc: instantSchema,
  EndTimeUtc: instantSchema,
  CaseId: idSchema.nullable(),
  CategoryId: idSchema.nullable(),
  Device: deviceSchema,
  CreatedBy: z.string(),
  CreatedOnBehalfOf: onBehalfOfSchema.nullable().default(null),
  CreatedTimeUtc: instantSchema,
  DeletedBy: z.string().nullable(),
  DeletedOnUtc: instantSchema.nullable(),
  AssociationState: z.enum(["Associated", "NotAssociated"]),
  LifecycleState: lifecycleStateSchema,
  LifecycleDetail: z.string().nullable(),
  LocationText: z.string().nullable(),
  AccessPolicies: z.array(z.looseObject({})),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** POST …/evidence/{id}/resource (body ours). `ExternalId` idempotent within the evidence, as above; a fresh SAS each time. */
export const createResourceSchema = z.object({
  ExternalId: z.string().min(1).max(128),
  Name: plainTextSchema("The file's name", { least: 1, most: 512 }),
  MimeType: sentMimeTypeSchema,
  StartTimeUtc: sentInstantSchema,
  EndTimeUtc: sentInstantSchema,
});
export type CreateResource = z.infer<typeof createResourceSchema>;

export const resourceSchema = z.object({
  ResourceId: idSchema,
  EvidenceId: idSchema,
  ExternalId: z.string().nullable(),
  Name: z.string(),
  MimeType: z.string(),
  StartTimeUtc: instantSchema,
  EndTimeUtc: instantSchema,
  /** ISO 8601 duration or empty. */
  TimeOffset: z.string(),
  UploadedTimeUtc: instantSchema.nullable(),
  UploadedBy: principalSchema.nullable(),
  /** The source resource of a derived file; the consolidated video has the first segment here. */
  Parent: idSchema.nullable(),
  Thumbnail: z.string().nullable(),
  /** Created: no file yet. UserCompleted: the file is there and its length is known. Derived: made by the service. */
  State: z.enum(["Created", "UserCompleted", "Derived"]),
  /** Stored (encrypted) length in bytes; null until completed. */
  LengthBytes: z.number().int().nonnegative().nullable(),
});
export type Resource = z.infer<typeof resourceSchema>;

/** The answer to creating a resource: where to upload it to (an Azure SAS URI of a block blob). */
export const createdResourceSchema = resourceSchema.extend({ Uri: z.url(), UriExpiresUtc: instantSchema });
/** POST …/resource/{id}/read-address (ours): where an Azure client reads the stored file (SAS URI, `r` alone). */
export const readAddressSchema = z.object({ Uri: z.url(), UriExpiresUtc: instantSchema });
export type ReadAddress = z.infer<typeof readAddressSchema>;
export const resourceListSchema = z.array(resourceSchema);

/** POST …/resource/{id}/complete answers the resource. A sixth resource in flight: 429 TOO_MANY_UPLOADS with Retry-After. */

/** A case takes as many evidences (public guide); a day of a camera in parts of a minute has 1,440. */
export const EVIDENCE_MAX_FILES = 5_000;

/** POST …/evidence/{id}/complete (path ours). Idempotent with the same checksums. */
export const completeEvidenceSchema = z.object({
  ChecksumAlgorithm: z.enum(["Sha512", "Sha384", "Sha256"]),
  CompleteEvidenceResources: z
    .array(z.object({ ResourceId: sentIdSchema, Checksum: z.string().regex(/^[0-9a-f]{64,128}$/) }))
    .min(1)
    .max(EVIDENCE_MAX_FILES),
});
export type CompleteEvidence = z.infer<typeof completeEvidenceSchema>;

/** GET …/evidence?caseId&text&continuation&limit (ours). */
export const evidencePageSchema = z.object({
  Evidence: z.array(evidenceSchema),
  Continuation: z.string().nullable(),
});
