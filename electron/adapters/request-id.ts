import { randomUUID } from "node:crypto";
import { REQUEST_ID_HEADER } from "#runtime/http/request-id.ts";

/** Whose answer it is: `unknown` where the other side does not repeat request ids. */
export type AnswerOrigin = "ours" | "another's" | "unknown";

/**
 * One request with an id of its own. A broken proxy that repeats an answer on a connection in use gives it to
 * the next request; by the id that the answer repeats, that is noticed whatever the answer says.
 */
export function identified(init: RequestInit): {
  readonly init: RequestInit & { readonly headers: Headers };
  readonly originOf: (answer: { readonly headers: Pick<Headers, "get"> }) => AnswerOrigin;
} {
  const requestId = randomUUID();
  const headers = new Headers(init.headers);
  headers.set(REQUEST_ID_HEADER, requestId);
  const originOf = (answer: { readonly headers: Pick<Headers, "get"> }): AnswerOrigin => {
    const repeated = answer.headers.get(REQUEST_ID_HEADER);
    if (repeated === null) return "unknown";
    return repeated === requestId ? "ours" : "another's";
  };
  return { init: { ...init, headers }, originOf };
}
