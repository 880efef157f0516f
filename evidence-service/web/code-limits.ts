/**
 * How often a code of the second factor may be guessed. Whoever guesses knows the password; so accounts are counted, from
 * wherever it comes, and a browser in which the person has signed in before by itself.
 */

import { type RateLimiterAbstract, RateLimiterRes } from "rate-limiter-flexible";
import type { LimiterOf } from "./sign-in-counts.ts";
import { keyOf, type SignInTry, tooMany } from "./sign-in-limits.ts";

/** Of a million codes three are good at a time: who guesses for a year has one chance in four. */
const WRONG_CODES = 10;
const WINDOW_S = 3_600;

export class CodeLimits {
  readonly #ofAccount: RateLimiterAbstract;
  readonly #ofDevice: RateLimiterAbstract;

  constructor(limiterOf: LimiterOf) {
    this.#ofAccount = limiterOf({ keyPrefix: "code", points: WRONG_CODES, duration: WINDOW_S });
    this.#ofDevice = limiterOf({ keyPrefix: "codeOfDevice", points: WRONG_CODES, duration: WINDOW_S });
  }

  /** Counts a code before it is looked at. @throws Refusal 429 TOO_MANY_SIGN_INS */
  async count(one: Counted): Promise<void> {
    const { limiter, key } = this.#countOf(one);
    try {
      await limiter.consume(key);
    } catch (refused) {
      if (refused instanceof RateLimiterRes) throw tooMany(refused.msBeforeNext);
      throw refused;
    }
  }

  /** The code was right. */
  async takeBack(one: Counted): Promise<void> {
    const { limiter, key } = this.#countOf(one);
    await limiter.reward(key);
  }

  #countOf({ username, deviceId }: Counted): {
    readonly limiter: RateLimiterAbstract;
    readonly key: string;
  } {
    return deviceId === null
      ? { limiter: this.#ofAccount, key: keyOf(username) }
      : { limiter: this.#ofDevice, key: keyOf(deviceId) };
  }
}

type Counted = Pick<SignInTry, "username" | "deviceId">;
