import type { z } from "zod";
import { WEB_CHANGE_HEADER } from "#shared/web-api/web-api.ts";
import { problemOf, problemOnTheWay } from "./problem.ts";

export const API_ROOT = "/web/api";

interface Question {
  readonly path: string;
  /** Values left out when empty. */
  readonly query?: Readonly<Record<string, string | null>>;
  readonly signal?: AbortSignal;
}

/**
 * Reads from the service.
 * @throws ServiceProblem for a refusal, no answer, or an answer that is not of the contract
 */
export function readFromService<S extends z.ZodType>(schema: S, question: Question): Promise<z.infer<S>> {
  const { path, query = {}, signal } = question;
  const values = Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []));
  const text = new URLSearchParams(values).toString();
  return ask(schema, text === "" ? path : `${path}?${text}`, { method: "GET", ...(signal && { signal }) });
}

/** Changes something at the service; throws like `readFromService`. */
export function changeAtService<S extends z.ZodType>(
  schema: S,
  path: string,
  body: unknown,
): Promise<z.infer<S>> {
  return ask(schema, path, {
    method: "POST",
    headers: { "content-type": "application/json", [WEB_CHANGE_HEADER]: "1" },
    body: JSON.stringify(body),
  });
}

async function ask<S extends z.ZodType>(schema: S, path: string, init: RequestInit): Promise<z.infer<S>> {
  const response = await fetchAnswer(path, init);
  const body = await jsonOf(response);
  if (!response.ok) throw problemOf(response.status, body, response.headers.get("retry-after"));
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw problemOnTheWay("UNREADABLE_ANSWER", response.status);
}

async function fetchAnswer(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(API_ROOT + path, { ...init, credentials: "same-origin", cache: "no-store" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw problemOnTheWay("NO_ANSWER", 0);
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
