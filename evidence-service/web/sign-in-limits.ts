/**
 * How often a password may be guessed. Addresses and accounts are counted apart, and a browser in which a person has
 * signed in before is counted by itself: a stranger who guesses at an account does not lock its owner out.
 */
import { createHash } from "node:crypto";
import { type RateLimiterAbstract, RateLimiterRes } from "rate-limiter-flexible";
import { formatRoughDuration } from "#shared/words/durations.ts";
import { Refusal } from "../http/refusal.ts";
import type { LimiterOf } from "./sign-in-counts.ts";

const WINDOW_S = 60;
/** Wrong tries a minute. */
const OF_ONE_ADDRESS = 30;
const AT_ONE_ACCOUNT_FROM_ONE_ADDRESS = 10;
const AT_ONE_ACCOUNT_FROM_STRANGERS = 60;

export interface SignInTry {
  readonly address: string;
  readonly username: string;
  /** The browser in which this person has signed in before; null for a stranger's. */
  readonly deviceId: string | null;
}

interface Count {
  readonly limiter: RateLimiterAbstract;
  readonly key: string;
}

export class SignInLimits {
  readonly #ofAddress: RateLimiterAbstract;
  readonly #ofPair: RateLimiterAbstract;
  readonly #ofAccount: RateLimiterAbstract;
  readonly #ofDevice: RateLimiterAbstract;

  /** @param limiterOf counts where every process sees it that lets people in */
  constructor(limiterOf: LimiterOf) {
    const limiter = (keyPrefix: string, points: number) =>
      limiterOf({ keyPrefix, points, duration: WINDOW_S });
    this.#ofAddress = limiter("address", OF_ONE_ADDRESS);
    this.#ofPair = limiter("pair", AT_ONE_ACCOUNT_FROM_ONE_ADDRESS);
    this.#ofAccount = limiter("account", AT_ONE_ACCOUNT_FROM_STRANGERS);
    this.#ofDevice = limiter("device", AT_ONE_ACCOUNT_FROM_ONE_ADDRESS);
  }

  /**
   * Counts a try before its password is looked at, so that many at once are as many.
   * @throws Refusal 429 TOO_MANY_SIGN_INS
   */
  async count(one: SignInTry): Promise<void> {
    const counted: Count[] = [];
    for (const count of this.#countsOf(one)) {
      try {
        await count.limiter.consume(count.key);
        counted.push(count);
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        // What is refused is no guess, and takes nothing from others.
        for (const { limiter, key } of counted) await limiter.reward(key);
        throw tooMany(refused.msBeforeNext);
      }
    }
  }

  /** It was no guess after all: right, or never looked at. */
  async takeBack(one: SignInTry): Promise<void> {
    for (const { limiter, key } of this.#countsOf(one)) await limiter.reward(key);
  }

  #countsOf({ address, username, deviceId }: SignInTry): Count[] {
    if (deviceId !== null) return [{ limiter: this.#ofDevice, key: keyOf(deviceId) }];
    return [
      { limiter: this.#ofAddress, key: keyOf(address) },
      { limiter: this.#ofPair, key: keyOf(address, username) },
      { limiter: this.#ofAccount, key: keyOf(username) },
    ];
  }
}

/** Of one length whatever was typed, and nobody reads names in it. */
export function keyOf(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

export function tooMany(waitMs: number): Refusal {
  const waitS = Math.max(1, Math.ceil(waitMs / 1_000));
  return new Refusal(
    "TOO_MANY_SIGN_INS",
    `Too many attempts; try again in ${formatRoughDuration(waitS * 1_000)}.`,
    {
      retryAfterS: waitS,
    },
  );
}
