import { z } from "zod";

/**
 * POST {DS}/tenant/{t}/devicekey (ours): registers the public key with which a console signs manifests.
 * Idempotent. A service without this path answers 404, and manifests are sent all the same.
 */
export const registerDeviceKeySchema = z.object({
  /** Lower-case hex of the SHA-256 of the raw public key. */
  KeyId: z.string().regex(/^[0-9a-f]{64}$/),
  Algorithm: z.literal("Ed25519"),
  /** The raw 32 bytes (RFC 8032), base64. */
  PublicKey: z.base64().length(44),
  /** Which console it is, for people, e.g. its site's name. */
  Name: z.string().max(256),
});
export type RegisterDeviceKey = z.infer<typeof registerDeviceKeySchema>;

export const deviceKeySchema = registerDeviceKeySchema.extend({
  RegisteredTimeUtc: z.iso.datetime({ offset: true }),
});
