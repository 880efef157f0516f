import { z } from "zod";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import { problemSchema } from "#shared/problem/problem.ts";
import type { DescribedRoute } from "./json-api.ts";
import { REFUSAL_CODES } from "./refusal-codes.ts";

type Json = Record<string, unknown>;

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  return z.toJSONSchema(schema, { io, unrepresentable: "any", target: "draft-2020-12" });
}

function content(schema: z.ZodType | undefined, io: "input" | "output"): Json | undefined {
  return schema === undefined ? undefined : { "application/json": { schema: jsonSchema(schema, io) } };
}

function parameters(schema: z.ZodType | undefined, place: "path" | "query"): Json[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).map(([name, member]) => ({
    name,
    in: place,
    required: place === "path" || !(member as z.ZodType).safeParse(undefined).success,
    // What a text of an address is read as: as input, a number that is read from text may be anything.
    schema: jsonSchema(member as z.ZodType, place === "path" ? "input" : "output"),
  }));
}

/** Every refusal, on every route. */
const refusalSchema = problemSchema
  .omit({ atUtcMs: true })
  .required({ action: true })
  .extend({ code: z.enum(REFUSAL_CODES) });

const PROBLEM = {
  description: "A refusal: a stable code and one sentence.",
  content: { "application/problem+json": { schema: jsonSchema(refusalSchema, "output") } },
};

function operation(route: DescribedRoute): Json {
  const body = content(route.body, "input");
  const bytes = { [route.mediaType ?? "application/octet-stream"]: {} };
  const answer = content(route.answer, "output") ?? bytes;
  // Whoever asks for a range of bytes is given that.
  const range = route.mediaType === undefined ? {} : { 206: { description: "A range.", content: bytes } };
  return {
    summary: route.summary,
    parameters: [...parameters(route.params, "path"), ...parameters(route.query, "query")],
    ...(body === undefined ? {} : { requestBody: { required: true, content: body } }),
    responses: { [route.status]: { description: "Done.", content: answer }, ...range, default: PROBLEM },
    security: route.access === "service" || route.access === "user" ? [{ [route.access]: [] }] : [],
  };
}

/**
 * The OpenAPI 3.1 document of all described routes, made from the schemas that check the requests.
 * @param more paths of endpoints that are described elsewhere
 */
export function openApiDocument(routes: readonly DescribedRoute[], url: string, more: Json = {}): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: { title: `${PRODUCT_NAME}: evidence service`, version: "1" },
    servers: [{ url }],
    paths: { ...paths, ...more },
    components: {
      securitySchemes: {
        service: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
        user: { type: "apiKey", in: "cookie", name: "evidence-desk-session" },
      },
    },
  };
}
