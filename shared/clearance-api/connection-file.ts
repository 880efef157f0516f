import { z } from "zod";

/** Tokens travel over TLS, or not beyond this machine. */
const SAFE_ADDRESS = /^(https:\/\/|http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?(\/|$))/i;

const addressSchema = z.url().regex(SAFE_ADDRESS, "An address on another machine must start with https://.");
const addressesSchema = z.array(addressSchema).min(1);

/**
 * The connection file an account's administrator creates for a service account and a console's
 * administrator imports. Field names are the public API's; unknown fields are ignored.
 */
export const connectionFileSchema = z.object({
  DocumentStoreBaseAddresses: addressesSchema,
  SecurityTokenServiceBaseAddresses: addressesSchema,
  KeyStoreBaseAddresses: addressesSchema,
  CaseServiceBaseAddresses: addressesSchema,
  ApiBaseAddresses: addressesSchema,
  DeviceServiceBaseAddresses: z.array(addressSchema).optional(),
  SearchServiceBaseAddresses: z.array(addressSchema).optional(),
  UserServiceBaseAddresses: z.array(addressSchema).optional(),
  APIKey: z.string().optional(),
  CertificateThumbprints: z.array(z.string()).optional(),
  /** Footage leaves the console encrypted or not at all. */
  DisableEncryption: z
    .literal(false, "This connection file switches encryption off. Ask for one with encryption.")
    .optional(),
  ServicePrincipalId: z.string().min(1),
  ServicePrincipalKey: z.looseObject({
    kty: z.literal("RSA"),
    kid: z.string().min(1),
    n: z.string().min(1),
    e: z.string().min(1),
    d: z.string().min(1),
  }),
  TenantId: z.string().min(1),
});
export type ConnectionFile = z.infer<typeof connectionFileSchema>;

/** POST {STS}/token, form-encoded (RFC 7523). */
export const TOKEN_GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";
export const tokenAnswerSchema = z.object({
  access_token: z.string().min(1),
  token_type: z.string().optional(),
  /** Seconds. */
  expires_in: z.number().positive(),
});
