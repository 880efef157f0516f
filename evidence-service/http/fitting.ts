import type { FastifyBaseLogger } from "fastify";
import type { z } from "zod";

/**
 * The items of a page that fit their description. One that does not is our fault, is logged, and hides no other.
 * @param nameOf what the log calls an item
 */
export function fittingItems<S extends z.ZodType>(
  log: FastifyBaseLogger,
  schema: S,
  items: readonly z.input<S>[],
  nameOf: (item: z.input<S>) => string,
): z.input<S>[] {
  return items.filter((item) => {
    const parsed = schema.safeParse(item);
    if (parsed.success) return true;
    log.error(parsed.error, `an item of a list does not fit its description: ${nameOf(item)}`);
    return false;
  });
}
