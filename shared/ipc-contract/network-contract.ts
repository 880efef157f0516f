import { z } from "zod";
import { request } from "./request.ts";
import { nothingSchema, utcMsSchema } from "./values.ts";

const authoritySchema = z.object({
  /** SHA-256 of the certificate, lower-case hex. */
  fingerprint: z.string(),
  subject: z.string(),
  issuer: z.string(),
  validFromUtcMs: utcMsSchema,
  validToUtcMs: utcMsSchema,
});

/** How the console reaches others: whose certificates it trusts, and which proxy it logs on to. */
export const networkStateSchema = z.object({
  /** Beside those of the system. */
  authorities: z.array(authoritySchema),
  systemAuthorities: z.number().int(),
  /** False where the runtime cannot be told what to trust. */
  canChooseTrust: z.boolean(),
  proxy: z.object({
    /** null: the environment's or the system's. */
    address: z.string().nullable(),
    user: z.string(),
    hasPassword: z.boolean(),
  }),
});
export type NetworkState = z.infer<typeof networkStateSchema>;

const FILE_MAX_BASE64 = 1_000_000;

/**
 * Failures: AUTHORITY_FILE_INVALID, AUTHORITY_FILE_HAS_KEY, NOT_AN_AUTHORITY, AUTHORITY_EXPIRED,
 * PROXY_ADDRESS_INVALID.
 */
export const networkRequests = {
  "network.state": request("configure", nothingSchema, networkStateSchema),
  /** A file with certificates of authorities; tried when it is chosen, and all of it or nothing is added. */
  "network.addAuthorities": request(
    "configure",
    z.object({ base64: z.base64().max(FILE_MAX_BASE64) }),
    networkStateSchema,
  ),
  "network.removeAuthority": request(
    "configure",
    z.object({ fingerprint: z.string().max(64) }),
    networkStateSchema,
  ),
  "network.useProxy": request(
    "configure",
    z.object({
      /** As typed; with user and password in it, these are taken out. Empty: the environment's or the system's. */
      address: z.string().max(1024),
      user: z.string().max(256),
      /** null: the one that is kept stays. */
      password: z.string().max(1024).nullable(),
    }),
    networkStateSchema,
  ),
};
