import cors from "@fastify/cors";
import fastify, { type FastifyInstance } from "fastify";
import { NO_SCHEMAS } from "#runtime/http/no-schemas.ts";
import { repeatRequestIds } from "#runtime/http/request-id.ts";
import { ArchiveFailure } from "../ground/archive-failure.ts";
import { sentenceOf } from "../ground/log.ts";
import type { ArchiveParts } from "./archive-parts.ts";
import { addCameraRoutes } from "./camera-routes.ts";
import { addExportRoutes } from "./export-routes.ts";
import { addLiveRoutes } from "./live-routes.ts";
import { addPlaybackRoutes } from "./playback-routes.ts";
import { answerFailure, sendFailure } from "./send-failure.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Whether a playback token is enough for the route. */
    isPlayback?: boolean;
  }
}

const BODY_LIMIT_BYTES = 64 * 1024;

/** Contents of PEM files. */
export interface TlsTexts {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** The archive's HTTP interface, not yet listening. Nothing but a CORS preflight is answered without a token. */
export async function httpServer(
  parts: ArchiveParts,
  allowedOrigins: readonly string[],
  tls: TlsTexts | null,
): Promise<FastifyInstance> {
  const server: FastifyInstance = fastify({
    ...{ bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true },
    schemaController: NO_SCHEMAS,
    // The framework takes null for plain HTTP.
    https: tls === null ? null : { ...tls, minVersion: "TLSv1.2" },
  });
  await server.register(cors, {
    origin: [...allowedOrigins],
    methods: ["GET", "HEAD", "PUT", "POST", "DELETE"],
    allowedHeaders: ["Authorization", "Range", "If-Range", "If-Match", "If-None-Match", "Content-Type"],
    exposedHeaders: ["ETag", "Content-Length", "Content-Range", "Accept-Ranges"],
    maxAge: 600,
  });
  repeatRequestIds(server);
  server.addHook("onRequest", async (request, reply) => {
    const allowed = parts.tokens.judge(request.headers.authorization, Date.now());
    const isEnough =
      allowed === "full" || (allowed === "playback" && request.routeOptions.config.isPlayback === true);
    if (isEnough) return undefined;
    return sendFailure(reply, new ArchiveFailure("UNAUTHORIZED"));
  });
  server.setNotFoundHandler(async (_request, reply) =>
    sendFailure(
      reply,
      new ArchiveFailure("BAD_REQUEST", "There is nothing at this address.", { status: 404 }),
    ),
  );
  server.setErrorHandler(async (error, request, reply) => {
    if (answerFailure(reply, error) === "bug")
      parts.log(`${request.method} ${request.routeOptions.url ?? "?"} failed: ${sentenceOf(error)}`);
    return reply;
  });
  addCameraRoutes(server, parts);
  addPlaybackRoutes(server, parts);
  addLiveRoutes(server, parts);
  addExportRoutes(server, parts);
  return server;
}

export interface Listening {
  readonly host: string;
  readonly port: number;
  /** Where the port is taken, any other one is. */
  readonly orAnyPort: boolean;
}

/** @throws Node's own error when it cannot listen */
export async function listen(server: FastifyInstance, { host, port, orAnyPort }: Listening): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    if (!isTaken || !orAnyPort) throw error;
    await server.listen({ host, port: 0 });
  }
}
