import { z } from "zod";

/** Recorded pictures as a tile shows them: where, and whether and how they move. */
export const playback = z.object({
  /** Milliseconds UTC; of a picture that stands, inside of it. */
  utcMs: z.number().finite(),
  isPaused: z.boolean(),
  /** Negative: backwards. */
  speed: z.number().finite(),
});
export type Playback = Readonly<z.infer<typeof playback>>;
