import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { sendRefusal } from "../http/http-application.ts";
import { notFound } from "../http/refusal.ts";

const SECURITY_HEADERS = {
  "content-security-policy": [
    "default-src 'self'",
    "script-src 'self'",
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

const NOT_BUILT =
  "The evidence service is running, but its web application has not been built; build it with: npm run build\n";

/**
 * Serves the built web application at /, its page for every path that is no file and no API, and the
 * security headers with every answer.
 * @param folder of the built application; undefined or not there: / says so
 */
export function registerWebApplication(app: FastifyInstance, folder: string | undefined): void {
  app.addHook("onSend", async (_request, reply) => {
    void reply.headers(SECURITY_HEADERS);
  });
  const isApi =
    /^\/(web\/api|connect|customfieldservice|blobs|openapi\.json|assets|(documents|cases|keys)\/api)(\/|$|\?)/;
  const built = folder !== undefined && existsSync(join(folder, "index.html"));
  if (built) serveFiles(app, resolve(folder));
  app.setNotFoundHandler((request, reply) => {
    // Files lie at the root and below /assets; further down a dot is part of a name, as of a person.
    const isFile = /^\/[^/]*\.\w+$/.test(request.url.split("?")[0] ?? "");
    const wantsPage = request.method === "GET" && !isFile && !isApi.test(request.url);
    // A handler that gave the reply back would have Fastify listen for its end once more, here and where it came from.
    if (!wantsPage) sendRefusal(reply, notFound("page"));
    else if (built) void reply.header("cache-control", "no-cache").sendFile("index.html");
    else void reply.code(503).type("text/plain; charset=utf-8").send(NOT_BUILT);
  });
}

/** Only files; what is none of them is answered like every other path that nobody knows. */
function serveFiles(app: FastifyInstance, root: string): void {
  void app.register(fastifyStatic, { root, serve: false });
  app.get<{ Params: { "*": string } }>("/*", { config: { access: "public" } }, (request, reply) => {
    const path = request.params["*"];
    void reply.sendFile(path === "" ? "index.html" : path);
  });
}
