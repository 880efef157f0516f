/**
 * Ends requests whose body does not come. How long a body may take depends on its length and the line, so what is
 * watched is that it moves: a slow upload goes on for hours, one that stopped is ended after a minute.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

export interface BodyPace {
  /** Nothing came for so long: over. */
  readonly idleMs: number;
  /** What has to come on average, once a body has taken `idleMs`: a byte a minute is no upload. */
  readonly leastBytesPerS: number;
}

const PACE: BodyPace = { idleMs: 60_000, leastBytesPerS: 256 };
const TIMED_OUT = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

export function watchBodies(app: FastifyInstance, pace: BodyPace = PACE): void {
  app.addHook("onRequest", async (request, reply) => {
    const { "content-length": length, "transfer-encoding": coding } = request.headers;
    if (coding !== undefined || Number(length) > 0) watch(request, reply, pace);
  });
}

function watch(
  { raw, log }: FastifyRequest,
  reply: FastifyReply,
  { idleMs, leastBytesPerS }: BodyPace,
): void {
  const { socket } = raw;
  const beganMs = performance.now();
  const beganBytes = socket.bytesRead;
  let moved = { atMs: beganMs, bytes: beganBytes };
  const look = (): void => {
    if (raw.complete || raw.destroyed) return stop();
    const nowMs = performance.now();
    // What has come and waits is ours to take: a slow disk is not the client's fault.
    if (socket.bytesRead !== moved.bytes || raw.readableLength > 0) {
      moved = { atMs: nowMs, bytes: socket.bytesRead };
    }
    const tookMs = nowMs - beganMs;
    const leastBytes = (leastBytesPerS * tookMs) / 1_000;
    const isTooSlow = tookMs > idleMs && raw.readableLength === 0 && moved.bytes - beganBytes < leastBytes;
    if (nowMs - moved.atMs < idleMs && !isTooSlow) return;
    stop();
    log.info("a body that did not come was ended");
    if (reply.raw.headersSent) socket.destroy();
    else socket.end(TIMED_OUT, () => socket.destroy());
  };
  const timer = setInterval(look, Math.ceil(idleMs / 4)).unref();
  const stop = (): void => {
    clearInterval(timer);
    raw.off("close", stop).off("end", stop);
  };
  raw.once("close", stop).once("end", stop);
}
