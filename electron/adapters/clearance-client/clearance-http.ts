import type { z } from "zod";
import type { PortCall, PortOutcome } from "../../export-pipeline/ports/port-call.ts";
import { exchangeJson } from "../http-outcome.ts";
import { AccessToken, SERVICE_PEER } from "./access-token.ts";
import type { Connection } from "./connection.ts";

type Call = Pick<PortCall, "signal">;

/** Authorised JSON calls to one account. A refused token is renewed once. */
export class ClearanceHttp {
  readonly connection: Connection;
  readonly #token: AccessToken;

  constructor(connection: Connection) {
    this.connection = connection;
    this.#token = new AccessToken(connection);
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
    if (body === undefined) return await exchangeJson(SERVICE_PEER, url, { method, headers }, call, schema);
    headers["content-type"] = "application/json";
    return await exchangeJson(
      SERVICE_PEER,
      url,
      { method, headers, body: JSON.stringify(body) },
      call,
      schema,
    );
  }
}

function isRefusedToken(code: string): boolean {
  return code === "UNAUTHORIZED" || code === "HTTP_401";
}
