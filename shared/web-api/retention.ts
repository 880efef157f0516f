/** How long evidence is kept, the recycle bin, and protection from deletion (JSON, below /web/api). */
import { z } from "zod";

const instantSchema = z.iso.datetime({ offset: true });

/** Days of 24 hours, a hundred years at the most; null for ever. */
export const retentionDaysSchema = z.int().min(1).max(36_525).nullable();

export const retentionSettingsSchema = z.object({
  /** Evidence that is in no case, from the end of its recording. */
  looseDays: retentionDaysSchema,
  /** Evidence in a case that has no category, from its closing. */
  uncategorisedDays: retentionDaysSchema,
  /** What went lies in the recycle bin so long. */
  binDays: z.int().min(1).max(365),
  /** Lifting a protection and emptying the bin by hand take two people. */
  needsSecondPerson: z.boolean(),
});
export type RetentionSettings = z.infer<typeof retentionSettingsSchema>;

/** GET, POST /web/api/administration/retention; POST takes the settings alone. POST …/clock answers it too. */
export const webRetentionSchema = z.object({
  settings: retentionSettingsSchema,
  /** How far the service's clock is ahead of what can have passed, milliseconds; nothing goes while it is not 0. */
  clockAheadMs: z.number(),
});
export type WebRetention = z.infer<typeof webRetentionSchema>;

const keptSchema = z.object({
  evidenceId: z.string(),
  name: z.string(),
  caseName: z.string().nullable(),
  /** Why it goes, or went, in words. */
  because: z.string(),
});

/** GET /web/api/retention/next?days&after&limit: what would go, the first first. */
export const nextToGoSchema = z.object({
  evidence: z.array(keptSchema.extend({ goesUtc: instantSchema })),
  /** For `after`; null on the last page. */
  continuation: z.string().nullable(),
});
export type NextToGo = z.infer<typeof nextToGoSchema>;

/** GET /web/api/recycle-bin?after&limit: what lies there, the longest first. */
export const binSchema = z.object({
  evidence: z.array(
    keptSchema.extend({
      binnedUtc: instantSchema,
      /** From then on it is removed for good. */
      removedFromUtc: instantSchema,
      /** Asked that it is removed now, and waits for a second person. */
      askedBy: z.string().nullable(),
    }),
  ),
  continuation: z.string().nullable(),
});
export type Bin = z.infer<typeof binSchema>;

const reasonSchema = z.object({ reason: z.string().max(1_000) });

/** POST /web/api/recycle-bin/{id}/take-back. It is protected from deletion with this reason. Refusals: NAME_NOT_USABLE. */
export const takeBackSchema = reasonSchema;

/** POST /web/api/recycle-bin/{id}/remove, …/empty. Refusals: BIN_PROTECTED, SECOND_PERSON_NEEDED. */
export const removalAnswerSchema = z.object({
  removed: z.int(),
  /** Waits for a second person. */
  asked: z.int(),
});
export type RemovalAnswer = z.infer<typeof removalAnswerSchema>;

/** What keeps a case or an evidence. */
const protectionSchema = z.object({
  of: z.enum(["case", "evidence"]),
  reason: z.string(),
  by: z.string(),
  sinceUtc: instantSchema,
  /** Who asked that it is lifted, and waits for a second person. */
  liftAskedBy: z.string().nullable(),
});
export type WebProtection = z.infer<typeof protectionSchema>;

/** GET, POST /web/api/cases/{id}/protection, /web/api/evidence/{id}/protection; POST …/lift. Of an evidence its case's too. */
export const webProtectionSchema = z.object({ protections: z.array(protectionSchema) });
export const newProtectionSchema = reasonSchema;
