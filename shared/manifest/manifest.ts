/**
 * The manifest of an evidence: what was asked, what the archive recorded, what was sent, and how to check it.
 * Milliseconds and microseconds are whole numbers since 1970-01-01T00:00:00Z; ranges are half-open.
 */
import { z } from "zod";
import { ENCRYPTION_PROTOCOLS } from "../clearance-api/encryption.ts";
import { LEFT_OUT_KINDS } from "../domain/camera.ts";
import { PICTURE_RATIO } from "../domain/picture-ratio.ts";

/**
 * Of the manifests that are made now. Those of version 1 say nothing of the archive's clock, those of version 2
 * nothing of the account and of the site's clock, those of version 3 nothing of the camera's own time and of what was not
 * recorded; they stay as they are: they are signed.
 */
export const MANIFEST_VERSION = 4;
/** Of the resource that carries it. */
export const MANIFEST_NAME = "manifest.json";
export const MANIFEST_MIME_TYPE = "application/json";

const utcMsSchema = z.number().int();
const utcUsSchema = z.number().int();
const countSchema = z.number().int().nonnegative();
const rangeSchema = z.strictObject({ startUtcMs: utcMsSchema, endUtcMs: utcMsSchema });
const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));

/**
 * The recorded instants against the archive's clock. Drift is the arrival of a footage file less the instant
 * of its end: a constant is delay on the way, growth is a camera whose clock is slower than the archive's.
 */
const recordedClockSchema = z.strictObject({
  /** Of the part's last footage file, then the least and the most of all of them. */
  driftMs: z.number().int(),
  leastDriftMs: z.number().int(),
  mostDriftMs: z.number().int(),
  firstArrivalUtcMs: utcMsSchema,
  lastArrivalUtcMs: utcMsSchema,
});

/** What the archive recorded in a part, frame-exact. */
const footageOfVersion1Schema = z.strictObject({
  firstFrameUtcUs: utcUsSchema,
  lastFrameUtcUs: utcUsSchema,
  /** End of the last frame's duration. */
  endUtcUs: utcUsSchema,
  /** Frames shown. */
  frameCount: countSchema,
  /** Frames in the file before the first shown one, hidden by its edit list. */
  preRollFrameCount: countSchema,
  /** Without footage, within the part's asked range. */
  gaps: z.array(rangeSchema),
});

/** A stretch that the archive holds two recordings of, as when its clock was set back: `shown` is in the file. */
const overlapSchema = rangeSchema.extend({ shown: z.string(), hidden: z.string() });

const footageOfVersion2Schema = footageOfVersion1Schema.extend({
  /** null: the archive does not know the arrival of its footage. */
  clock: recordedClockSchema.nullable(),
  /** Frames behind the last shown one that it needs to be decoded, hidden; absent where the archive does not tell. */
  trailingFrameCount: countSchema.optional(),
  /** Frames between shown ones for one tick each, where another recording ended within their group of pictures. */
  innerFrameCount: countSchema.optional(),
  overlaps: z.array(overlapSchema).optional(),
});

/**
 * The camera's own time beside the recorded instants, which are those of arrival. It counts from anywhere: only its
 * differences tell.
 */
const cameraTimeSchema = z.strictObject({
  /** Without a jump of the camera's clock, of ten minutes at most; of the first and last frame the time by both. */
  stretches: z.array(
    z.strictObject({
      startUtcUs: utcUsSchema,
      endUtcUs: utcUsSchema,
      startCameraUs: z.number().int(),
      endCameraUs: z.number().int(),
      /** Time of the camera per a million of recorded time; null where the stretch is too short to tell. */
      ratePpm: z.number().int().nullable(),
    }),
  ),
  /** null: back, by nobody knows how much. */
  jumps: z.array(z.strictObject({ atUtcUs: utcUsSchema, byUs: z.number().int().nullable() })),
  /** Of the part's footage, that of which the camera's time is not known. */
  unknownMs: countSchema,
  /**
   * What the camera's clock of day said at instants of the footage (RTCP sender reports): the first one, one in ten
   * minutes, and where it was set; absent where it said nothing.
   */
  timesOfDay: z.array(z.strictObject({ atUtcUs: utcUsSchema, cameraUtcUs: utcUsSchema })).optional(),
});

const footageSchema = footageOfVersion2Schema.extend({
  /** null: nothing is known of it. */
  cameraTime: cameraTimeSchema.nullable(),
  /** What the camera sent beside the footage and was not recorded; null where the archive does not know. */
  leftOut: z.array(z.strictObject({ kind: z.enum(LEFT_OUT_KINDS), format: z.string() })).nullable(),
  /** The shape, width to height, that an administrator had set for the camera; absent: as the camera said. */
  ratioSet: z.string().regex(PICTURE_RATIO).optional(),
});

