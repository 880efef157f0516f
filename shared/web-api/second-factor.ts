/**
 * Second factors: what a person has beside a password, who has to have one, and the second step of a sign-in.
 * As in `web-api.ts`: paths under /web/api, refusals with stable codes, instants in ISO 8601.
 */
import { z } from "zod";
import { accountRightSchema } from "./account-right.ts";

const instantSchema = z.iso.datetime({ offset: true });

/**
 * After the right password, where that is not enough: it stands in meSchema instead of a person, for ten minutes.
 * `code`: the second factor is asked for. `set-up`: the person has to have one, and sets it up now.
 */
export const secondStepSchema = z.object({
  step: z.enum(["code", "set-up"]),
  username: z.string(),
  /** What the person can answer with; none of them at `set-up`. */
  hasApp: z.boolean(),
  hasPasskeys: z.boolean(),
  hasRecoveryCodes: z.boolean(),
});
export type WebSecondStep = z.infer<typeof secondStepSchema>;

const MOST_SIGNS = 64;
const codeSchema = z.string().min(1).max(MOST_SIGNS);

/** POST /web/api/sign-in/code: answers meSchema. 401 WRONG_CODE, 401 SECOND_STEP_OVER, 429 TOO_MANY_SIGN_INS. */
export const secondCodeSchema = z.object({ by: z.enum(["app", "recovery"]), code: codeSchema });
export type SecondCode = z.infer<typeof secondCodeSchema>;

/** POST /web/api/sign-in/set-up/app and /web/api/my-account/second-factor/app: an app that waits for its first code. */
export const begunAppSchema = z.object({
  /** In Base32, for who types it. */
  secret: z.string(),
  /** `otpauth://…`, for a picture that the app reads. */
  address: z.string(),
});
export type WebBegunApp = z.infer<typeof begunAppSchema>;

/** POST …/app/confirm: 401 WRONG_CODE, 409 NO_APP_BEGUN. */
export const firstCodeSchema = z.object({ code: codeSchema });

/** Shown this once; null where the person has some from before, which stay. */
const madeCodesSchema = z.array(z.string()).nullable();

const passkeySchema = z.object({
  passkeyId: z.string(),
  name: z.string(),
  createdUtc: instantSchema,
  usedUtc: instantSchema.nullable(),
});
export type WebPasskey = z.infer<typeof passkeySchema>;

/** GET /web/api/my-account/second-factor; POST …/app/remove, …/passkeys/rename and …/passkeys/remove answer the same. */
export const ownFactorsSchema = z.object({
  /** Null where no app is in use. */
  app: z.object({ createdUtc: instantSchema, usedUtc: instantSchema.nullable() }).nullable(),
  /** Oldest first. */
  passkeys: z.array(passkeySchema),
  recoveryCodesLeft: z.number(),
  /** The host that passkeys are for; null where browsers have none for this service. */
  passkeyHost: z.string().nullable(),
  /** Whether the person has to have one: the last cannot be removed. */
  isRequired: z.boolean(),
});
export type WebOwnFactors = z.infer<typeof ownFactorsSchema>;

/** POST /web/api/my-account/second-factor/app/confirm, …/passkeys and …/recovery-codes. */
export const changedFactorsSchema = z.object({ factors: ownFactorsSchema, recoveryCodes: madeCodesSchema });
export type WebChangedFactors = z.infer<typeof changedFactorsSchema>;

/** POST …/second-factor/app, …/app/remove and …/recovery-codes: 401 WRONG_PASSWORD, 409 SECOND_FACTOR_REQUIRED. */
export const withPasswordSchema = z.object({ password: z.string().min(1).max(1024) });

/** Of another person, for who administers people. */
export const personFactorsSchema = z.object({
  hasApp: z.boolean(),
  /** How many. */
  passkeys: z.number(),
  recoveryCodesLeft: z.number(),
  isRequired: z.boolean(),
});
export type WebPersonFactors = z.infer<typeof personFactorsSchema>;

const MOST_RIGHTS = 64;

/** GET and POST /web/api/second-factor-rule: who has to have one, from the next sign-in on. */
export const secondFactorRuleSchema = z.object({
  everybody: z.boolean(),
  /** Whoever has one of these. */
  rights: z.array(accountRightSchema).max(MOST_RIGHTS),
});
export type WebSecondFactorRule = z.infer<typeof secondFactorRuleSchema>;
