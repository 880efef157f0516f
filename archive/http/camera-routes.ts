import { createHash } from "node:crypto";
import { statfs } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import {
  archiveHealthSchema,
  type ArchiveSummary,
  cameraChangeSchema,
  cameraNamesSchema,
  type camerasAnswerSchema,
  type camerasUnlessAnswerSchema,
  footageAnswerSchema,
  type HoldingsAnswer,
  lockSchema,
  type ShownSource,
} from "#shared/archive-api/archive-api.ts";
import { cameraProblem } from "#shared/domain/camera.ts";
import { ArchiveFailure } from "../ground/archive-failure.ts";
import { secretBox } from "../cameras/secret-box.ts";
import { shownSource } from "../cameras/stored-source.ts";
import { footageWithin, toOverlapMs } from "../index/runs.ts";
import { locateFfmpeg } from "../recorder/ffmpeg-location.ts";
import { requireCamera, type ArchiveParts } from "./archive-parts.ts";
import { parseCameraId, parseCameraIds, parseLockId, parseRange, parseRecording } from "./request-parts.ts";

const unlessQuerySchema = z.object({ unless: z.string().max(64).optional() });

/** Cameras, footage, locks, health and playback tokens. */
export function addCameraRoutes(server: FastifyInstance, parts: ArchiveParts): void {
  const { index, fleet, locks, tokens, retention, live } = parts;
  server.get("/health", (): z.infer<typeof archiveHealthSchema> => ({
    status: "ok",
    ffmpeg: locateFfmpeg(),
    live: live.load,
  }));
  server.get("/cameras", (request) => {
    const { unless } = unlessQuerySchema.parse(request.query);
    const { cameras } = listCameras(parts);
    const tag = createHash("sha256").update(JSON.stringify(cameras)).digest("base64url");
    return { tag, cameras: tag === unless ? null : cameras } satisfies z.infer<
      typeof camerasUnlessAnswerSchema
    >;
  });
  server.get("/summary", () => summaryOf(parts));
  server.get("/holdings", (request) => holdingsOf(parts, parseCameraIds(request.query)));
  server.put("/cameras/:id", async (request, reply) => {
    await fleet.put(parseCameraId(request.params), cameraChangeSchema.parse(request.body));
    return reply.code(204).send();
  });
  server.patch("/cameras/:id", async (request, reply) => {
    const cameraId = parseCameraId(request.params);
    if (await fleet.rename(cameraId, cameraNamesSchema.parse(request.body))) return reply.code(204).send();
    throw new ArchiveFailure("UNKNOWN_CAMERA", `There is no camera ${cameraId}.`);
  });
  server.get("/cameras/:id/source", (request): ShownSource => {
    const { source } = requireCamera(index, parseCameraId(request.params));
    return shownSource(source, secretBox(parts.dir));
  });
  server.delete("/cameras/:id", async (request, reply) => {
    const cameraId = parseCameraId(request.params);
    if (await fleet.stopCamera(cameraId)) return reply.code(204).send();
    throw new ArchiveFailure("UNKNOWN_CAMERA", `There is no camera ${cameraId}.`);
  });
  server.get("/cameras/:id/footage", { config: { isPlayback: true } }, (request) => {
    const cameraId = requireCamera(index, parseCameraId(request.params)).id;
    const range = parseRange(request.query);
    const recording = parseRecording(request.query);
    const { runs, gaps } = footageWithin(range, index.stretches({ cameraId, range, recording }));
    const overlaps = recording === undefined ? index.overlaps({ cameraId, range }).map(toOverlapMs) : [];
    return { cameraId, runs: [...runs], gaps: [...gaps], overlaps } satisfies z.infer<
      typeof footageAnswerSchema
    >;
  });
  server.put("/locks/:lockId", async (request, reply) => {
    const lock = lockSchema.parse(request.body);
    requireCamera(index, lock.cameraId);
    if (lock.endUtcMs <= lock.startUtcMs)
      throw new ArchiveFailure("BAD_REQUEST", "A lock must end after it starts.");
    locks.put(parseLockId(request.params), lock);
    return reply.code(204).send();
  });
  server.delete("/locks/:lockId", async (request, reply) => {
    locks.remove(parseLockId(request.params));
    return reply.code(204).send();
  });
  server.post("/age-clock/confirmation", async (_request, reply) => {
    retention.confirmClock();
    return reply.code(204).send();
  });
  server.post("/playback-tokens", () => tokens.mintPlaybackToken(Date.now()));
}

function listCameras({ index, fleet, retention }: ArchiveParts): z.infer<typeof camerasAnswerSchema> {
  const cameras = index.cameras().map(({ id, name, area }) => {
    const problem = fleet.problem(id) ?? retention.problem();
    return {
      ...{ id, name, area, state: fleet.state(id) },
      problem: problem === null ? null : cameraProblem(problem),
      connectingSinceUtcMs: fleet.connectingSinceUtcMs(id),
    };
  });
  return { cameras };
}

/** Asked for by somebody who looks at it: two look-ups for each of all cameras. */
async function summaryOf({ dir, index, keptMs }: ArchiveParts): Promise<ArchiveSummary> {
  const cameras = index.cameras();
  const extents = cameras.flatMap(({ id }) => index.extent(id) ?? []);
  const oldestUs = extents.reduce((least, { startUs }) => Math.min(least, startUs), Infinity);
  const newestUs = extents.reduce((most, { endUs }) => Math.max(most, endUs), 0);
  const { bavail, bsize } = await statfs(dir);
  const leftOut = index.straySum();
  return {
    cameraCount: cameras.length,
    recordedCount: cameras.filter(({ recorded }) => recorded).length,
    oldestUtcMs: extents.length === 0 ? null : Math.floor(oldestUs / 1000),
    newestUtcMs: extents.length === 0 ? null : Math.ceil(newestUs / 1000),
    keptMs,
    freeBytes: bavail * bsize,
    ...{ leftOutFiles: leftOut.files, leftOutBytes: leftOut.bytes },
  };
}

/** Two look-ups by key a camera: cheap enough to be asked every second for what is on a screen. */
function holdingsOf({ index, retention }: ArchiveParts, cameraIds: readonly string[]): HoldingsAnswer {
  const known = cameraIds.filter((cameraId) => index.camera(cameraId) !== undefined);
  const holdings = known.map((cameraId) => {
    const extent = index.extent(cameraId);
    return {
      cameraId,
      oldestUtcMs: extent === undefined ? null : Math.floor(extent.startUs / 1000),
      newestUtcMs: extent === undefined ? null : Math.ceil(extent.endUs / 1000),
    };
  });
  return { nowUtcMs: Date.now(), keptMs: retention.keptMs(), holdings };
}
