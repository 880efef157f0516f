import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** A playback token is good for this long. */
const PLAYBACK_TOKEN_MS = 12 * 3_600_000;

export interface PlaybackToken {
  readonly token: string;
  readonly expiresUtcMs: number;
}

/** Decides what a request's token allows. */
export interface AccessTokens {
  /** `full`: everything; `playback`: the playback routes; null: nothing. */
  judge(authorization: string | undefined, nowUtcMs: number): "full" | "playback" | null;
  mintPlaybackToken(nowUtcMs: number): PlaybackToken;
}

/**
 * The archive's own token, and playback tokens made from it: `play.EXPIRES.MAC`. They need no store and
 * outlive a restart. All comparing is in constant time.
 */
export function accessTokens(mainToken: string): AccessTokens {
  const sign = (expiresUtcMs: number): string => {
    const mac = createHmac("sha256", mainToken).update(`playback until ${expiresUtcMs}`).digest("base64url");
    return `play.${expiresUtcMs}.${mac}`;
  };
  return {
    judge(authorization, nowUtcMs) {
      const token = /^Bearer (\S+)$/.exec(authorization ?? "")?.[1];
      if (token === undefined) return null;
      if (isEqual(token, mainToken)) return "full";
      const expiresUtcMs = Number(/^play\.(\d{1,16})\./.exec(token)?.[1] ?? 0);
      return isEqual(token, sign(expiresUtcMs)) && nowUtcMs < expiresUtcMs ? "playback" : null;
    },
    mintPlaybackToken(nowUtcMs) {
      const expiresUtcMs = nowUtcMs + PLAYBACK_TOKEN_MS;
      return { token: sign(expiresUtcMs), expiresUtcMs };
    },
  };
}

/** Hashing first gives both the same length, so that not even that can be measured. */
function isEqual(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
