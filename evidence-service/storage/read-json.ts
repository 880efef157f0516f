import type { z } from "zod";

/** What a column holds as JSON; null where it is none, or not what it should be: an odd row hides nothing but that. */
export function readJson<S extends z.ZodType>(schema: S, text: string): z.output<S> | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
