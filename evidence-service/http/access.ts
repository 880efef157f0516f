/**
 * Who may come in is decided here, once, by the route that was matched and never by the text of the address: the
 * router knows more spellings of an address than any rule over its text.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ANONYMOUS, type Principal } from "./principal.ts";
import { notFound, Refusal } from "./refusal.ts";
import { notAllowed, type Reach, type Right } from "./rights.ts";

/**
 * What a route asks of its caller.
 * - `service`: an access token of a service account
 * - `user`: a signed-in person, from the web application's own pages
 * - `visitor`: anybody, from the web application's own pages
 * - `signed-address`: an address that the service has signed; the route checks the signature
 * - `public`: anybody
 */
export type Access = "service" | "user" | "visitor" | "signed-address" | "public";

/** @throws Refusal unless the caller is whom a route of this access asks for */
export type Authenticate = (request: FastifyRequest, access: Access) => Promise<Principal>;

/**
 * Whether the caller may use a right on what the request names.
 * @returns how far it reaches: of a list whose caller may see only its own, the route leaves out the rest
 * @throws Refusal 403 NOT_ALLOWED, 404 for what is not the caller's
 */
export type Authorize = (
  request: FastifyRequest,
  principal: Principal,
  right: Right,
) => Promise<Exclude<Reach, "none">>;

/** The two questions of every request that asks for a caller. */
export interface Doorkeeper {
  readonly authenticate: Authenticate;
  readonly authorize: Authorize;
}

const ASKS_FOR_A_CALLER: ReadonlySet<Access> = new Set<Access>(["service", "user"]);

/** One route as the router has it; HEAD routes that come with GET routes are of their own. */
export interface DeclaredRoute {
  readonly method: string;
  readonly url: string;
  readonly access: Access;
  readonly right: Right | null;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Every route declares it; the service does not start with one that does not. */
    access?: Access;
    /** Declared by every route that asks for a caller. */
    right?: Right;
  }
  interface FastifyRequest {
    /** Who calls, as the route's access has it. */
    principal: Principal;
    /** How far the caller's right to this route reaches. */
    reach: Exclude<Reach, "none">;
  }
  interface FastifyInstance {
    /** Every route that the router answers, as it was declared. */
    readonly declaredRoutes: readonly DeclaredRoute[];
  }
}

/**
 * Guards every route that is registered from now on.
 * @throws Error while the application is put together, for a route without an access
 */
export function guardRoutes(app: FastifyInstance, doorkeeper: Doorkeeper): void {
  const declared: DeclaredRoute[] = [];
  app.decorate("declaredRoutes", declared);
  app.decorateRequest("principal");
  app.decorateRequest("reach", "own");
  app.addHook("onRoute", ({ method, url, config }) => {
    const access = config?.access;
    if (access === undefined) throw new Error(`The route ${String(method)} ${url} declares no access.`);
    const right = config?.right ?? null;
    if (ASKS_FOR_A_CALLER.has(access) !== (right !== null)) {
      throw new Error(
        `The route ${String(method)} ${url} declares no right, or one that nobody is asked for.`,
      );
    }
    for (const one of [method].flat()) declared.push({ method: one, url, access, right });
  });
  app.addHook("onRequest", async (request) => {
    request.principal = await principalOf(request, doorkeeper.authenticate);
    const { right } = request.routeOptions.config;
    if (request.is404 || right === undefined) return;
    request.reach = await doorkeeper.authorize(request, request.principal, right);
  });
}

async function principalOf(request: FastifyRequest, authenticate: Authenticate): Promise<Principal> {
  // No route was matched: what answers then gives out the web application's page at the most.
  if (request.is404) return ANONYMOUS;
  const { access } = request.routeOptions.config;
  if (access === undefined) throw notFound("page");
  if (access === "public" || access === "signed-address") return ANONYMOUS;
  return authenticate(request, access);
}

/** For an application that has nobody to let in: what needs a caller is refused. */
export const NOBODY_ENTERS: Doorkeeper = {
  authenticate: () => {
    throw new Refusal("UNAUTHORIZED", "Nobody can sign in here.");
  },
  authorize: () => {
    throw notAllowed();
  },
};
