/**
 * Passkeys as browsers make and ask them (WebAuthn, Level 3, 5.1: the JSON forms). What the browser is given is made by the
 * service for it and read by it alone; what comes back is checked against the person's keys.
 */
import { z } from "zod";

const MOST_SIGNS = 16_384;
const base64urlSchema = z.string().max(MOST_SIGNS);
const idSchema = z.string().min(1).max(2_048);

/** POST …/passkeys/options, …/set-up/passkey/options, …/sign-in/passkey/options and …/code/passkey/options. */
export const passkeyOptionsSchema = z.looseObject({ challenge: z.string() });
export type WebPasskeyOptions = z.infer<typeof passkeyOptionsSchema>;

const ofEach = {
  id: idSchema,
  rawId: idSchema,
  type: z.literal("public-key"),
  clientExtensionResults: z.record(z.string(), z.unknown()),
} as const;

/** POST /web/api/my-account/second-factor/passkeys and …/set-up/passkey: 401 PASSKEY_REFUSED. */
export const passkeyMadeSchema = z.object({
  /** As its owner calls it, to know it again. */
  name: z.string().min(1).max(100),
  response: z.object({
    ...ofEach,
    response: z.object({
      clientDataJSON: base64urlSchema,
      attestationObject: base64urlSchema,
      transports: z.array(z.string().max(32)).max(16).optional(),
    }),
  }),
});
export type PasskeyMade = z.infer<typeof passkeyMadeSchema>;

/** POST /web/api/sign-in/passkey and …/sign-in/code/passkey: 401 PASSKEY_REFUSED. */
export const passkeyAnswerSchema = z.object({
  ...ofEach,
  response: z.object({
    clientDataJSON: base64urlSchema,
    authenticatorData: base64urlSchema,
    signature: base64urlSchema,
    userHandle: base64urlSchema.nullish(),
  }),
});
export type PasskeyAnswer = z.infer<typeof passkeyAnswerSchema>;

/** POST …/passkeys/rename and …/passkeys/remove. */
export const passkeyNameSchema = z.object({ passkeyId: idSchema, name: z.string().min(1).max(100) });
export const removedPasskeySchema = z.object({ passkeyId: idSchema, password: z.string().min(1).max(1024) });
