/** Remembers in a browser that somebody has signed in there: it lets nobody in, it only tells them from strangers. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

export const DEVICE_COOKIE = "evidence-desk-device";
export const DEVICE_COOKIE_S = 400 * 24 * 3_600;

/** @param secret of the service */
export function newDeviceCookie(username: string, secret: Uint8Array): string {
  const deviceId = randomBytes(16).toString("base64url");
  return `${deviceId}.${signature(deviceId, username, secret)}`;
}

/**
 * @param secrets of the service; one of them has signed it
 * @returns which browser it is; null unless this person has signed in there before
 */
export function deviceIdOf(
  cookie: string | undefined,
  username: string,
  secrets: readonly Uint8Array[],
): string | null {
  const [deviceId, given] = (cookie ?? "").split(".");
  if (deviceId === undefined || given === undefined) return null;
  return secrets.some((secret) => isSame(given, signature(deviceId, username, secret))) ? deviceId : null;
}

function isSame(given: string, signed: string): boolean {
  const wanted = Buffer.from(signed);
  return Buffer.byteLength(given) === wanted.length && timingSafeEqual(Buffer.from(given), wanted);
}

function signature(deviceId: string, username: string, secret: Uint8Array): string {
  return createHmac("sha256", secret).update(`device\n${deviceId}\n${username}`).digest("base64url");
}
