import type { FastifyBaseLogger } from "fastify";
import type { z } from "zod";

/** How items of a page are described. */
export interface DescribedItems<S extends z.ZodType> {
  readonly schema: S;
  /** What the log calls an item. */
  readonly nameOf: (item: z.input<S>) => string;
}

/** The items of a page that fit their description. One that does not is our fault, is logged, and hides no other. */
export function fittingItems<S extends z.ZodType>(
  log: FastifyBaseLogger,
  { schema, nameOf }: DescribedItems<S>,
  items: readonly z.input<S>[],
): z.input<S>[] {
  return items.filter((item) => {
    const parsed = schema.safeParse(item);
    if (parsed.success) return true;
    log.error(parsed.error, `an item of a list does not fit its description: ${nameOf(item)}`);
    return false;
  });
}
