import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ExportClock, ExportPlan } from "#shared/archive-api/archive-api.ts";
import type { PlannedExport } from "../export/planned-export.ts";
import { sentenceOf } from "../log.ts";
import { requireCamera, type ArchiveParts } from "./archive-parts.ts";
import { parseByteRange } from "./byte-range.ts";
import { sendProblem } from "./problems.ts";
import { parseCameraId, parseRange, parseRecording } from "./request-parts.ts";

/** The plan of an export and its bytes. */
export function addExportRoutes(server: FastifyInstance, parts: ArchiveParts): void {
  const planned = (request: FastifyRequest): Promise<PlannedExport> => {
    const camera = requireCamera(parts.index, parseCameraId(request.params));
    return parts.exports.plan(camera.id, parseRange(request.query), parseRecording(request.query));
  };
  server.get("/cameras/:id/export.json", async (request): Promise<ExportPlan> => {
    const { plan } = await planned(request);
    const clock = exportClock(parts, plan, parseRecording(request.query));
    return clock === undefined ? plan : { ...plan, clock };
  });
  server.get("/cameras/:id/export.mp4", async (request, reply) =>
    sendExport(parts, await planned(request), request, reply),
  );
}

/** Arrival and drift of what an export consists of. */
function exportClock(
  { index }: ArchiveParts,
  plan: ExportPlan,
  recording: string | undefined,
): ExportClock | undefined {
  const range = { startUtcMs: plan.fromUtcMs, endUtcMs: plan.toUtcMs };
  const facts = index.clockFacts(plan.cameraId, range, recording);
  if (facts === undefined) return undefined;
  const toMs = (us: number): number => Math.round(us / 1000);
  return {
    driftMs: toMs(facts.lastDriftUs),
    leastDriftMs: toMs(facts.leastDriftUs),
    mostDriftMs: toMs(facts.mostDriftUs),
    firstArrivalUtcMs: toMs(facts.firstArrivalUs),
    lastArrivalUtcMs: toMs(facts.lastArrivalUs),
  };
}

async function sendExport(
  parts: ArchiveParts,
  planned: PlannedExport,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { etag, lengthBytes } = planned.plan;
  reply.headers({
    etag,
    "accept-ranges": "bytes",
    "cache-control": "private, no-cache",
    "content-type": "video/mp4",
  });
  if (request.headers["if-none-match"] === etag) return reply.code(304).send();
  const range = parseByteRange(applicableRange(request, etag), lengthBytes);
  if (range === "unsatisfiable") {
    reply.header("content-range", `bytes */${lengthBytes}`);
    return sendProblem(reply, 416, { code: "BAD_REQUEST", detail: "The asked bytes lie outside the file." });
  }
  const { start, end } = range === "whole" ? { start: 0, end: lengthBytes } : range;
  if (range !== "whole") reply.code(206).header("content-range", `bytes ${start}-${end - 1}/${lengthBytes}`);
  reply.header("content-length", end - start);
  // An empty body of known length would make the framework say 0; an empty stream leaves the header alone.
  if (request.method === "HEAD") return reply.send(Readable.from([]));
  const bytes = parts.exports.read(planned, start, end);
  bytes.on("error", (error) =>
    parts.log(`export of ${planned.plan.cameraId} broke off: ${sentenceOf(error)}`),
  );
  return reply.send(bytes);
}

/** A range asked for under another ETag is not applied (RFC 9110, 13.1.5). */
function applicableRange(request: FastifyRequest, etag: string): string | undefined {
  const condition = request.headers["if-range"];
  return condition === undefined || condition === etag ? request.headers.range : undefined;
}
