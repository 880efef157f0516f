/**
 * The archive's HTTP interface (JSON parts). Every request carries `Authorization: Bearer TOKEN`.
 * Instants in queries and bodies are integer milliseconds UTC unless the name ends in `Us`
 * (microseconds); ranges are half-open.
 */
import { z } from "zod";
import { CAMERA_PROBLEM_CODES, cameraProblem, LEFT_OUT_KINDS } from "../domain/camera.ts";
import { PICTURE_RATIO } from "../domain/picture-ratio.ts";
import { withPlainBlanks } from "../domain/names-alike.ts";
import { hiddenCharacterIssue, isPlainName } from "../domain/names.ts";

export const utcMsSchema = z.number().int().nonnegative();
export const rangeSchema = z.object({ startUtcMs: utcMsSchema, endUtcMs: utcMsSchema });

export const cameraIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "A camera id is lower-case letters, digits and dashes.");

const rtspAddressSchema = z
  .string()
  .max(2048, "An RTSP address has at most 2048 characters.")
  .regex(/^rtsps?:\/\/./i, "An RTSP address starts with rtsp:// or rtsps://.")
  .refine((url) => !/\p{Cc}/u.test(url), "An RTSP address is one line.");

/** How a camera sends its pictures; `tcp` passes every firewall that lets its address through. */
export const cameraTransportSchema = z.enum(["tcp", "udp"]);

/** The shape that pictures are watched in, for a camera that does not say it; null: as the camera says. */
export const pictureRatioSchema = z
  .string()
  .regex(PICTURE_RATIO, "A picture's shape is width to height, such as 16:9.");

/** No line ends: both cross the network in a line of their own. */
const logOnTextSchema = z
  .string()
  .max(512, "A user name or password has at most 512 characters.")
  .regex(/^\P{Cc}*$/u, "A user name or password is one line.");

const loopSourceSchema = z.object({ kind: z.literal("loop"), file: z.string().min(1) });

/**
 * Where a camera's pictures come from. `loop` replays a prepared clip for ever, in step with the wall clock. An address
 * may hold user name and password, and secret values (`?password=…`): the archive takes them out and seals them, and a
 * place marked `{hidden}` keeps the value that it has. Without `password` the camera keeps the one that it has, and so
 * without `transport` and `ratio`.
 */
export const cameraSourceSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("rtsp"),
    url: rtspAddressSchema,
    user: logOnTextSchema.optional(),
    password: logOnTextSchema.optional(),
    transport: cameraTransportSchema.optional(),
    ratio: pictureRatioSchema.nullable().optional(),
  }),
  loopSourceSchema,
]);
export type CameraSource = z.infer<typeof cameraSourceSchema>;
export type RtspSource = Extract<CameraSource, { kind: "rtsp" }>;

/** GET /cameras/{id}/source: all that may be shown of where a camera's pictures come from. */
export const shownSourceSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("rtsp"),
    url: z.string(),
    user: z.string(),
    hasPassword: z.boolean(),
    transport: cameraTransportSchema,
    ratio: pictureRatioSchema.nullable().default(null),
  }),
  loopSourceSchema,
]);
export type ShownSource = z.infer<typeof shownSourceSchema>;

/** Why less is recorded of a camera than there should be, and what can be done about it. */
const cameraProblemSchema = z
  .object({
    code: z.enum(CAMERA_PROBLEM_CODES),
    message: z.string(),
    /** Earlier versions of the archive do not tell it. */
    action: z.string().optional(),
  })
  .transform(cameraProblem);
/** As the recorder tells it. */
export type ToldCameraProblem = z.input<typeof cameraProblemSchema>;

/** GET /cameras */
export const archiveCameraSchema = z.object({
  id: cameraIdSchema,
  name: z.string().min(1).max(128),
  area: z.string().min(1).max(128),
  state: z.enum(["recording", "connecting", "no-signal", "stopped"]),
  connectingSinceUtcMs: utcMsSchema.nullable().default(null),
  problem: cameraProblemSchema.nullable().default(null),
});
export const camerasAnswerSchema = z.object({ cameras: z.array(archiveCameraSchema) });

/**
 * GET /cameras?unless=TAG, with the tag of the answer before: `cameras` is null where the list is still the same. Without
 * the question the answer has them always. The tag stands for what the list holds, over restarts too.
 */
export const camerasUnlessAnswerSchema = z.object({
  tag: z.string().nullable().default(null),
  cameras: z.array(archiveCameraSchema).nullable(),
});

/** The most cameras that one request may name. */
export const HOLDINGS_CAMERAS_MAX = 100;

/**
 * GET /holdings?camera=ID&camera=ID: first and last instant that the archive holds of these cameras, null while it
 * holds nothing, and its clock when it looked. It is asked often, and only about cameras that matter at the moment;
 * of one that the archive does not know there is no holding.
 */
