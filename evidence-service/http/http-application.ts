import cookie from "@fastify/cookie";
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from "fastify";
import { NO_SCHEMAS } from "#runtime/http/no-schemas.ts";
import { sendProblem } from "#runtime/http/problem.ts";
import { repeatRequestIds } from "#runtime/http/request-id.ts";
import { Unreadable } from "../decryption/unreadable.ts";
import { saysNoRoom } from "../storage/disk-reserve.ts";
import { BlobDamaged, BlobsUnreachable } from "../storage/blob-store.ts";
import { saysDatabaseAway, wentBackOf } from "../storage/metadata-unreachable.ts";
import { errorForLog } from "./error-for-log.ts";
import { Refusal } from "./refusal.ts";
import { type Doorkeeper, guardRoutes, NOBODY_ENTERS } from "./access.ts";
import { drainAtStop } from "./draining.ts";
import { watchBodies } from "./body-watch.ts";
import { refuseOtherHosts } from "./own-host.ts";

const RETRY_AFTER_S = 5;
/** How long one request may take to arrive. */
export const LONGEST_REQUEST_MS = 6 * 3_600_000;
const HEADERS_TIMEOUT_MS = 30_000;

/** Whom an application lets in. */
export interface Gate {
  /** Where it is reached; null where every host is its own. */
  readonly ownUrls: (() => readonly string[]) | null;
  readonly doorkeeper: Doorkeeper;
}

const CLOSED: Gate = { ownUrls: null, doorkeeper: NOBODY_ENTERS };

interface ApplicationParts {
  /** Lets nobody in by default. */
  readonly gate?: Gate;
  /** A proxy on this machine says who its clients are. */
  readonly trustsProxy?: boolean;
  /** How long what is under way is waited for at the stop. */
  readonly graceMs?: number | undefined;
  readonly onDiskFull?: () => void;
  /** The database, or the store of the files, could not be reached. */
  readonly onAway?: (error: Error) => void;
}

/**
 * The bare HTTP application, whose every route declares who may call it: parsers, and refusals as problem+json. Logs go to stderr, as stdout
 * carries the ready line.
 */
export async function createHttpApplication(
  logLevel: string,
  {
    gate = CLOSED,
    trustsProxy = false,
    graceMs,
    onDiskFull = () => undefined,
    onAway,
  }: ApplicationParts = {},
): Promise<FastifyInstance> {
  const { ownUrls, doorkeeper } = gate;
  const app = Fastify({
    // A proxy on this machine says who its clients are, where there is one; whoever else says so is not believed.
    trustProxy: trustsProxy ? "loopback" : false,
    schemaController: NO_SCHEMAS,
    logger: { level: logLevel, stream: process.stderr, serializers: { err: (error) => errorForLog(error) } },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 256 },
    forceCloseConnections: true,
    // Those who come while it ends are told so in our own words.
    return503OnClosing: false,
    // Of JSON bodies: the completion of an evidence of as many files as it may have is half of it. Blobs are streamed
    // and have limits of their own.
    bodyLimit: 2 << 20,
    // The longest block of Azure's in so long needs 185 kB/s; what does not move at all is ended much earlier.
    requestTimeout: LONGEST_REQUEST_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS },
    // Of addresses that the router cannot read.
    frameworkErrors: (error, _request, reply) => {
      sendRefusal(
        reply,
        new Refusal("BAD_ADDRESS", "The address cannot be read.", { status: error.statusCode ?? 400 }),
      );
    },
  });
  watchBodies(app);
  drainAtStop(app, graceMs);
  repeatRequestIds(app);
  addBodyParsers(app);
  if (ownUrls !== null) refuseOtherHosts(app, ownUrls);
  await app.register(cookie);
  guardRoutes(app, doorkeeper);
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error instanceof BlobsUnreachable || saysDatabaseAway(error)) onAway?.(error);
    if (saysNoRoom(error)) onDiskFull();
    const refusal = asRefusal(error);
    if (refusal !== null) return sendRefusal(reply, refusal);
    request.log.error(error, "a request failed");
    return sendRefusal(reply, new Refusal("INTERNAL", "The service failed inside; its log says more."));
  });
  return app;
}

export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  if (refusal.retryAfterS !== undefined) void reply.header("retry-after", refusal.retryAfterS);
  const { code, message: detail, action, errors } = refusal;
  return sendProblem(reply, refusal.status, { code, detail, action, errors });
}

function asRefusal(error: FastifyError): Refusal | null {
  if (error instanceof Refusal) return error;
  // Only found while the bytes are on their way; nothing has been sent of what cannot be read.
  if (error instanceof Unreadable) return new Refusal(error.code, error.message);
  if (error instanceof BlobDamaged) {
    return new Refusal("FILE_DAMAGED", "What is stored of this file is missing or damaged.");
  }
  if (saysNoRoom(error)) {
    const detail = "The disk of the evidence service is full.";
    return new Refusal("SERVICE_DISK_FULL", detail, { retryAfterS: RETRY_AFTER_S });
  }
  if (error instanceof BlobsUnreachable) {
    return new Refusal("BLOBS_UNREACHABLE", error.message, { retryAfterS: RETRY_AFTER_S });
  }
  const wentBack = wentBackOf(error);
  if (wentBack !== null) {
    return new Refusal("METADATA_WENT_BACK", wentBack.message, { retryAfterS: RETRY_AFTER_S });
  }
  // Also where it went away in the midst of a commit: who asks again finds what was kept.
  if (saysDatabaseAway(error)) {
    return new Refusal("METADATA_UNREACHABLE", error.message, { retryAfterS: RETRY_AFTER_S });
  }
  const status = error.statusCode ?? 500;
  return status < 500 ? new Refusal("BAD_REQUEST", error.message, { status: status }) : null;
}

function addBodyParsers(app: FastifyInstance): void {
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    try {
      done(null, body === "" ? undefined : JSON.parse(String(body)));
    } catch {
      done(new Refusal("BAD_REQUEST", "The body is not JSON."));
    }
  });
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
}
