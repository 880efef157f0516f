import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type {
  ArchiveProblemCode,
  ExportClock,
  ExportPlan,
  Problem,
} from "#shared/archive-api/archive-api.ts";
import { applicableRange, judgeConditions } from "#shared/http/conditions.ts";
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

/** Who goes on with a download asks with the tag of what it has. */
const FILE_DIFFERS: Problem = {
  code: "FILE_DIFFERS" satisfies ArchiveProblemCode,
  detail: "The footage of this range is not what it was when the tag was given; read it anew.",
};

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
  const condition = judgeConditions(request.headers, etag);
  if (condition === "unchanged") return reply.code(304).send();
  if (condition === "failed") return sendProblem(reply, 412, FILE_DIFFERS);
  const range = parseByteRange(applicableRange(request.headers, etag), lengthBytes);
  if (range === "unsatisfiable") {
    reply.header("content-range", `bytes */${lengthBytes}`);
    return sendProblem(reply, 416, { code: "BAD_REQUEST", detail: "The asked bytes lie outside the file." });
  }
  const { start, end } = range === "whole" ? { start: 0, end: lengthBytes } : range;
  if (range !== "whole") reply.code(206).header("content-range", `bytes ${start}-${end - 1}/${lengthBytes}`);
  reply.header("content-length", end - start);
  // An empty body of known length would make the framework say 0; an empty stream leaves the header alone.
  if (request.method === "HEAD") return reply.send(Readable.from([]));
  const bytes = parts.exports.read(planned, { start, end });
  bytes.on("error", (error) =>
    parts.log(`export of ${planned.plan.cameraId} broke off: ${sentenceOf(error)}`),
  );
  return reply.send(bytes);
}
