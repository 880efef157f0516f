import type { z } from "zod";
import { type PortCall, type PortOutcome, portSucceeded } from "../../export-pipeline/ports/port-call.ts";
import { exchangeJson, type JsonQuestion, type Peer } from "../http-exchange.ts";
import { AccessToken, SERVICE_PEER } from "./access-token.ts";
import type { Connection } from "./connection.ts";
import { fetchThrough, type ServiceFetch } from "../proxied-fetch.ts";
import { ServiceAddresses } from "./service-addresses.ts";
import { ServiceTime } from "./service-time.ts";
import { DIRECT, type ProxyFor } from "../proxy/proxy-choice.ts";

type Call = Pick<PortCall, "signal">;

/** What is posted to an address, and what its answer is like. */
export interface Post<T> {
  readonly url: string;
  /** Sent as JSON. */
  readonly body: unknown;
  readonly schema: z.ZodType<T>;
}

/** Authorised JSON calls to one account. A refused token is renewed once. */
export class ClearanceHttp {
  readonly connection: Connection;
  /** Whoever sends to an address that the service named goes this way. */
  readonly proxyFor: ProxyFor;
  readonly fetch: ServiceFetch;
  /** Where it is reached now. */
  readonly addresses: ServiceAddresses;
  /** What time it is there. */
  readonly time = new ServiceTime();
  readonly #peer: Peer;
  readonly #token: AccessToken;

  constructor(connection: Connection, proxyFor: ProxyFor = DIRECT) {
    this.connection = connection;
    this.proxyFor = proxyFor;
    this.addresses = new ServiceAddresses(connection.alternatives);
    this.fetch = this.addresses.over(this.time.learningFrom(fetchThrough(proxyFor)));
    this.#peer = { ...SERVICE_PEER, fetch: this.fetch, proxyFor };
    this.#token = new AccessToken(connection, this.#peer, this.time);
  }

  /** Asks for a token unless there is one. */
  async logOn(call: Call): Promise<PortOutcome<void>> {
    const token = await this.#token.get(call);
    return token.ok ? portSucceeded(undefined) : token;
  }

  get<T>(url: string, schema: z.ZodType<T>, call: Call): Promise<PortOutcome<T>> {
    return this.#authorised({ url, schema, method: "GET" }, call);
  }

  post<T>({ url, body, schema }: Post<T>, call: Call): Promise<PortOutcome<T>> {
    const headers = { "content-type": "application/json" };
    return this.#authorised({ url, schema, method: "POST", headers, body: JSON.stringify(body) }, call);
  }

  async #authorised<T>(question: JsonQuestion<T>, call: Call): Promise<PortOutcome<T>> {
    const first = await this.#once(question, call);
    if (first.ok || !isRefusedToken(first.error.code)) return first;
    this.#token.discard();
    return await this.#once(question, call);
  }

  async #once<T>(question: JsonQuestion<T>, call: Call): Promise<PortOutcome<T>> {
    const token = await this.#token.get(call);
    if (!token.ok) return token;
    const headers = { ...question.headers, authorization: `Bearer ${token.value}` };
    return await exchangeJson(this.#peer, { ...question, headers }, call);
  }
}

function isRefusedToken(code: string): boolean {
  return code === "UNAUTHORIZED" || code === "HTTP_401";
}
