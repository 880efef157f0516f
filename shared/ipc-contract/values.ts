/** Schemas of the domain's values, used by more than one area. */
import { z } from "zod";
import { CAMERA_PROBLEM_CODES } from "../domain/camera.ts";
import { foreignCode } from "../domain/foreign-code.ts";

export const nothingSchema = z.void();
export const utcMsSchema = z.number().int();
export const timeRangeSchema = z.object({ startUtcMs: utcMsSchema, endUtcMs: utcMsSchema });

/** An archive's name of one of its recordings. */
export const recordingNameSchema = z.string().regex(/^\d{1,16}$/);

export const failureSchema = z.object({
  code: z.string().transform(foreignCode),
  message: z.string(),
  action: z.string(),
  atUtcMs: utcMsSchema.optional(),
});

export const cameraSchema = z.object({
  id: z.string(),
  name: z.string(),
  area: z.string(),
  state: z.enum(["recording", "connecting", "no-signal", "stopped"]),
  connectingSinceUtcMs: utcMsSchema.nullable(),
  problem: z
    .object({
      code: z.enum(CAMERA_PROBLEM_CODES),
      message: z.string(),
      action: z.string(),
    })
    .nullable(),
});
