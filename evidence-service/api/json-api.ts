/**
 * One description of a route gives its parsing, its check of the answer and its entry in the
 * OpenAPI document.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Access } from "./access.ts";
import type { Reach, Right } from "./rights.ts";
import type { Principal } from "./principal.ts";

export interface RouteInput<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly principal: Principal;
  /** How far the caller's right to this route reaches: to its own alone, or to all. */
  readonly reach: Exclude<Reach, "none">;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export interface JsonRoute<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  A extends z.ZodType,
> {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** With `:name` for parameters. */
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  /** Declared by routes that ask for a caller. */
  readonly right?: Right;
  readonly params: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answer: A;
  readonly status?: number;
  readonly handle: (input: RouteInput<z.output<P>, z.output<Q>, z.output<B>>) => Promise<z.input<A>>;
}

export interface DescribedRoute {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  readonly params: z.ZodType;
  readonly query: z.ZodType | undefined;
  readonly body: z.ZodType | undefined;
  readonly answer: z.ZodType | undefined;
  readonly status: number;
}

export class JsonApi {
  readonly described: DescribedRoute[] = [];
  readonly app: FastifyInstance;

  constructor(app: FastifyInstance) {
    this.app = app;
  }

  add<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
    route: JsonRoute<P, Q, B, A>,
  ): void {
    const { method, path, summary, access, params, query, body, answer, status = 200 } = route;
    this.described.push({ method, path, summary, access, params, query, body, answer, status });
    this.app.route({
      method,
      url: path,
      config: configOf(access, route.right),
      handler: async (request, reply) => {
        const result = await route.handle({
          params: params.parse(request.params),
          query: (query ?? z.unknown()).parse(request.query) as z.output<Q>,
          body: (body ?? z.unknown()).parse(request.body) as z.output<B>,
          principal: request.principal,
          reach: request.reach,
          request,
          reply,
        });
        return reply.code(status).send(answer.parse(result));
      },
    });
  }

  /** A route that answers bytes: described, and checked for who calls. */
  addBytes<P extends z.ZodType>(route: {
    path: string;
    summary: string;
    access: Access;
    right: Right;
    params: P;
    handle: (input: RouteInput<z.output<P>, unknown, unknown>) => Promise<unknown>;
  }): void {
    const { path, summary, access, params } = route;
    const none = { query: undefined, body: undefined, answer: undefined };
    this.described.push({ method: "GET", path, summary, access, params, ...none, status: 200 });
    this.app.get(path, { config: configOf(access, route.right) }, async (request, reply) => {
      const { principal, reach } = request;
      const input = { query: request.query, body: undefined, principal, reach, request, reply };
      return route.handle({ ...input, params: params.parse(request.params) });
    });
  }
}

function configOf(access: Access, right: Right | undefined): { access: Access; right?: Right } {
  return right === undefined ? { access } : { access, right };
}
