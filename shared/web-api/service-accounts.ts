/**
 * Accounts of consoles and programs: what who administers people asks of the service.
 * As in `web-api.ts`: paths under /web/api, refusals with stable codes, instants in ISO 8601.
 */
import { z } from "zod";
import { accountRightSchema } from "./account-right.ts";

const instantSchema = z.iso.datetime({ offset: true });
const nameSchema = z.string().min(1).max(200);

const serviceAccountSchema = z.object({
  accountId: z.string(),
  name: z.string(),
  /** Of one that is locked nothing is taken and nothing given. */
  state: z.enum(["active", "locked"]),
  rights: z.array(accountRightSchema),
  /** Null where it was not kept yet. */
  createdUtc: instantSchema.nullable(),
  /** When it signed in last, with whichever key; null where that was never, or not kept yet. */
  latestUseUtc: instantSchema.nullable(),
});
export type WebServiceAccount = z.infer<typeof serviceAccountSchema>;

/** A key with which an account signs in; the public part of it is here, the other in a connection file. */
const accountKeySchema = z.object({
  /** Its thumbprint (RFC 7638). */
  keyId: z.string(),
  createdUtc: instantSchema.nullable(),
  /** Whoever made it, as people are called; null where it was not kept yet. */
  createdBy: z.string().nullable(),
  latestUseUtc: instantSchema.nullable(),
  /** The service writes it into a connection file of its own at each start, so it cannot be taken away here. */
  isInFolder: z.boolean(),
});
export type WebAccountKey = z.infer<typeof accountKeySchema>;

/** GET /web/api/service-accounts: by name. */
export const serviceAccountListSchema = z.object({ accounts: z.array(serviceAccountSchema) });

/**
 * GET /web/api/service-accounts/{accountId}; POST …/rename, …/lock, …/unlock, …/rights and …/keys/remove answer the same.
 */
export const serviceAccountAnswerSchema = z.object({
  account: serviceAccountSchema,
  /** Oldest first. */
  keys: z.array(accountKeySchema),
});
export type WebServiceAccountAnswer = z.infer<typeof serviceAccountAnswerSchema>;

/** POST /web/api/service-accounts: 409 NAME_THERE where a name reads alike. */
export const newServiceAccountSchema = z.object({
  name: nameSchema,
  /** sender: a console, which sends and sees nothing. integration: a program that is trusted with everything. */
  role: z.enum(["sender", "integration"]),
});
export type NewServiceAccount = z.infer<typeof newServiceAccountSchema>;

/**
 * POST /web/api/service-accounts and …/{accountId}/keys: a key that was just made. Its connection file is given out this
 * once; the service keeps the public part alone. 409 TOO_MANY_KEYS.
 */
export const madeKeySchema = serviceAccountAnswerSchema.extend({
  /** Its content, as consoles and programs read it. */
  connectionFile: z.record(z.string(), z.unknown()),
});
export type WebMadeKey = z.infer<typeof madeKeySchema>;

/** POST /web/api/service-accounts/{accountId}/rename: 409 NAME_THERE */
export const serviceAccountNameSchema = z.object({ name: nameSchema });

/** POST /web/api/service-accounts/{accountId}/keys/remove: 409 LAST_KEY, KEY_IN_FOLDER */
export const removedKeySchema = z.object({ keyId: z.string().min(1).max(128) });
