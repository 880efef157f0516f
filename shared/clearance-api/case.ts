import { z } from "zod";
import { incidentNumberIssue } from "../domain/case.ts";
import { onBehalfOfSchema } from "./evidence.ts";
import { plainTextSchema } from "./plain-text.ts";
import { sentIdSchema, sentInstantSchema } from "./sent-values.ts";

const instantSchema = z.iso.datetime({ offset: true });
const idSchema = z.string().min(1);

export const customFieldValueSchema = z.object({ Name: z.string(), Value: z.string() });
const sentCustomFieldSchema = z.object({ Name: z.string().min(1).max(256), Value: z.string().max(4096) });
const CUSTOM_FIELDS_MAX = 128;

/**
 * POST {CaseService}/case/{tenantId} (ours). `ExternalId` makes it idempotent.
 * Rules: public guide, "cases": name ≤ 256 without space at either end, department required.
 */
export const createCaseSchema = z.object({
  ExternalId: z.string().min(1).max(128),
  Name: plainTextSchema("The case name", { least: 1, most: 256 }).refine(
    (name) => name === name.trim(),
    "A case name must not start or end with a space.",
  ),
  DepartmentId: sentIdSchema,
  CategoryId: sentIdSchema.nullable(),
  RecordNumber: plainTextSchema("The record number", { most: 256 }),
  IncidentNumber: z.string().superRefine((text, context) => {
    const message = incidentNumberIssue(text);
    if (message !== null) context.addIssue({ code: "custom", message });
  }),
  IncidentStartUtc: sentInstantSchema.nullable(),
  IncidentEndUtc: sentInstantSchema.nullable(),
  Description: plainTextSchema("The description", { most: 8192, mayBreak: true }),
  Location: plainTextSchema("The location", { most: 1024 }),
  Tags: z.array(plainTextSchema("A tag", { least: 1, most: 64 })).max(64),
  CustomFields: z.array(sentCustomFieldSchema).max(CUSTOM_FIELDS_MAX),
  CreatedOnBehalfOf: onBehalfOfSchema.nullish(),
});
export type CreateCase = z.infer<typeof createCaseSchema>;

/** GET {CaseService}/case/{tenantId}/{caseId}; POST …/{caseId}/close and …/reopen (ours). */
export const caseSchema = createCaseSchema.omit({ ExternalId: true }).extend({
  CaseId: idSchema,
  DepartmentId: z.string(),
  CategoryId: z.string().nullable(),
  IncidentStartUtc: instantSchema.nullable(),
  IncidentEndUtc: instantSchema.nullable(),
  CustomFields: z.array(customFieldValueSchema),
  // What is read was not always entered here: another program's case is shown, whatever its names hold.
  Name: z.string(),
  RecordNumber: z.string(),
  IncidentNumber: z.string(),
  Description: z.string(),
  Location: z.string(),
  Tags: z.array(z.string()),
  State: z.enum(["Open", "Closed"]),
  DepartmentName: z.string(),
  CategoryName: z.string().nullable(),
  CreatedBy: z.string(),
  CreatedOnBehalfOf: onBehalfOfSchema.nullable().default(null),
  CreatedTimeUtc: instantSchema,
  EvidenceCount: z.number().int().nonnegative(),
});
export type Case = z.infer<typeof caseSchema>;

/** GET {CaseService}/case/{tenantId}?text&continuation&limit (ours): newest first. */
export const casePageSchema = z.object({ Cases: z.array(caseSchema), Continuation: z.string().nullable() });

/** GET {CaseService}/department/{tenantId} and …/category/{tenantId} (ours). */
export const departmentListSchema = z.array(z.object({ DepartmentId: idSchema, Name: z.string() }));
export const categoryListSchema = z.array(z.object({ CategoryId: idSchema, Name: z.string() }));

/** GET {Api}/customfieldservice/api/v1/template/{tenant}: documented. */
export const fieldTemplatesSchema = z.array(
  z.object({
    type: z.string(),
    renamedFields: z.array(z.object({ fieldId: z.string(), customName: z.string() })),
    customFields: z.array(z.object({ name: z.string(), type: z.string() })),
  }),
);

/** Default case fields that a template may rename, with their default labels. */
export const RENAMEABLE_CASE_FIELDS = {
  recordNumber: "Record number",
  incidentNumber: "Incident number",
  description: "Description",
  location: "Location",
} as const;

/** PUT {CaseService}/case/{tenantId}/{caseId}/evidence/{evidenceId} (ours): links; 409 CASE_CLOSED on a closed case. Idempotent. */
export const CASE_CLOSED = "CASE_CLOSED";
