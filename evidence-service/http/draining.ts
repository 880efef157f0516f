/** What is under way when the service stops gets its answer, or a clean one that says to come again. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Refusal } from "./refusal.ts";

/** How long what is under way is waited for. */
export const GRACE_MS = 30_000;
/** What does not move for so long is not waited for: a player that stands still, a console whose line broke off. */
const STALLED_MS = 5_000;
const LOOK_EVERY_MS = 25;
const RETRY_AFTER_S = 5;
const COME_AGAIN = `HTTP/1.1 503 Service Unavailable\r\nRetry-After: ${RETRY_AFTER_S}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
/** Where balancers ask. */
const READINESS: ReadonlySet<string> = new Set(["/healthz", "/healthz/ready"]);

declare module "fastify" {
  interface FastifyInstance {
    /** From now on balancers are told to send nobody here, and everything is still answered. */
    announceEnd: () => void;
  }
}

interface Exchange {
  readonly request: FastifyRequest["raw"];
  readonly reply: FastifyReply["raw"];
  moved: { readonly atMs: number; readonly bytes: number };
}

/** New requests are refused, and those that are there finish, before the connections are closed. */
export function drainAtStop(app: FastifyInstance, graceMs = GRACE_MS): void {
  const underWay = new Set<Exchange>();
  let state: "serves" | "announced" | "ends" = "serves";
  const closeIdle = (): void => app.server.closeIdleConnections();
  app.decorate("announceEnd", () => {
    state = "announced";
    closeIdle();
  });
  app.addHook("onRequest", async ({ raw: request, routeOptions }, { raw: reply }) => {
    const isRefused = state === "ends" || (state === "announced" && READINESS.has(routeOptions.url ?? ""));
    if (isRefused) {
      throw new Refusal("NOT_READY", "The service is about to end.", { retryAfterS: RETRY_AFTER_S });
    }
    const exchange = { request, reply, moved: { atMs: performance.now(), bytes: bytesOf(request) } };
    underWay.add(exchange);
    reply.once("close", () => underWay.delete(exchange));
  });
  app.addHook("onSend", async (_request, reply) => {
    if (state !== "serves") void reply.header("connection", "close");
  });
  app.addHook("preClose", async () => {
    state = "ends";
    closeIdle();
    const untilMs = performance.now() + graceMs;
    while (performance.now() < untilMs && [...underWay].some(isWaitedFor)) await wait(LOOK_EVERY_MS);
    for (const { reply } of underWay) if (!reply.headersSent) reply.socket?.end(COME_AGAIN);
    // What was written needs a turn to leave before the connections are closed.
    if (underWay.size > 0) await wait(LOOK_EVERY_MS);
  });
}

const wait = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

const bytesOf = ({ socket }: Exchange["request"]): number => socket.bytesRead + socket.bytesWritten;

function isWaitedFor(exchange: Exchange): boolean {
  const { request, reply, moved } = exchange;
  const nowMs = performance.now();
  const bytes = bytesOf(request);
  if (bytes !== moved.bytes) exchange.moved = { atMs: nowMs, bytes };
  // All of it is here, and the answer is ours to give.
  const isOurs = request.complete && !reply.headersSent;
  return isOurs || nowMs - exchange.moved.atMs < STALLED_MS;
}
