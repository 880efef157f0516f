/**
 * A request may carry an id, which its answer repeats whatever its status: an answer that a broken proxy gives to another
 * request than it belongs to is known by it.
 */
import type { FastifyInstance } from "fastify";

export const REQUEST_ID_HEADER = "x-request-id";

const REPEATABLE = /^[\w-]{1,128}$/;

/** The header's value as it may stand in the answer; null for none, and for what is no id. */
function repeatableRequestId(header: unknown): string | null {
  return typeof header === "string" && REPEATABLE.test(header) ? header : null;
}

/** Has every answer repeat the id of its request; before anything else that may answer. */
export function repeatRequestIds(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    const requestId = repeatableRequestId(request.headers[REQUEST_ID_HEADER]);
    if (requestId !== null) void reply.header(REQUEST_ID_HEADER, requestId);
  });
}
