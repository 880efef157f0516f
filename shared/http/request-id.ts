/**
 * A request may carry an id, which its answer repeats whatever its status: an answer that a broken proxy gives
 * to another request than it belongs to is known by it. Archive and evidence service do the same here.
 */
export const REQUEST_ID_HEADER = "x-request-id";

const REPEATABLE = /^[\w-]{1,128}$/;

/** The header's value as it may stand in the answer; null for none, and for what is no id. */
export function repeatableRequestId(header: unknown): string | null {
  return typeof header === "string" && REPEATABLE.test(header) ? header : null;
}
