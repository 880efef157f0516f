/** Who sees a case or an evidence, and why, as the web application asks for it and changes it (JSON, below /web/api). */
import { z } from "zod";

const instantSchema = z.iso.datetime({ offset: true });

/** Each has what those before it have. */
export const levelSchema = z.enum(["view", "download", "edit", "manage"]);
export type WebLevel = z.infer<typeof levelSchema>;

/** Who can hold a right; `everyone` is every person with an account, and its id is empty. */
const holderSchema = z.object({
  kind: z.enum(["user", "group", "service", "guest", "everyone"]),
  id: z.string().max(128),
});
export type WebHolder = z.infer<typeof holderSchema>;

export const webGrantSchema = z.object({
  level: levelSchema,
  /** The right begins, and ends; null where it is open. */
  fromUtc: instantSchema.nullable(),
  untilUtc: instantSchema.nullable(),
  /** Recordings that ended before are not seen; null for all. */
  recordedFromUtc: instantSchema.nullable(),
});
export type WebGrant = z.infer<typeof webGrantSchema>;

const policySchema = webGrantSchema.extend({ holder: holderSchema.extend({ name: z.string() }) });
export type WebPolicy = z.infer<typeof policySchema>;

/** GET /web/api/cases/{id}/access, /web/api/evidence/{id}/access, /web/api/departments/{id}/access, /web/api/unfiled-evidence/access. */
export const webAccessSchema = z.object({ policies: z.array(policySchema) });
export type WebAccess = z.infer<typeof webAccessSchema>;

/** POST to the same; null takes the right away. Answers webAccessSchema. */
export const webAccessChangeSchema = z.object({ holder: holderSchema, grant: webGrantSchema.nullable() });
export type WebAccessChange = z.infer<typeof webAccessChangeSchema>;

/** GET …/access/reasons?kind&id: what lets somebody see this; empty where nothing does. */
export const webReasonsSchema = z.object({
  level: levelSchema.nullable(),
  reasons: z.array(
    z.object({
      /** By a policy here, by a right of the account, or as the account that sent it. */
      source: z.enum(["policy", "account", "sent"]),
      via: holderSchema.extend({ name: z.string() }),
      level: levelSchema.nullable(),
      untilUtc: instantSchema.nullable(),
    }),
  ),
});
export type WebReasons = z.infer<typeof webReasonsSchema>;

/** GET /web/api/holders?text: people and groups whose names have the text, for whoever gives rights. */
export const webHoldersSchema = z.object({ holders: z.array(holderSchema.extend({ name: z.string() })) });
export type WebHolders = z.infer<typeof webHoldersSchema>;
