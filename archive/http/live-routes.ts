import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { liveChoicesSchema } from "#shared/archive-api/live-stream.ts";
import type { ArchiveParts } from "./archive-parts.ts";

const streamParamsSchema = z.object({ stream: z.uuid() });

/** Live pictures: one answer that does not end, and what is to be in it. */
export function addLiveRoutes(server: FastifyInstance, { live, tokens }: ArchiveParts): void {
  const config = { isPlayback: true };
  server.get("/live", { config, exposeHeadRoute: false }, async (request, reply) => {
    const { authorization } = request.headers;
    const answer = live.open(() => tokens.judge(authorization, Date.now()) !== null);
    // What stands between must not gather what comes piece by piece.
    void reply.type("application/octet-stream").header("cache-control", "no-store, no-transform");
    return reply.header("x-accel-buffering", "no").send(answer);
  });
  server.put("/live/:stream/cameras", { config }, async (request, reply) => {
    live.choose(streamParamsSchema.parse(request.params).stream, liveChoicesSchema.parse(request.body));
    return reply.code(204).send();
  });
  // Answers without an end would hold up the archive's own.
  server.addHook("preClose", async () => live.close());
}
