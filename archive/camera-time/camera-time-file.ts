import { readFile } from "node:fs/promises";
import { saysMissing } from "#runtime/files/missing-file.ts";
import { z } from "zod";
import { cameraTimeFile } from "../ground/archive-folder.ts";
import { parseJson } from "../index/json-file.ts";

/** Of one footage file no more pieces are kept: a clock that jumps more often tells nothing. */
export const PIECES_MOST = 100;

/** An instant of the footage, and the camera's own time of the same frame, microseconds. */
const markSchema = z.object({ instantUs: z.number().int(), stampUs: z.number().int() });
export type TimeMark = z.infer<typeof markSchema>;

/** A piece of a footage file in which the camera's clock went on without a jump. */
const pieceSchema = z.object({
  /** With which it begins: when, and by how much; null where it went back by nobody knows how much. */
  jump: z.object({ atUs: z.number().int(), byUs: z.number().int().nullable() }).nullable(),
  /** Of its first and last frame; null while the stamps stand still, which are not the camera's then. */
  ends: z.object({ first: markSchema, last: markSchema }).nullable(),
});
export type TimePiece = z.infer<typeof pieceSchema>;

/** What the camera's own clock said of one footage file. */
const lineSchema = z.object({
  /** Of the footage file. */
  number: z.number().int().nonnegative(),
  /** Wall time per time of the camera by the last frame, as the recorder had measured it by then. */
  pace: z.number().positive(),
  pieces: z.array(pieceSchema).min(1).max(PIECES_MOST),
  /** What the camera said last of its clock of day; absent where it said nothing. */
  day: z.object({ instantUs: z.number().int(), utcUs: z.number().int() }).optional(),
});
export type CameraTimeLine = z.infer<typeof lineSchema>;

/**
 * The lines of a session by the numbers of their footage files; empty where there are none, as of recordings from
 * before they were kept. What is torn is left out. A later line of a footage file knows more of it than an earlier one.
 */
export async function readCameraTimes(
  dir: string,
  cameraId: string,
  session: string,
): Promise<Map<number, CameraTimeLine>> {
  const text = await readFile(cameraTimeFile(dir, cameraId, session), "utf8").catch((error: unknown) => {
    if (saysMissing(error)) return "";
    throw error;
  });
  const lines = text.split("\n").flatMap((line) => lineSchema.safeParse(parseJson(line)).data ?? []);
  return new Map(lines.map((line) => [line.number, line]));
}
