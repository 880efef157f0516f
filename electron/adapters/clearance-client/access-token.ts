import { randomUUID } from "node:crypto";
import { importJWK, SignJWT } from "jose";
import { differenceInWords } from "#shared/words/clock-difference.ts";
import { TOKEN_GRANT_TYPE, tokenAnswerSchema } from "#shared/clearance-api/connection-file.ts";
import {
  type PortCall,
  portFailed,
  type PortOutcome,
  portSucceeded,
} from "../../export-pipeline/ports/port-call.ts";
import { brokenOff, exchangeJson, type Peer } from "../http-exchange.ts";
import type { Connection } from "./connection.ts";
import { ServiceTime } from "./service-time.ts";

export const SERVICE_PEER: Peer = { name: "The evidence service", unreachableCode: "SERVICE_UNREACHABLE" };

/** A token is renewed this long before it ends. */
const RENEW_BEFORE_MS = 60_000;
const ASSERTION_LIFETIME_S = 300;
/** Services allow for this much between the clocks. */
const ASSERTION_SLACK_MS = 30_000;

/**
 * The account's access token, renewed before it expires (RFC 7523). Callers at the same time share one
 * request; one that gives up leaves it to the others.
 */
export class AccessToken {
  readonly #connection: Connection;
  readonly #peer: Peer;
  readonly #time: ServiceTime;
  /** `renewAtMs` on a clock that only goes forward; what a machine slept through ends with a refusal. */
  #current: { readonly value: string; readonly renewAtMs: number } | null = null;
  #pending: Promise<PortOutcome<string>> | null = null;

  /** @param time what time it is at the service; the peer's answers tell it */
  constructor(connection: Connection, peer: Peer = SERVICE_PEER, time: ServiceTime = new ServiceTime()) {
    this.#peer = peer;
    this.#time = time;
    this.#connection = connection;
  }

  async get(call: Pick<PortCall, "signal">): Promise<PortOutcome<string>> {
    if (this.#current !== null && performance.now() < this.#current.renewAtMs)
      return portSucceeded(this.#current.value);
    this.#pending ??= this.#request({ signal: new AbortController().signal }).finally(() => {
      this.#pending = null;
    });
    return await unlessAborted(this.#pending, call.signal);
  }

  /** After a 401: the service no longer takes this one. */
  discard(): void {
    this.#current = null;
  }

  /**
   * An assertion holds for minutes. One that was made by a wrong clock is refused, and the refusal tells the time: then
   * it is made anew at once.
   */
  async #request(call: Pick<PortCall, "signal">): Promise<PortOutcome<string>> {
    const usedOffsetMs = this.#offsetMs();
    const first = await this.#requestOnce(call);
    if (first.ok || first.error.kind !== "permanent") return first;
    const isTimeNew = Math.abs(this.#offsetMs() - usedOffsetMs) > ASSERTION_SLACK_MS;
    const answer = isTimeNew ? await this.#requestOnce(call) : first;
    return answer.ok || answer.error.kind !== "permanent" ? answer : this.#doubtingClock(answer);
  }

  #offsetMs(): number {
    return this.#time.difference()?.offsetMs ?? 0;
  }

  /** A refusal while the clocks are far apart is waited for: it ends when somebody sets the clock. */
  #doubtingClock(refused: PortOutcome<string>): PortOutcome<string> {
    const difference = this.#time.difference();
    if (difference === null || Math.abs(difference.offsetMs) <= ASSERTION_SLACK_MS) return refused;
    return portFailed("transient", {
      code: "CLOCK_WRONG",
      message: `${this.#peer.name} does not accept the account's log-on, and this computer's clock is ${differenceInWords(difference)}.`,
    });
  }

  async #requestOnce(call: Pick<PortCall, "signal">): Promise<PortOutcome<string>> {
    const { file, tokens, tenantId } = this.#connection;
    const body = new URLSearchParams({
      client_id: `${file.ServicePrincipalId}@${tenantId}`,
      grant_type: TOKEN_GRANT_TYPE,
      assertion: await this.#assertion(),
    });
    const answer = await exchangeJson(
      this.#peer,
      { url: `${tokens}/token`, method: "POST", body, schema: tokenAnswerSchema },
      call,
    );
    if (!answer.ok) {
      return answer.error.kind === "gone"
        ? { ok: false, error: { ...answer.error, kind: "permanent" } }
        : answer;
    }
    const lifetimeMs = answer.value.expires_in * 1000;
    const renewAtMs = performance.now() + Math.max(lifetimeMs - RENEW_BEFORE_MS, lifetimeMs / 2);
    this.#current = { value: answer.value.access_token, renewAtMs };
    return portSucceeded(answer.value.access_token);
  }

  /** Whichever of them the request comes to is meant (RFC 7519, 4.1.3). */
  #audience(): string | string[] {
    const { tokens, file } = this.#connection;
    const all = file.SecurityTokenServiceBaseAddresses.map((base) => `${base.replace(/\/+$/, "")}/token`);
    return all.length > 1 ? all : `${tokens}/token`;
  }

  async #assertion(): Promise<string> {
    const { file, tenantId } = this.#connection;
    const key = await importJWK(file.ServicePrincipalKey, "RS256");
    const issuedAtS = Math.floor(this.#time.nowUtcMs() / 1000);
    return await new SignJWT({})
      .setProtectedHeader({ alg: "RS256", kid: file.ServicePrincipalKey.kid })
      .setIssuer(`${file.ServicePrincipalId}@${tenantId}`)
      .setSubject(`${file.ServicePrincipalId}@${tenantId}`)
      .setAudience(this.#audience())
      .setJti(randomUUID())
      .setIssuedAt(issuedAtS)
      .setExpirationTime(issuedAtS + ASSERTION_LIFETIME_S)
      .sign(key);
  }
}

async function unlessAborted<T>(
  shared: Promise<PortOutcome<T>>,
  signal: AbortSignal,
): Promise<PortOutcome<T>> {
  const { promise: aborted, resolve } = Promise.withResolvers<PortOutcome<T>>();
  const giveUp = () => resolve(brokenOff(SERVICE_PEER, { error: signal.reason }, signal));
  if (signal.aborted) giveUp();
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    return await Promise.race([shared, aborted]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