export const holdingsAnswerSchema = z.object({
  nowUtcMs: utcMsSchema,
  /** Footage that no lock holds goes when it is as old as this: less than the settings say while the disk is full. */
  keptMs: z.number().int().positive(),
  holdings: z.array(
    z.object({
      cameraId: cameraIdSchema,
      oldestUtcMs: utcMsSchema.nullable(),
      newestUtcMs: utcMsSchema.nullable(),
    }),
  ),
});
export type HoldingsAnswer = z.infer<typeof holdingsAnswerSchema>;

/**
 * A name whose blanks are plain ones from here on (decision 89).
 * @param called how the sentence of a refusal begins
 */
function plainNameSchema(called: string) {
  const error = ({ input }: { input?: unknown }) => hiddenCharacterIssue(called, String(input)) ?? called;
  return z
    .string()
    .overwrite(withPlainBlanks)
    .min(1, `${called} must not be empty.`)
    .max(128, `${called} may have at most 128 characters.`)
    .refine(isPlainName, { error });
}

/**
 * PUT /cameras/{id}: adds a camera or changes one; recording starts at once. DELETE stops it and keeps footage. Refused
 * with ADDRESS_INVALID where the address cannot be understood, with PASSWORD_NEEDED where it names another host and no
 * password is given: the one that is kept never goes to a host that it was not entered for. Refused with NAME_READS_ALIKE where another
 * camera of the area reads the same, or another area (decision 89).
 */
export const cameraChangeSchema = z.object({
  name: plainNameSchema("The name"),
  area: plainNameSchema("The area's name"),
  source: cameraSourceSchema,
});

/** PATCH /cameras/{id}: another name or area; recording goes on as it is. */
export const cameraNamesSchema = cameraChangeSchema.pick({ name: true, area: true });
export type CameraChange = z.infer<typeof cameraChangeSchema>;

/**
 * A stretch of time of which the archive holds two recordings, as when its clock was set back. The one that was made later
 * is shown. Both are reachable: playlist, footage, thumbnail, export.json and export.mp4 take `recording=NAME`, and then
 * answer as if there were no other.
 */
export const overlapSchema = rangeSchema.extend({
  /** Names of the recordings. */
  shown: z.string(),
  hidden: z.string(),
});

/** What a source sends and the archive does not record, in words: sound that MP4 players refuse, metadata, a second picture. */
export const leftOutSchema = z.object({
  kind: z.enum(LEFT_OUT_KINDS),
  /** Of what format, e.g. `G.711 µ-law`. */
  format: z.string(),
});

/** GET /cameras/{id}/footage?from&to[&recording] */
export const footageAnswerSchema = z.object({
  cameraId: cameraIdSchema,
  runs: z.array(rangeSchema),
  gaps: z.array(rangeSchema),
  overlaps: z.array(overlapSchema).default([]),
});

/**
 * How recorded instants and the arrival of the footage at the archive relate. Drift is the arrival of a
 * footage file less the recorded instant of its end: it grows when the camera's clock is slower than the archive's.
 */
export const exportClockSchema = z.object({
  /** Drift of the range's last footage file, milliseconds. */
  driftMs: z.number().int(),
  leastDriftMs: z.number().int(),
  mostDriftMs: z.number().int(),
  firstArrivalUtcMs: utcMsSchema,
  lastArrivalUtcMs: utcMsSchema,
});
export type ExportClock = z.infer<typeof exportClockSchema>;

/**
 * The camera's own time beside that of the footage, which is dated by its arrival. The camera's time counts from anywhere:
 * only its differences tell. Microseconds.
 */
export const cameraTimeSchema = z.object({
  /** Stretches without a jump of that clock, of ten minutes at most; of their first and last frame the time by both. */
  stretches: z.array(
    z.object({
      startUtcUs: z.number().int(),
      endUtcUs: z.number().int(),
      startCameraUs: z.number().int(),
      endCameraUs: z.number().int(),
      /** Camera time per a million of time; null where the stretch is too short to tell. */
      ratePpm: z.number().int().nullable(),
    }),
  ),
  /** Where it jumped, and by how much; null where it went back by nobody knows how much. */
  jumps: z.array(z.object({ atUtcUs: z.number().int(), byUs: z.number().int().nullable() })),
  /** Of the footage, that of which the camera's own time is not known. */
  unknownMs: z.number().int().nonnegative(),
  /**
   * What the camera's clock of day said at instants of the footage (RTCP sender reports): the first one, one in ten
   * minutes, and where it was set; absent where it said nothing.
   */
  timesOfDay: z.array(z.object({ atUtcUs: z.number().int(), cameraUtcUs: z.number().int() })).optional(),
});
export type CameraTime = z.infer<typeof cameraTimeSchema>;

/** Of when frames begin no more is told at once. */
export const FRAMES_RANGE_MAX_MS = 120_000;

