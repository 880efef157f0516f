/** Remembers in a browser that somebody has signed in there: it lets nobody in, it only tells them from strangers. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

export const DEVICE_COOKIE = "evidence-desk-device";
export const DEVICE_COOKIE_S = 400 * 24 * 3_600;

/** @param secret of the service */
export function newDeviceCookie(username: string, secret: Uint8Array): string {
  const deviceId = randomBytes(16).toString("base64url");
  return `${deviceId}.${signature(deviceId, username, secret)}`;
}

/** @returns which browser it is; null unless this person has signed in there before */
export function deviceIdOf(cookie: string | undefined, username: string, secret: Uint8Array): string | null {
  const [deviceId, given] = (cookie ?? "").split(".");
  if (deviceId === undefined || given === undefined) return null;
  const wanted = Buffer.from(signature(deviceId, username, secret));
  const same = Buffer.byteLength(given) === wanted.length && timingSafeEqual(Buffer.from(given), wanted);
  return same ? deviceId : null;
}

function signature(deviceId: string, username: string, secret: Uint8Array): string {
  return createHmac("sha256", secret).update(`device\n${deviceId}\n${username}`).digest("base64url");
}
