/** Schemas of the domain's values, used by more than one area. */
import { z } from "zod";
import { CAMERA_PROBLEM_CODES } from "../domain/camera.ts";

export const nothing = z.void();
export const utcMs = z.number().int();
export const timeRange = z.object({ startUtcMs: utcMs, endUtcMs: utcMs });

/** An archive's name of one of its recordings. */
export const recordingName = z.string().regex(/^\d{1,16}$/);

export const failure = z.object({
  code: z.string(),
  message: z.string(),
  action: z.string().optional(),
  atUtcMs: utcMs.optional(),
});

export const camera = z.object({
  id: z.string(),
  name: z.string(),
  area: z.string(),
  state: z.enum(["recording", "connecting", "no-signal", "stopped"]),
  connectingSinceUtcMs: utcMs.nullable(),
  problem: z
    .object({
      code: z.enum(CAMERA_PROBLEM_CODES),
      message: z.string(),
    })
    .nullable(),
});
