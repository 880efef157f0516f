import { afterEach, beforeEach, expect, test } from "vitest";
import type { FastifyInstance } from "fastify";
import { createHttpApplication } from "./http-application.ts";
import { Refusal } from "./refusal.ts";

let app: FastifyInstance;

beforeEach(async () => {
  app = await createHttpApplication("silent");
  app.get("/full", { config: { access: "public" } }, async () => {
    throw new Refusal("SEARCH_BUSY", "Too many searches wait.", { retryAfterS: 2 });
  });
  app.post("/any", { config: { access: "public" } }, async () => "taken");
});

afterEach(() => app.close());

test("a refusal is answered with its code's status, a sentence and what can be done", async () => {
  const answer = await app.inject("/full");

  expect(answer.statusCode).toBe(503);
  expect(answer.headers["retry-after"]).toBe("2");
  expect(answer.json()).toEqual({
    code: "SEARCH_BUSY",
    detail: "Too many searches wait.",
    action: "Wait as long as Retry-After says, then ask the same again.",
  });
});

test("what the HTTP library refuses keeps its own status", async () => {
  const payload = JSON.stringify("x".repeat(3 << 20));
  const headers = { "content-type": "application/json" };
  const answer = await app.inject({ method: "POST", url: "/any", headers, payload });

  expect(answer.statusCode).toBe(413);
  expect(answer.json()).toMatchObject({ code: "BAD_REQUEST", action: expect.stringContaining("request") });
});
