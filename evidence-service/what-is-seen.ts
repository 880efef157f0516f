import type { FastifyInstance } from "fastify";
import { RefusedRights } from "./audit/refused-rights.ts";
import { WatchedSpans } from "./consolidation/watched-parts.ts";
import type { ServiceContext } from "./context/service-context.ts";

/** What was watched and what was refused, until the trail is told of it. */
export function whatIsSeen(app: FastifyInstance, context: ServiceContext) {
  const watched = new WatchedSpans(context);
  const refused = new RefusedRights(context.db, context.now);
  app.addHook("onError", async (request, _, error) => refused.note(request, error));
  const tellSeen = async (isLast: boolean): Promise<void> => {
    await watched.tell(isLast);
    await refused.tell();
  };
  return { watched, tellSeen };
}
