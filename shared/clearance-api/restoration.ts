import { z } from "zod";

/**
 * GET {DS}/tenant/{t}/restoration (ours): whether the service was restored from a backup. Whoever sent something compares
 * the id with the one that it was told before: with another one, what was acknowledged last may be gone. A service without
 * this path answers 404 and tells nothing of it.
 */
export const restorationSchema = z.object({
  /** Another one each time; null: it was never restored. */
  RestorationId: z.string().min(1).nullable(),
  RestoredTimeUtc: z.iso.datetime({ offset: true }).nullable(),
});
