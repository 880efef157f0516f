/**
 * Who may come in is decided here, once, by the route that was matched and never by the text of the address: the
 * router knows more spellings of an address than any rule over its text.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { ANONYMOUS, type Principal } from "./principal.ts";
import { notFound, Refusal } from "./refusal.ts";
import { type Action, notAllowed, ruleOf } from "./actions.ts";

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
 * Whether the caller may do what the route does to what the request names.
 * @param id of the case or the evidence; empty where the action is done to neither
 * @throws Refusal 403 NOT_ALLOWED, 404 for what the caller does not see
 */
export type Authorize = (
  principal: Principal,
  asked: { readonly action: Action; readonly id: string },
) => Promise<void>;

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
  readonly action: Action | null;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Every route declares it; the service does not start with one that does not. */
    access?: Access;
    /** Declared by every route that asks for a caller. */
    action?: Action;
  }
  interface FastifyRequest {
    /** Who calls, as the route's access has it. */
    principal: Principal;
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
  app.addHook("onRoute", ({ method, url, config }) => {
    const access = config?.access;
    if (access === undefined) throw new Error(`The route ${String(method)} ${url} declares no access.`);
    const action = config?.action ?? null;
    if (ASKS_FOR_A_CALLER.has(access) !== (action !== null)) {
      throw new Error(
        `The route ${String(method)} ${url} declares no action, or one that nobody is asked for.`,
      );
    }
    const parameter = action === null ? null : parameterOf(action);
    if (parameter !== null && !url.split("/").includes(`:${parameter}`)) {
      throw new Error(`The route ${String(method)} ${url} does not name what its action is done to.`);
    }
    for (const one of [method].flat()) declared.push({ method: one, url, access, action });
  });
  app.addHook("onRequest", async (request) => {
    request.principal = await principalOf(request, doorkeeper.authenticate);
    const { action } = request.routeOptions.config;
    if (request.is404 || action === undefined) return;
    await doorkeeper.authorize(request.principal, { action, id: namedBy(request, action) });
  });
}

/** Routes name a case and an evidence by these parameters and by no others. */
function parameterOf(action: Action): "caseId" | "evidenceId" | null {
  const { on } = ruleOf(action);
  if (on === "case") return "caseId";
  return on === "evidence" ? "evidenceId" : null;
}

const namedSchema = z.record(z.string(), z.string());

function namedBy(request: FastifyRequest, action: Action): string {
  const parameter = parameterOf(action);
  return parameter === null ? "" : (namedSchema.parse(request.params)[parameter] ?? "");
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

/** Nobody is let in before the parts are there that know people and accounts: then they are given a keeper. */
export function closedGate(): { keeper: Doorkeeper; readonly doorkeeper: Doorkeeper } {
  const gate: { keeper: Doorkeeper; readonly doorkeeper: Doorkeeper } = {
    keeper: NOBODY_ENTERS,
    doorkeeper: {
      authenticate: (request, access) => gate.keeper.authenticate(request, access),
      authorize: (principal, asked) => gate.keeper.authorize(principal, asked),
    },
  };
  return gate;
}
