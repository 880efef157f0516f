/**
 * How often a password may be guessed. Addresses and accounts are counted apart, and a browser in which a person has
 * signed in before is counted by itself: a stranger who guesses at an account does not lock its owner out.
 */
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { Refusal } from "../http/refusal.ts";

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
  readonly limiter: RateLimiterMemory;
  readonly key: string;
}

export class SignInLimits {
  readonly #ofAddress = new RateLimiterMemory({ points: OF_ONE_ADDRESS, duration: WINDOW_S });
  readonly #ofPair = new RateLimiterMemory({ points: AT_ONE_ACCOUNT_FROM_ONE_ADDRESS, duration: WINDOW_S });
  readonly #ofAccount = new RateLimiterMemory({ points: AT_ONE_ACCOUNT_FROM_STRANGERS, duration: WINDOW_S });
  readonly #ofDevice = new RateLimiterMemory({ points: AT_ONE_ACCOUNT_FROM_ONE_ADDRESS, duration: WINDOW_S });

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
    if (deviceId !== null) return [{ limiter: this.#ofDevice, key: deviceId }];
    return [
      { limiter: this.#ofAddress, key: address },
      { limiter: this.#ofPair, key: JSON.stringify([address, username]) },
      { limiter: this.#ofAccount, key: username },
    ];
  }
}

function tooMany(waitMs: number): Refusal {
  const waitS = Math.max(1, Math.ceil(waitMs / 1_000));
  return new Refusal("TOO_MANY_SIGN_INS", `Too many attempts; try again in ${waitS} seconds.`, {
    retryAfterS: waitS,
  });
}
