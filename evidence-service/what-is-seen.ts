import type { FastifyInstance } from "fastify";
import { HiddenAsked } from "./audit/hidden-asked.ts";
import { RefusedRights } from "./audit/refused-rights.ts";
import { WatchedSpans } from "./consolidation/watched-parts.ts";
import type { ServiceContext } from "./context/service-context.ts";

/** What was watched and what was refused, until the trail is told of it. */
export function whatIsSeen(app: FastifyInstance, context: ServiceContext) {
  const watched = new WatchedSpans(context);
  const refused = new RefusedRights(context.db, context.now);
  const hidden = new HiddenAsked(context.db, context);
  app.addHook("onError", async (request, _, error) => {
    refused.note(request, error);
    hidden.note(request, error);
  });
  const tellSeen = async (isLast: boolean): Promise<void> => {
    await watched.tell(isLast);
    await refused.tell();
    await hidden.tell();
  };
  return { watched, tellSeen };
}
