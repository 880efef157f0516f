import type { z } from "zod";
import { type PortCall, type PortOutcome, portSucceeded } from "../../export-pipeline/ports/port-call.ts";
import { exchangeJson, type Peer } from "../http-outcome.ts";
import { AccessToken, SERVICE_PEER } from "./access-token.ts";
import type { Connection } from "./connection.ts";
import { fetchThrough, type ServiceFetch } from "../proxied-fetch.ts";
import { ServiceTime } from "./service-time.ts";
import { DIRECT, type ProxyFor } from "../proxy/proxy-choice.ts";

type Call = Pick<PortCall, "signal">;

/** Authorised JSON calls to one account. A refused token is renewed once. */
export class ClearanceHttp {
  readonly connection: Connection;
  /** Whoever sends to an address that the service named goes this way. */
  readonly proxyFor: ProxyFor;
  readonly fetch: ServiceFetch;
  /** What time it is there. */
  readonly time = new ServiceTime();
  readonly #peer: Peer;
  readonly #token: AccessToken;

  constructor(connection: Connection, proxyFor: ProxyFor = DIRECT) {
    this.connection = connection;
    this.proxyFor = proxyFor;
    this.fetch = this.time.learningFrom(fetchThrough(proxyFor));
    this.#peer = { ...SERVICE_PEER, fetch: this.fetch, proxyFor };
    this.#token = new AccessToken(connection, this.#peer, this.time);
  }

  /** Asks for a token unless there is one. */
  async logOn(call: Call): Promise<PortOutcome<void>> {
    const token = await this.#token.get(call);
    return token.ok ? portSucceeded(undefined) : token;
  }

  get<T>(url: string, schema: z.ZodType<T>, call: Call): Promise<PortOutcome<T>> {
    return this.#authorised("GET", url, undefined, schema, call);
  }

  post<T>(url: string, body: unknown, schema: z.ZodType<T>, call: Call): Promise<PortOutcome<T>> {
    return this.#authorised("POST", url, body, schema, call);
  }

  async #authorised<T>(
    method: string,
    url: string,
    body: unknown,
    schema: z.ZodType<T>,
    call: Call,
  ): Promise<PortOutcome<T>> {
    const first = await this.#once(method, url, body, schema, call);
    if (first.ok || !isRefusedToken(first.error.code)) return first;
    this.#token.discard();
    return await this.#once(method, url, body, schema, call);
  }

  async #once<T>(
    method: string,
    url: string,
    body: unknown,
    schema: z.ZodType<T>,
    call: Call,
  ): Promise<PortOutcome<T>> {
    const token = await this.#token.get(call);
    if (!token.ok) return token;
    const headers: Record<string, string> = { authorization: `Bearer ${token.value}` };
    if (body === undefined) return await exchangeJson(this.#peer, url, { method, headers }, call, schema);
    headers["content-type"] = "application/json";
    return await exchangeJson(this.#peer, url, { method, headers, body: JSON.stringify(body) }, call, schema);
  }
}

function isRefusedToken(code: string): boolean {
  return code === "UNAUTHORIZED" || code === "HTTP_401";
}
