import { z } from "zod";
import { SPEEDS } from "./playback-speeds.ts";

/** The end of the year 9999: later instants are no dates any more. */
const LATEST_UTC_MS = 253_402_300_799_999;

/** Recorded pictures as a tile shows them: where, and whether and how they move. */
export const playbackSchema = z.object({
  /** Milliseconds UTC; of a picture that stands, inside of it. */
  utcMs: z.number().min(0).max(LATEST_UTC_MS),
  isPaused: z.boolean(),
  /** Negative: backwards. */
  speed: z.number().refine((speed) => SPEEDS.some((each) => each === Math.abs(speed))),
});
export type Playback = Readonly<z.infer<typeof playbackSchema>>;