const sentSegmentOfVersion1Schema = z.strictObject({
  kind: z.literal("sent"),
  index: countSchema,
  /** The service's id of the file, and its name there. */
  resourceId: z.string().min(1),
  name: z.string(),
  askedRange: rangeSchema,
  /** null: the archive could not tell. */
  footage: footageOfVersion1Schema.nullable(),
  plaintext: z.strictObject({ lengthBytes: countSchema, sha256: hex(64) }),
  ciphertext: z.strictObject({ lengthBytes: countSchema, sha512: hex(128) }),
  /** Azure client-side encryption: its protocol, and the recipient's key that the content key is wrapped for. */
  encryption: z.strictObject({ protocol: z.enum(ENCRYPTION_PROTOCOLS), keyId: z.string().min(1) }),
});
const sentSegmentOfVersion2Schema = sentSegmentOfVersion1Schema.extend({
  footage: footageOfVersion2Schema.nullable(),
});
/** Stretches that the archive held at Finish and had lost before they were read; absent: none. */
const lostSchema = z.array(rangeSchema).min(1).optional();
const sentSegmentSchema = sentSegmentOfVersion1Schema.extend({
  footage: footageSchema.nullable(),
  lost: lostSchema,
});
export type CurrentSentSegment = z.infer<typeof sentSegmentSchema>;
export type SentSegment =
  | CurrentSentSegment
  | z.infer<typeof sentSegmentOfVersion1Schema>
  | z.infer<typeof sentSegmentOfVersion2Schema>;

/** A part of which the archive holds no frame. */
const missingSegmentSchema = z.strictObject({
  kind: z.literal("missing"),
  index: countSchema,
  askedRange: rangeSchema,
});

/** The service's clock against the console's, from the Date header of an answer (RFC 9110, 6.6.1). */
const clockMeasurementSchema = z.strictObject({
  measuredUtcMs: utcMsSchema,
  /** Positive: the service's clock is ahead. */
  offsetMs: z.number().int(),
  /** The true offset lies within this of the measured one. */
  uncertaintyMs: countSchema,
});
export type ClockMeasurement = z.infer<typeof clockMeasurementSchema>;

const manifestOfVersion1Schema = z.strictObject({
  version: z.literal(1),
  exportId: z.string().min(1),
  cameraExportId: z.string().min(1),
  evidenceId: z.string().min(1),
  asked: z.strictObject({
    by: z.string(),
    /** The console's clock when Finish was pressed. */
    atUtcMs: utcMsSchema,
    range: rangeSchema,
  }),
  site: z.strictObject({ name: z.string(), timeZone: z.string() }),
  camera: z.strictObject({ id: z.string(), name: z.string(), area: z.string().nullable() }),
  segments: z.array(z.discriminatedUnion("kind", [sentSegmentOfVersion1Schema, missingSegmentSchema])).min(1),
  /** Milliseconds: asked = recorded + missing; sent is the recorded part of what was sent. */
  coverage: z.strictObject({
    askedMs: countSchema,
    recordedMs: countSchema,
    missingMs: countSchema,
    sentMs: countSchema,
  }),
  /** null: no answer of the service told its time. */
  serviceClock: clockMeasurementSchema.nullable(),
  software: z.strictObject({ name: z.string(), version: z.string() }),
});

const manifestOfVersion2Schema = manifestOfVersion1Schema.extend({
  version: z.literal(2),
  segments: z.array(z.discriminatedUnion("kind", [sentSegmentOfVersion2Schema, missingSegmentSchema])).min(1),
});

/** Minutes that the site's clock was ahead of UTC: what the operator saw is told from the same text an hour away. */
const siteClockSchema = z.strictObject({
  atStart: z.number().int(),
  /** Of the clock that ran until the end. */
  atEnd: z.number().int(),
});

const manifestOfVersion3 = manifestOfVersion2Schema.extend({
  version: z.literal(3),
  /** `recording`: the operator asked for this one alone, where the archive holds several of the same time. */
  asked: manifestOfVersion1Schema.shape.asked.extend({ recording: z.string().optional() }),
  site: z.strictObject({ name: z.string(), timeZone: z.string(), utcOffsetMinutes: siteClockSchema }),
  /** Whose evidence it was made as; null where the export is from before they told. */
  account: z.strictObject({ id: z.string().min(1), name: z.string() }).nullable(),
});

const currentManifestSchema = manifestOfVersion3.extend({
  version: z.literal(MANIFEST_VERSION),
  segments: z
    .array(
      z.discriminatedUnion("kind", [sentSegmentSchema, missingSegmentSchema.extend({ lost: lostSchema })]),
    )
    .min(1),
});
/** As it is made now. */
export type CurrentManifest = z.infer<typeof currentManifestSchema>;

/** Of any version: a manifest is read as long as the evidence is kept. */
export const manifestSchema = z.discriminatedUnion("version", [
  manifestOfVersion1Schema,
  manifestOfVersion2Schema,
  manifestOfVersion3,
  currentManifestSchema,
]);
export type Manifest = z.infer<typeof manifestSchema>;
