/**
 * What the web application asks of the audit trail. Each history is newest first:
 * GET /web/api/audit (of everything), /web/api/cases/{caseId}/audit, /web/api/evidence/{evidenceId}/audit and
 * /web/api/people/{username}/audit; with /export/csv or /export/json behind, as a file. Reading is an entry of the trail.
 */
import { z } from "zod";

const instantSchema = z.iso.datetime({ offset: true });

/** The query of every history; all members may be left out. */
export const auditFilterSchema = z.object({
  /** One of `AUDIT_ACTIONS`. */
  action: z.string().max(64).optional(),
  /** Part of the name of who acted, or of the user name. */
  actor: z.string().max(128).optional(),
  /** Part of the name or the id of what it was done to. */
  text: z.string().max(256).optional(),
  fromUtc: instantSchema.optional(),
  /** The instant itself is not in it. */
  untilUtc: instantSchema.optional(),
  /** Only what somebody should look at. */
  suspicious: z.stringbool().optional(),
});
export type AuditFilter = z.infer<typeof auditFilterSchema>;

const detailSchema = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));

export const webAuditEntrySchema = z.object({
  /** Its number in the trail. */
  seq: z.number().int(),
  atUtc: instantSchema,
  actor: z.object({
    kind: z.enum(["person", "account", "system", "anonymous"]),
    /** User name or id of the account; empty for the others. */
    id: z.string(),
    name: z.string(),
  }),
  action: z.string(),
  /** Goes on where the actor's name ended. */
  words: z.string(),
  subject: z.object({
    about: z.enum(["case", "evidence", "file", "record", "person", "account", "service"]),
    id: z.string(),
    /** Null where nothing of that id is there any more, or it has no name. */
    name: z.string().nullable(),
  }),
  evidenceId: z.string().nullable(),
  evidenceName: z.string().nullable(),
  caseId: z.string().nullable(),
  detail: detailSchema,
  /** Of a viewing: from when to when, and which parts of the video were given out, seconds from its first frame. */
  watched: z
    .object({
      fromUtc: instantSchema,
      untilUtc: instantSchema,
      parts: z.array(z.object({ startS: z.number(), endS: z.number() })),
    })
    .nullable(),
  /** Why somebody should look at it; null where it is nothing unusual. */
  suspicion: z.string().nullable(),
});
export type WebAuditEntry = z.infer<typeof webAuditEntrySchema>;

export const webAuditPageSchema = z.object({
  entries: z.array(webAuditEntrySchema),
  /** For the next page; null at the end. A page may have few entries, or none, and go on: a text is looked for bit by bit. */
  continuation: z.string().nullable(),
  /** How many of the latest entries are not found yet, as the index of the trail is being made. */
  missing: z.number().int().nonnegative(),
});
export type WebAuditPage = z.infer<typeof webAuditPageSchema>;
