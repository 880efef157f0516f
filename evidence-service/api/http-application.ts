import cookie from "@fastify/cookie";
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from "fastify";
import { ZodError } from "zod";
import { REQUEST_ID_HEADER, repeatableRequestId } from "#shared/http/request-id.ts";
import { Unreadable } from "../consolidation/unreadable.ts";
import { BlobDamaged, BlobsUnreachable } from "../storage/blob-store.ts";
import { doesNotFit, Refusal } from "./refusal.ts";
import { type Doorkeeper, guardRoutes, NOBODY_ENTERS } from "./access.ts";
import { refuseOtherHosts } from "./own-host.ts";

const RETRY_AFTER_S = 5;

/** Whom an application lets in. */
export interface Gate {
  /** Where it is reached; null where every host is its own. */
  readonly ownUrl: (() => string) | null;
  readonly doorkeeper: Doorkeeper;
}

const CLOSED: Gate = { ownUrl: null, doorkeeper: NOBODY_ENTERS };

/**
 * The bare HTTP application, whose every route declares who may call it: parsers, and refusals as problem+json. Logs go to stderr, as stdout
 * carries the ready line.
 */
export async function createHttpApplication(
  logLevel: string,
  { ownUrl, doorkeeper }: Gate = CLOSED,
  trustsProxy = false,
): Promise<FastifyInstance> {
  const app = Fastify({
    // A proxy on this machine says who its clients are, where there is one; whoever else says so is not believed.
    trustProxy: trustsProxy ? "loopback" : false,
    logger: { level: logLevel, stream: process.stderr },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 256 },
    forceCloseConnections: true,
    // Of JSON bodies; blobs are streamed and have limits of their own.
    bodyLimit: 8 << 20,
    // An hour for one block or one download chunk is long; a stalled client must not hold a file for ever.
    requestTimeout: 3_600_000,
  });
  app.addHook("onRequest", async (request, reply) => {
    const requestId = repeatableRequestId(request.headers[REQUEST_ID_HEADER]);
    if (requestId !== null) void reply.header(REQUEST_ID_HEADER, requestId);
  });
  addBodyParsers(app);
  if (ownUrl !== null) refuseOtherHosts(app, ownUrl);
  await app.register(cookie);
  guardRoutes(app, doorkeeper);
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error instanceof BlobsUnreachable) request.log.warn(error, "the stored files cannot be reached");
    const refusal = asRefusal(error);
    if (refusal !== null) return sendProblem(reply, refusal);
    request.log.error(error, "a request failed");
    return sendProblem(reply, new Refusal(500, "INTERNAL", "The service failed inside; its log says more."));
  });
  return app;
}

export function sendProblem(reply: FastifyReply, refusal: Refusal): FastifyReply {
  if (refusal.retryAfterS !== undefined) void reply.header("retry-after", refusal.retryAfterS);
  const problem = { code: refusal.code, detail: refusal.message, errors: refusal.errors };
  return reply.code(refusal.status).type("application/problem+json").send(JSON.stringify(problem));
}

function asRefusal(error: FastifyError): Refusal | null {
  if (error instanceof Refusal) return error;
  // Only found while the bytes are on their way; nothing has been sent of what cannot be read.
  if (error instanceof Unreadable) return new Refusal(409, error.code, error.message);
  if (error instanceof BlobDamaged) {
    return new Refusal(409, "FILE_DAMAGED", "What is stored of this file is missing or damaged.");
  }
  if (error instanceof BlobsUnreachable) {
    return new Refusal(503, "BLOBS_UNREACHABLE", error.message, RETRY_AFTER_S);
  }
  if (error instanceof ZodError) return doesNotFit(error);
  const status = error.statusCode ?? 500;
  return status < 500 ? new Refusal(status, "BAD_REQUEST", error.message) : null;
}

function addBodyParsers(app: FastifyInstance): void {
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    try {
      done(null, body === "" ? undefined : JSON.parse(String(body)));
    } catch {
      done(new Refusal(400, "BAD_REQUEST", "The body is not JSON."));
    }
  });
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
}
