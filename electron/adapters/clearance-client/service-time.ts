import { REQUEST_ID_HEADER } from "#runtime/http/request-id.ts";
import type { ServiceFetch } from "../proxied-fetch.ts";

/** The Date header tells whole seconds: the true instant lies within the second that begins there. */
const HALF_A_SECOND_MS = 500;
/** What was measured more exactly counts this long against newer, rougher measurements. */
const EXACT_FOR_MS = 300_000;
/** Past this the clock was set, or the computer slept, in which the other clock may have stood still. */
const APART_MS = 2_000;

export interface Clocks {
  /** Milliseconds UTC, as this computer believes. */
  readonly wall: () => number;
  /** Milliseconds that only ever go on. */
  readonly monotonic: () => number;
}

const OWN_CLOCKS: Clocks = { wall: () => Date.now(), monotonic: () => performance.now() };

interface Anchor {
  readonly serviceUtcMs: number;
  readonly uncertaintyMs: number;
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/**
 * What time it is at the service: learnt from the Date headers of its answers (RFC 9110, 6.6.1) and carried on by a
 * clock that nobody sets. Before the first answer, and after this computer slept or its clock was set, it is this
 * computer's own time.
 */
export class ServiceTime {
  readonly #clocks: Clocks;
  #anchor: Anchor | null = null;

  constructor(clocks: Clocks = OWN_CLOCKS) {
    this.#clocks = clocks;
  }

  nowUtcMs(): number {
    const anchor = this.#current();
    if (anchor === null) return this.#clocks.wall();
    return anchor.serviceUtcMs + this.#clocks.monotonic() - anchor.monotonicMs;
  }

  /** How far the service is ahead of this computer; null while nothing of it is known. */
  difference(): { readonly offsetMs: number; readonly uncertaintyMs: number } | null {
    const anchor = this.#current();
    if (anchor === null) return null;
    return {
      offsetMs: Math.round(this.nowUtcMs() - this.#clocks.wall()),
      uncertaintyMs: anchor.uncertaintyMs,
    };
  }

  /** The same fetch; what comes back tells the time. */
  learningFrom(reach: ServiceFetch): ServiceFetch {
    return async (url, init) => {
      const askedMs = this.#clocks.monotonic();
      const answer = await reach(url, init);
      if (isOfService(init, answer)) this.#learn(answer.headers.get("date"), askedMs);
      return answer;
    };
  }

  #learn(date: string | null, askedMs: number): void {
    const dateUtcMs = Date.parse(date ?? "");
    if (Number.isNaN(dateUtcMs)) return;
    const monotonicMs = this.#clocks.monotonic();
    const halfWayMs = (monotonicMs - askedMs) / 2;
    const learnt: Anchor = {
      serviceUtcMs: dateUtcMs + HALF_A_SECOND_MS + halfWayMs,
      uncertaintyMs: Math.ceil(HALF_A_SECOND_MS + halfWayMs),
      wallMs: this.#clocks.wall(),
      monotonicMs,
    };
    const known = this.#current();
    const isKnownBetter =
      known !== null &&
      known.uncertaintyMs < learnt.uncertaintyMs &&
      monotonicMs - known.monotonicMs < EXACT_FOR_MS;
    if (!isKnownBetter) this.#anchor = learnt;
  }

  #current(): Anchor | null {
    const anchor = this.#anchor;
    if (anchor === null) return null;
    const wallMs = this.#clocks.wall() - anchor.wallMs;
    const monotonicMs = this.#clocks.monotonic() - anchor.monotonicMs;
    return Math.abs(wallMs - monotonicMs) > APART_MS ? null : anchor;
  }
}

/** Neither an answer to another request nor one of something in between tells the service's time. */
function isOfService(init: RequestInit, { status, headers }: Response): boolean {
  const repeated = headers.get(REQUEST_ID_HEADER);
  if (repeated !== null) return repeated === new Headers(init.headers).get(REQUEST_ID_HEADER);
  const isPage = (headers.get("content-type") ?? "").includes("text/html");
  return !isPage && (status < 300 || status >= 400) && status !== 407 && status !== 511;
}
