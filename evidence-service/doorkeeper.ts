/** Lets callers in: who they are by the route's access, what they may do by the table of rights. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { ServiceContext } from "./context/service-context.ts";
import { refuseCrossSite, webPrincipal } from "./web/signed-in.ts";
import type { Access, Doorkeeper } from "./http/access.ts";
import type { Principal } from "./http/principal.ts";
import { notFound, Refusal } from "./http/refusal.ts";
import { notAllowed, reachOf } from "./http/rights.ts";
import { servicePrincipal } from "./api/token-routes.ts";

/** Routes name an evidence by this parameter and by no other. */
const namedEvidenceSchema = z.object({ evidenceId: z.string() });

export function doorkeeperOf(context: ServiceContext): Doorkeeper {
  return {
    authenticate: (request, access) => authenticate(context, request, access),
    authorize: async (request, principal, right) => {
      const reach = reachOf(principal.role, right);
      if (reach === "none") throw notAllowed();
      if (reach === "own") await refuseOthers(context, request, principal);
      return reach;
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

/** An account does not learn whether what another one sent exists. */
async function refuseOthers(
  context: ServiceContext,
  request: FastifyRequest,
  principal: Principal,
): Promise<void> {
  const named = namedEvidenceSchema.safeParse(request.params);
  if (!named.success) return;
  const row = await context.db
    .selectFrom("evidence")
    .select("principalId")
    .where("evidenceId", "=", named.data.evidenceId)
    .executeTakeFirst();
  if (row?.principalId !== principal.id) throw notFound("evidence");
}
