import type { ServiceFetch } from "../proxied-fetch.ts";

/** Answers of what stands in front of a service that is not there (RFC 9110, 15.6). */
const NOBODY_BEHIND: ReadonlySet<number> = new Set([502, 504]);
/** Nothing was sent: the same request may go elsewhere at once, whatever it does (errno(3), getaddrinfo(3)). */
const NEVER_ARRIVED: ReadonlySet<string> = new Set([
  ...["ECONNREFUSED", "EHOSTUNREACH", "EHOSTDOWN", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN"],
]);
const CHANGES_NOTHING: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/**
 * The addresses at which one service is reached. The ones of a list are alternatives: the first is used until it does not
 * answer, then the next, and after the last the first again. Whoever asks names the first of a list; where a request goes
 * is decided here. An address that is in no list, as the one of a store of its own, is left as it is.
 */
export class ServiceAddresses {
  readonly #lists: readonly Alternatives[];

  /** @param lists of base addresses, without a slash at the end */
  constructor(lists: readonly (readonly string[])[]) {
    this.#lists = lists.map((bases) => new Alternatives(bases));
  }

  /** The same at the address that is used now. */
  at(url: string): string {
    const list = this.#listOf(url);
    return list === undefined ? url : list.at(url);
  }

  /** Nothing came from there: what lies on the same host is asked elsewhere from now on. */
  noAnswerFrom(url: string): void {
    const origin = originOf(url);
    for (const list of this.#lists) list.leave(origin);
  }

  /**
   * As `reach`, at the address that is used now. What did not arrive, or only reads, is asked at the others at once;
   * whatever else had no answer fails, and the next try goes elsewhere.
   */
  over(reach: ServiceFetch): ServiceFetch {
    return async (url, init) => {
      const tries = this.#listOf(url)?.count ?? 1;
      for (let left = tries - 1; ; left -= 1) {
        const there = this.at(url);
        try {
          const answer = await reach(there, init);
          if (!NOBODY_BEHIND.has(answer.status)) return answer;
          this.noAnswerFrom(there);
          if (left <= 0 || !readsOnly(init)) return answer;
          await answer.body?.cancel();
        } catch (error) {
          if (isGivenUp(init.signal)) throw error;
          this.noAnswerFrom(there);
          const mayGoOn = init.signal?.aborted !== true && (readsOnly(init) || hasNotArrived(error));
          if (left <= 0 || !mayGoOn) throw error;
        }
      }
    };
  }

  /** A base may be the beginning of another list's: of those that cover an address the list that is named first is meant. */
  #listOf(url: string): Alternatives | undefined {
    const origin = originOf(url);
    const ofHost = this.#lists.filter((list) => list.has(origin));
    return ofHost.find((list) => list.covers(url)) ?? ofHost[0];
  }
}

/** One list of a connection file. */
class Alternatives {
  readonly #bases: readonly string[];
  readonly #origins: readonly string[];
  #current = 0;

  constructor(bases: readonly string[]) {
    this.#bases = bases;
    this.#origins = bases.map(originOf);
  }

  get count(): number {
    return this.#bases.length;
  }

  has(origin: string): boolean {
    return this.#origins.includes(origin);
  }

  covers(url: string): boolean {
    return this.#bases.some((base) => isBelow(url, base));
  }

  /** Upload addresses lie on the service's hosts and below none of its bases; there the host is another one. */
  at(url: string): string {
    const base = this.#bases.find((each) => isBelow(url, each));
    if (base !== undefined) return `${this.#bases[this.#current] ?? base}${url.slice(base.length)}`;
    const origin = originOf(url);
    return `${this.#origins[this.#current] ?? origin}${url.slice(origin.length)}`;
  }

  leave(origin: string): void {
    if (this.#origins[this.#current] === origin) this.#current = (this.#current + 1) % this.#bases.length;
  }
}

function isBelow(url: string, base: string): boolean {
  return url === base || url.startsWith(`${base}/`) || url.startsWith(`${base}?`);
}

function originOf(url: string): string {
  return /^[a-z]+:\/\/[^/?#]*/i.exec(url)?.[0] ?? "";
}

const readsOnly = ({ method = "GET" }: RequestInit): boolean => CHANGES_NOTHING.has(method.toUpperCase());

/** Whoever asked wants no answer any more; one whose time is over had none. */
function isGivenUp(signal: AbortSignal | null | undefined): boolean {
  if (signal?.aborted !== true) return false;
  return !(signal.reason instanceof DOMException && signal.reason.name === "TimeoutError");
}

function hasNotArrived(error: unknown): boolean {
  const parts = error instanceof AggregateError ? error.errors : [error];
  return parts.every((part: unknown) => {
    const code = part instanceof Error && "code" in part ? part.code : undefined;
    return typeof code === "string" && NEVER_ARRIVED.has(code);
  });
}
