/** What is under way when the service stops gets its answer, or a clean one that says to come again. */
import type { FastifyInstance } from "fastify";

const GRACE_MS = 4_000;
const LOOK_EVERY_MS = 25;
const COME_AGAIN =
  "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/** Before the connections are closed, requests that change something are waited for. */
export function drainAtStop(app: FastifyInstance, graceMs = GRACE_MS): void {
  const underWay = new Set<{ readonly headersSent: boolean; readonly socket: Socketlike | null }>();
  app.addHook("onRequest", async ({ method }, { raw }) => {
    if (method === "GET" || method === "HEAD") return;
    underWay.add(raw);
    raw.once("close", () => underWay.delete(raw));
  });
  app.addHook("preClose", async () => {
    const until = performance.now() + graceMs;
    while (underWay.size > 0 && performance.now() < until) await pause(LOOK_EVERY_MS);
    for (const { headersSent, socket } of underWay) if (!headersSent) socket?.end(COME_AGAIN);
    // What was written needs a turn to leave before the connections are closed.
    if (underWay.size > 0) await pause(LOOK_EVERY_MS);
  });
}

interface Socketlike {
  end(text: string): unknown;
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
