import { z } from "zod";

const messageSchema = z.object({ file: z.string().nullable() });

/**
 * What a second start on a site tells the console that is open there. Its command line is not passed on as it was: the
 * runtime adds to it and changes its order.
 */
export const messageToFirst = (file: string | null): z.infer<typeof messageSchema> => ({ file });

/**
 * The connection file that a second start was to open.
 * @param told as the runtime hands it over; another version of the console may have sent it
 */
export function fileOfSecondStart(told: unknown): string | null {
  const parsed = messageSchema.safeParse(told);
  return parsed.success ? parsed.data.file : null;
}
