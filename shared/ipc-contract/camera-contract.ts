import { z } from "zod";
import { LEFT_OUT_KINDS } from "../domain/camera.ts";
import { PICTURE_RATIO } from "../domain/picture-ratio.ts";
import { request } from "./request.ts";
import { cameraSchema, nothingSchema, recordingNameSchema, timeRangeSchema, utcMsSchema } from "./values.ts";

const cameraIdSchema = z.string().min(1).max(64);

/** Where the interface reads pictures: HLS playlists of the archive, `Authorization: Bearer token` on every request. */
export const playbackAccessSchema = z.object({
  baseUrl: z.string(),
  token: z.string(),
  expiresUtcMs: utcMsSchema,
});
export type PlaybackAccess = z.infer<typeof playbackAccessSchema>;

export const footageSchema = z.object({ runs: z.array(timeRangeSchema), gaps: z.array(timeRangeSchema) });

export const holdingsSchema = z.object({
  archiveAheadMs: z.number(),
  keptMs: z.number().int().nullable(),
  holdings: z.array(
    z.object({
      cameraId: cameraIdSchema,
      oldestUtcMs: utcMsSchema.nullable(),
      newestUtcMs: utcMsSchema.nullable(),
    }),
  ),
});

/** What an export of a range would be, exactly, before it is asked for. */
export const exportPlanSchema = z.object({
  cameraId: cameraIdSchema,
  lengthBytes: z.number().int(),
  frameCount: z.number().int(),
  firstFrameUtcMs: z.number(),
  endUtcMs: z.number(),
  preRollFrameCount: z.number().int(),
  gaps: z.array(timeRangeSchema),
  /** Recorded twice, as when the archive's clock was set back: the later recording is sent, unless the other is asked for. */
  overlaps: z.array(timeRangeSchema.extend({ shown: recordingNameSchema, hidden: recordingNameSchema })),
  /** What the camera sent in it and was not recorded; null where the archive does not know. */
  leftOut: z.array(z.object({ kind: z.enum(LEFT_OUT_KINDS), format: z.string() })).nullable(),
});
export type ExportPlanSummary = z.infer<typeof exportPlanSchema>;

const transportSchema = z.enum(["tcp", "udp"]);
/** The shape that pictures are watched in, for a camera that does not say it; null: as the camera says. */
const ratioSchema = z.string().regex(PICTURE_RATIO).nullable();
const names = { name: z.string().min(1).max(128), area: z.string().min(1).max(128) };
const logOnTextSchema = z.string().max(512);

/** All that may be shown of where a camera's pictures come from: `{hidden}` stands in the address for what is secret. */
const cameraSourceSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("rtsp"),
    address: z.string(),
    user: z.string(),
    hasPassword: z.boolean(),
    transport: transportSchema,
    ratio: ratioSchema,
  }),
  z.object({ kind: z.literal("loop") }),
]);

const rangeOfCameraSchema = z.object({
  cameraId: cameraIdSchema,
  range: timeRangeSchema,
  recording: recordingNameSchema.optional(),
});

/** Failures: ARCHIVE_UNREACHABLE, UNKNOWN_CAMERA, NO_FOOTAGE, CODEC_CHANGED, RANGE_TOO_LONG. */
export const cameraRequests = {
  "cameras.list": request("operator", nothingSchema, z.array(cameraSchema)),
  /**
   * What the archive holds of these cameras at this moment, and how far its clock is ahead of this machine's. The only
   * place where the page learns of it: the list of cameras does not tell.
   */
  "cameras.holdings": request(
    "operator",
    z.object({ cameraIds: z.array(cameraIdSchema).max(5_000) }),
    holdingsSchema,
  ),
  "cameras.playbackAccess": request("operator", nothingSchema, playbackAccessSchema),
  "cameras.footage": request("operator", rangeOfCameraSchema, footageSchema),
  "cameras.exportPlan": request("send-to-clearance", rangeOfCameraSchema, exportPlanSchema),
  /**
   * Adds or replaces an RTSP camera; it is recorded at once. User name and password may also stand in the address; the
   * archive keeps them apart from it, sealed. Failures: ADDRESS_INVALID, NAME_INVALID, NAME_READS_ALIKE.
   */
  "cameras.add": request(
    "configure",
    z.object({
      ...names,
      address: z.string().min(1).max(2048),
      user: logOnTextSchema.optional(),
      password: logOnTextSchema.optional(),
      transport: transportSchema.optional(),
      ratio: ratioSchema.optional(),
    }),
    cameraSchema,
  ),
  "cameras.source": request("configure", z.object({ cameraId: cameraIdSchema }), cameraSourceSchema),
  /**
   * Changes a camera; its footage stays its own. Without `source` its recording goes on untouched. `password` null keeps
   * the one it has, which is refused for another host. Failures: ADDRESS_INVALID, PASSWORD_NEEDED,
   * NAME_INVALID, NAME_READS_ALIKE.
   */
  "cameras.change": request(
    "configure",
    z.object({
      cameraId: cameraIdSchema,
      ...names,
      source: z
        .object({
          address: z.string().min(1).max(2048),
          user: logOnTextSchema,
          password: logOnTextSchema.nullable(),
          transport: transportSchema,
          ratio: ratioSchema.optional(),
        })
        .nullable(),
    }),
    cameraSchema,
  ),
  /** The archive's clock is right although it leapt: footage is deleted by its age again. */
  "cameras.confirmClock": request("configure", nothingSchema, nothingSchema),
  /** Stops recording; the footage stays until retention removes it. */
  "cameras.remove": request("configure", z.object({ cameraId: cameraIdSchema }), nothingSchema),
};

/** What changed of the list: whole cameras that are new or not as they were, and ids of those that left it. */
export const cameraEvents = {
  "cameras.changed": z.object({ changed: z.array(cameraSchema), removed: z.array(cameraIdSchema) }),
  /** The previous playback token opens nothing any more; there may be another one. */
  "cameras.accessChanged": nothingSchema,
};
