/**
 * Histories, as the public API names them: newest first, paged by `startingConcurrencyId` and `count`. What is documented
 * is the endings `/history` and `/suspiciousActivity`; the members are ours.
 */
import { z } from "zod";

export const historyQuerySchema = z.object({
  /** The entry with this number and those before it; the latest where it is left out. */
  startingConcurrencyId: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  count: z.coerce.number().int().min(1).max(200).default(50),
});

export const historyEntrySchema = z.object({
  /** Its number in the audit trail. */
  ConcurrencyId: z.number().int(),
  TimeUtc: z.string(),
  /** Who did it: `Username` of a person, `PrincipalId` of an account. */
  Username: z.string().nullable(),
  PrincipalId: z.string().nullable(),
  Name: z.string(),
  Action: z.string(),
  /** Goes on where the name ended. */
  Description: z.string(),
  SubjectId: z.string(),
  SubjectType: z.string(),
  SubjectName: z.string().nullable(),
  EvidenceId: z.string().nullable(),
  CaseId: z.string().nullable(),
  Details: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  /** Why somebody should look at it; null where it is nothing unusual. */
  Reason: z.string().nullable(),
});

export const historyPageSchema = z.object({
  History: z.array(historyEntrySchema),
  /** What to ask for next; null at the end. */
  NextConcurrencyId: z.number().int().nullable(),
});
