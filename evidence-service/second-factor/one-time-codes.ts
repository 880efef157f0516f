/** Codes of authenticator apps after RFC 6238, as every such app knows them: SHA-1, six digits, 30 seconds. */
import { Secret, TOTP } from "otpauth";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";

const STEP_S = 30;
/** So many steps an app's clock may be ahead or behind. */
const TOLERATED_STEPS = 1;
/** As RFC 4226 (4, R6) recommends. */
const SECRET_BYTES = 20;

const DETAILS = { issuer: PRODUCT_NAME, algorithm: "SHA1", digits: 6, period: STEP_S } as const;

/** @returns in Base32, as people type it */
export function newAppSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** What the app reads from the picture (`otpauth://totp/…`). */
export function appAddress(secret: string, username: string): string {
  return new TOTP({ ...DETAILS, label: username, secret: Secret.fromBase32(secret) }).toString();
}

const stepAt = (utcMs: number): number => Math.floor(utcMs / 1_000 / STEP_S);

/** @returns the step that the code belongs to, counted from 1970; null where it belongs to none of those around now */
export function stepOfCode(secret: string, code: string, nowUtcMs: number): number | null {
  const app = new TOTP({ ...DETAILS, secret: Secret.fromBase32(secret) });
  const delta = app.validate({ token: code, timestamp: nowUtcMs, window: TOLERATED_STEPS });
  return delta === null ? null : stepAt(nowUtcMs) + delta;
}

/**
 * Whether a code of this step was not taken yet: each is taken once, and none of before the latest. A latest one that is
 * not even near was taken while the clock was ahead, and keeps nobody out.
 */
export function isUnused(step: number, latestStep: number, nowUtcMs: number): boolean {
  return step > latestStep || latestStep > stepAt(nowUtcMs) + TOLERATED_STEPS;
}
