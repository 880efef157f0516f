/**
 * One description of a route gives its parsing, its check of the answer and its entry in the
 * OpenAPI document.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Access } from "./access.ts";
import type { Action } from "./actions.ts";
import type { Principal } from "./principal.ts";
import { doesNotFit } from "./refusal.ts";

/** Records one answered request, unless it is none of an account's readings. */
export type RecordRead = (request: FastifyRequest) => Promise<void>;

export interface RouteInput<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly principal: Principal;
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
  readonly action?: Action;
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
  /** Media type of an answer of bytes. */
  readonly mediaType?: string;
  readonly status: number;
}

export class JsonApi {
  readonly described: DescribedRoute[] = [];
  readonly app: FastifyInstance;
  readonly #recordRead: RecordRead;
  readonly #settled: () => Promise<void>;

  /**
   * @param recordRead told of each request before it is answered in JSON
   * @param settled when what was read before is on stable storage
   */
  constructor(app: FastifyInstance, recordRead: RecordRead, settled: () => Promise<void>) {
    this.app = app;
    this.#recordRead = recordRead;
    this.#settled = settled;
  }

  add<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
    route: JsonRoute<P, Q, B, A>,
  ): void {
    const { method, path, summary, access, params, query, body, answer, status = 200 } = route;
    this.described.push({ method, path, summary, access, params, query, body, answer, status });
    this.app.route({
      method,
      url: path,
      config: configOf(access, route.action),
      handler: async (request, reply) => {
        const result = await route.handle({
          params: sent(params, request.params),
          query: sent(query ?? z.unknown(), request.query) as z.output<Q>,
          body: sent(body ?? z.unknown(), request.body) as z.output<B>,
          principal: request.principal,
          request,
          reply,
        });
        // An answer that does not fit is our fault, and never the caller's.
        const fitting = answer.parse(result);
        await this.#recordRead(request);
        // Whoever is told that something is done may do away with his own: a power cut must not undo it.
        await this.#settled();
        return reply.code(status).send(fitting);
      },
    });
  }

  /** A route that answers bytes: described, and checked for who calls. */
  addBytes<P extends z.ZodType>(route: {
    path: string;
    summary: string;
    access: Access;
    action: Action;
    params: P;
    /** Of the answer; that of a file may be any. */
    mediaType: string;
    /** Sends the answer itself. */
    handle: (input: RouteInput<z.output<P>, unknown, unknown>) => Promise<void>;
  }): void {
    const { path, summary, access, params, mediaType } = route;
    const none = { query: undefined, body: undefined, answer: undefined };
    this.described.push({ method: "GET", path, summary, access, params, ...none, mediaType, status: 200 });
    this.app.get(path, { config: configOf(access, route.action) }, async (request, reply) => {
      const { principal } = request;
      const input = { query: request.query, body: undefined, principal, request, reply };
      // Each function that resolves with the reply itself would listen for its end once more.
      await route.handle({ ...input, params: sent(params, request.params) });
      return reply;
    });
  }
}

/** @throws Refusal 400 with the places that do not fit */
function sent<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw doesNotFit(parsed.error);
  return parsed.data;
}

function configOf(access: Access, action: Action | undefined): { access: Access; action?: Action } {
  return action === undefined ? { access } : { access, action };
}
