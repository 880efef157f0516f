/** Lets callers in: who they are by the route's access, what they may do by rows of rights. */
import type { FastifyRequest } from "fastify";
import type { ServiceContext } from "./context/service-context.ts";
import { refuseCrossSite, webPrincipal } from "./web/signed-in.ts";
import type { Access, Doorkeeper } from "./http/access.ts";
import type { Principal } from "./http/principal.ts";
import { Refusal } from "./http/refusal.ts";
import { requireMay } from "./rights/may.ts";
import { trailMarkOf } from "./storage/trail-mark.ts";
import { servicePrincipal } from "./api/token-routes.ts";

export function doorkeeperOf(context: ServiceContext): Doorkeeper {
  return {
    authenticate: (request, access) => authenticate(context, request, access),
    authorize: (principal, asked) => {
      // Who is to mend it sees what is wrong.
      if (asked.action !== "see-administration") trailMarkOf(context.db)?.insist();
      return requireMay(context, principal, asked);
    },
  };
}

async function authenticate(
  context: ServiceContext,
  request: FastifyRequest,
  access: Access,
): Promise<Principal> {
  if (access === "service") return servicePrincipal(context, request);
  refuseCrossSite(request, context.url());
  const principal = await webPrincipal(context, request);
  if (access === "user" && principal.kind !== "user") {
    throw new Refusal("SIGNED_OUT", "Sign in to see this.");
  }
  return principal;
}
