import { z } from "zod";
import { cameraIdSchema, HOLDINGS_CAMERAS_MAX, utcMsSchema } from "#shared/archive-api/archive-api.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import { ArchiveFailure } from "../ground/archive-failure.ts";
import { SESSION_NAME } from "../ground/archive-folder.ts";

/** Digits of a query as whole milliseconds UTC; an empty text is not zero. */
const queryUtcMsSchema = z
  .string()
  .regex(/^\d{1,16}$/, "An instant is whole milliseconds UTC.")
  .transform(Number)
  .pipe(utcMsSchema);

const rangeQuerySchema = z.object({ from: queryUtcMsSchema, to: queryUtcMsSchema });
const recordingQuerySchema = z.object({ recording: z.string().regex(SESSION_NAME).optional() });
const atQuerySchema = z.object({ at: queryUtcMsSchema });
const cameraParamsSchema = z.object({ id: cameraIdSchema });
/** A query names a camera once as a text, several times as a list. */
const camerasQuerySchema = z.object({
  camera: z.preprocess(
    (named) => (typeof named === "string" ? [named] : named),
    z.array(cameraIdSchema).min(1).max(HOLDINGS_CAMERAS_MAX),
  ),
});
const fileParamsSchema = z.object({
  id: cameraIdSchema,
  session: z.string().regex(SESSION_NAME),
  file: z.string().regex(/^(\d{1,9}\.m4s|init\.mp4)$/),
});
const lockParamsSchema = z.object({ lockId: z.string().min(1).max(200) });

/** @throws ZodError; ArchiveFailure BAD_REQUEST when the range does not end after it starts */
export function parseRange(query: unknown): TimeRange {
  const { from, to } = rangeQuerySchema.parse(query);
  if (to <= from) throw new ArchiveFailure("BAD_REQUEST", "A range must end after it starts.");
  return { startUtcMs: from, endUtcMs: to };
}

/** Name of the one recording that is meant, where several hold the same time. */
export const parseRecording = (query: unknown): string | undefined =>
  recordingQuerySchema.parse(query).recording;
export const parseAt = (query: unknown): number => atQuerySchema.parse(query).at;
export const parseCameraId = (params: unknown): string => cameraParamsSchema.parse(params).id;
export const parseCameraIds = (query: unknown): string[] => camerasQuerySchema.parse(query).camera;
export const parseLockId = (params: unknown): string => lockParamsSchema.parse(params).lockId;

export interface AskedFile {
  readonly cameraId: string;
  readonly session: string;
  /** Number of the footage file, or null for the session's initialization segment. */
  readonly number: number | null;
}

export function parseAskedFile(params: unknown): AskedFile {
  const { id, session, file } = fileParamsSchema.parse(params);
  return { cameraId: id, session, number: file === "init.mp4" ? null : Number.parseInt(file, 10) };
}
