import { z } from "zod";
import { LEFT_OUT_KINDS } from "../domain/camera.ts";
import { PICTURE_RATIO } from "../domain/picture-ratio.ts";
import { request } from "./request.ts";
import { camera, nothing, recordingName, timeRange, utcMs } from "./values.ts";

const cameraId = z.string().min(1).max(64);

/** Where the interface reads pictures: HLS playlists of the archive, `Authorization: Bearer token` on every request. */
export const playbackAccess = z.object({ baseUrl: z.string(), token: z.string(), expiresUtcMs: utcMs });
export type PlaybackAccess = z.infer<typeof playbackAccess>;

export const footage = z.object({ runs: z.array(timeRange), gaps: z.array(timeRange) });

export const holdings = z.object({
  archiveAheadMs: z.number(),
  keptMs: z.number().int().nullable(),
  holdings: z.array(z.object({ cameraId, oldestUtcMs: utcMs.nullable(), newestUtcMs: utcMs.nullable() })),
});

/** What an export of a range would be, exactly, before it is asked for. */
export const exportPlan = z.object({
  cameraId,
  lengthBytes: z.number().int(),
  frameCount: z.number().int(),
  firstFrameUtcMs: z.number(),
  endUtcMs: z.number(),
  preRollFrameCount: z.number().int(),
  gaps: z.array(timeRange),
  /** Recorded twice, as when the archive's clock was set back: the later recording is sent, unless the other is asked for. */
  overlaps: z.array(timeRange.extend({ shown: recordingName, hidden: recordingName })),
  /** What the camera sent in it and was not recorded; null where the archive does not know. */
  leftOut: z.array(z.object({ kind: z.enum(LEFT_OUT_KINDS), format: z.string() })).nullable(),
});
export type ExportPlanSummary = z.infer<typeof exportPlan>;

const transport = z.enum(["tcp", "udp"]);
/** The shape that pictures are watched in, for a camera that does not say it; null: as the camera says. */
const ratio = z.string().regex(PICTURE_RATIO).nullable();
const names = { name: z.string().min(1).max(128), area: z.string().min(1).max(128) };
const logOnText = z.string().max(512);

/** All that may be shown of where a camera's pictures come from: `{hidden}` stands in the address for what is secret. */
const cameraSource = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("rtsp"),
    address: z.string(),
    user: z.string(),
    hasPassword: z.boolean(),
    transport,
    ratio,
  }),
  z.object({ kind: z.literal("loop") }),
]);

const rangeOfCamera = z.object({ cameraId, range: timeRange, recording: recordingName.optional() });

/** Failures: ARCHIVE_UNREACHABLE, UNKNOWN_CAMERA, NO_FOOTAGE, CODEC_CHANGED, RANGE_TOO_LONG. */
export const cameraRequests = {
  "cameras.list": request("operator", nothing, z.array(camera)),
  /**
   * What the archive holds of these cameras at this moment, and how far its clock is ahead of this machine's. The only
   * place where the page learns of it: the list of cameras does not tell.
   */
  "cameras.holdings": request("operator", z.object({ cameraIds: z.array(cameraId).max(5_000) }), holdings),
  "cameras.playbackAccess": request("operator", nothing, playbackAccess),
  "cameras.footage": request("operator", rangeOfCamera, footage),
  "cameras.exportPlan": request("send-to-clearance", rangeOfCamera, exportPlan),
  /**
   * Adds or replaces an RTSP camera; it is recorded at once. User name and password may also stand in the address; the
   * archive keeps them apart from it, sealed. Failures: ADDRESS_INVALID, NAME_INVALID, NAME_READS_ALIKE.
   */
  "cameras.add": request(
    "configure",
    z.object({
      ...names,
      address: z.string().min(1).max(2048),
      user: logOnText.optional(),
      password: logOnText.optional(),
      transport: transport.optional(),
      ratio: ratio.optional(),
    }),
    camera,
  ),
  "cameras.source": request("configure", z.object({ cameraId }), cameraSource),
  /**
   * Changes a camera; its footage stays its own. Without `source` its recording goes on untouched. `password` null keeps
   * the one it has, which is refused for another host. Failures: ADDRESS_INVALID, PASSWORD_NEEDED,
   * NAME_INVALID, NAME_READS_ALIKE.
   */
  "cameras.change": request(
    "configure",
    z.object({
      cameraId,
      ...names,
      source: z
        .object({
          address: z.string().min(1).max(2048),
          user: logOnText,
          password: logOnText.nullable(),
          transport,
          ratio: ratio.optional(),
        })
        .nullable(),
    }),
    camera,
  ),
  /** The archive's clock is right although it leapt: footage is deleted by its age again. */
  "cameras.confirmClock": request("configure", nothing, nothing),
  /** Stops recording; the footage stays until retention removes it. */
  "cameras.remove": request("configure", z.object({ cameraId }), nothing),
};

/** What changed of the list: whole cameras that are new or not as they were, and ids of those that left it. */
export const cameraEvents = {
  "cameras.changed": z.object({ changed: z.array(camera), removed: z.array(cameraId) }),
};