/**
 * GET /cameras/{id}/frames?from&to[&recording]: when each frame begins that is shown in a range of two minutes at most,
 * microseconds UTC, in order. Cameras send frames unevenly.
 */
export const frameInstantsSchema = z.object({ instantsUtcUs: z.array(z.number().int()) });
export type FrameInstants = z.infer<typeof frameInstantsSchema>;

/**
 * GET /cameras/{id}/export.json?from&to[&recording]: what export.mp4 of the same range will be, before a byte is read.
 * 404 with code NO_FOOTAGE when no frame lies in the range; 409 with CODEC_CHANGED when the camera's picture codec
 * changed in it, with the instant (`atUtcMs`) that the range can be cut at.
 */
export const exportPlanSchema = z.object({
  cameraId: cameraIdSchema,
  fromUtcMs: utcMsSchema,
  toUtcMs: utcMsSchema,
  /** Exact length of export.mp4. */
  lengthBytes: z.number().int().positive(),
  /** Strong ETag of export.mp4, quotes included. */
  etag: z.string(),
  /** Frames shown, i.e. those that start in [from, to). The pre-roll is not among them. */
  frameCount: z.number().int().positive(),
  firstFrameUtcUs: z.number().int().nonnegative(),
  /** Instant of the last frame shown, and the end of its duration. */
  lastFrameUtcUs: z.number().int().nonnegative(),
  endUtcUs: z.number().int().nonnegative(),
  /** Frames physically in the file before the first shown one (keyframe to start), hidden by the edit list. */
  preRollFrameCount: z.number().int().nonnegative(),
  /** Frames behind the last shown one, which it needs to be decoded (a B-frame its next P-frame); hidden too. */
  trailingFrameCount: z.number().int().nonnegative().default(0),
  /** Frames between shown ones that are there for one tick each: another recording ended within their GOP. */
  innerFrameCount: z.number().int().nonnegative().default(0),
  /** Names of the recordings that the file is made of, in the order of their first frame. */
  recordings: z.array(z.string()).default([]),
  overlaps: z.array(overlapSchema).default([]),
  runs: z.array(rangeSchema),
  gaps: z.array(rangeSchema),
  codec: z.string(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Absent where an archive does not know it. */
  clock: exportClockSchema.optional(),
  /** Null where nothing is known of it, as of recordings from before it was kept. */
  cameraTime: cameraTimeSchema.nullable().default(null),
  /** What the camera sent beside the footage of the file and was not recorded; null where that was not noted. */
  leftOut: z.array(leftOutSchema).nullable().default(null),
  /** The shape that was set for the camera when it was recorded, and that the file is shown in; null: as the camera said. */
  ratioSet: pictureRatioSchema.nullable().default(null),
});
export type ExportPlan = z.infer<typeof exportPlanSchema>;

/** PUT /locks/{id}: retention never touches a locked range. Same id twice replaces it. DELETE frees it; both idempotent. */
export const lockSchema = z.object({
  cameraId: cameraIdSchema,
  startUtcMs: utcMsSchema,
  endUtcMs: utcMsSchema,
});
export type FootageLock = z.infer<typeof lockSchema>;

/** POST /age-clock/confirmation: the archive's clock is right although it leapt; footage is deleted by its age again. */

/** GET /summary: what the archive holds, all cameras together. */
export const archiveSummarySchema = z.object({
  cameraCount: z.number().int(),
  recordedCount: z.number().int(),
  oldestUtcMs: utcMsSchema.nullable(),
  newestUtcMs: utcMsSchema.nullable(),
  /** Footage that no lock holds goes when it is as old as this. */
  keptMs: z.number().int().positive(),
  /** Room on its disk. */
  freeBytes: z.number(),
  /** Files that are no footage (torn, damaged, of another format); they go by age and for room as footage does. */
  leftOutFiles: z.number().int().default(0),
  leftOutBytes: z.number().default(0),
});
export type ArchiveSummary = z.infer<typeof archiveSummarySchema>;

/** GET /health */
export const archiveHealthSchema = z.object({
  status: z.literal("ok"),
  ffmpeg: z.string().nullable(),
  /** What watching live costs: consoles, pictures that they watch, and frames that are kept in memory for them. */
  live: z.object({ viewers: z.number(), cameras: z.number(), keptBytes: z.number() }).optional(),
});

export type ArchiveProblemCode =
  | "UNAUTHORIZED"
  | "UNKNOWN_CAMERA"
  | "BAD_REQUEST"
  | "ADDRESS_INVALID"
  | "PASSWORD_NEEDED"
  | "NAME_READS_ALIKE"
  | "NO_FOOTAGE"
  | "CODEC_CHANGED"
  | "RANGE_TOO_LONG"
  | "FOOTAGE_LOST"
  | "FILE_DIFFERS"
  | "FFMPEG_MISSING"
  | "TOO_MANY_VIEWERS"
  | "UNKNOWN_STREAM"
  | "INTERNAL";
