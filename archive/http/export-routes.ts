import type { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type BytesAnswer, judgeFileRequest, sendHead } from "#runtime/http/file-answer.ts";
import type { ExportClock, ExportPlan } from "#shared/archive-api/archive-api.ts";
import { ArchiveFailure } from "../ground/archive-failure.ts";
import type { PlannedExport } from "../export/planned-export.ts";
import { sentenceOf } from "../ground/log.ts";
import { requireCamera, type ArchiveParts } from "./archive-parts.ts";
import { parseCameraId, parseRange, parseRecording } from "./request-parts.ts";

/** The plan of an export and its bytes. */
export function addExportRoutes(server: FastifyInstance, parts: ArchiveParts): void {
  const planned = (request: FastifyRequest): Promise<PlannedExport> => {
    const camera = requireCamera(parts.index, parseCameraId(request.params));
    return parts.exports.plan({
      cameraId: camera.id,
      range: parseRange(request.query),
      recording: parseRecording(request.query),
    });
  };
  server.get("/cameras/:id/export.json", async (request): Promise<ExportPlan> => {
    const { plan } = await planned(request);
    const clock = exportClock(parts, plan, parseRecording(request.query));
    return clock === undefined ? plan : { ...plan, clock };
  });
  server.get("/cameras/:id/export.mp4", async (request, reply) =>
    sendExport(parts, await planned(request), { request, reply }),
  );
}

/** Arrival and drift of what an export consists of. */
function exportClock(
  { index }: ArchiveParts,
  plan: ExportPlan,
  recording: string | undefined,
): ExportClock | undefined {
  const range = { startUtcMs: plan.fromUtcMs, endUtcMs: plan.toUtcMs };
  const facts = index.clockFacts({ cameraId: plan.cameraId, range, recording });
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

/** The two sides of one request. */
interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

async function sendExport(
  parts: ArchiveParts,
  planned: PlannedExport,
  { request, reply }: Exchange,
): Promise<FastifyReply> {
  const { etag } = planned.plan;
  reply.headers({
    etag,
    "accept-ranges": "bytes",
    "cache-control": "private, no-cache",
    "content-type": "video/mp4",
  });
  const answer = judgeFileRequest(request, planned.plan);
  switch (answer.kind) {
    case "unchanged":
      return reply.code(304).send();
    case "differs":
      throw new ArchiveFailure("FILE_DIFFERS");
    case "unsatisfiable":
      reply.headers(answer.headers);
      throw new ArchiveFailure("BAD_REQUEST", "The asked bytes lie outside the file.", { status: 416 });
    case "bytes":
      reply.code(answer.status).headers(answer.headers);
      return request.method === "HEAD" ? sendHead(reply) : reply.send(exported(parts, planned, answer));
  }
}

function exported({ exports, log }: ArchiveParts, planned: PlannedExport, { bytes }: BytesAnswer): Readable {
  const { startByte: start, endByte: end } = bytes;
  return exports
    .read(planned, { start, end })
    .on("error", (error) => log(`export of ${planned.plan.cameraId} broke off: ${sentenceOf(error)}`));
}
