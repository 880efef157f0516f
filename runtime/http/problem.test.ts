import fastify from "fastify";
import { expect, test } from "vitest";
import { z } from "zod";
import { fieldErrors, sendProblem } from "./problem.ts";

test("a refusal has its status, its type, and nothing that is not said", async () => {
  const app = fastify();
  const problem = { code: "FULL", detail: "It is full.", action: "Make room.", errors: undefined };
  app.get("/", async (_request, reply) => sendProblem(reply, 503, problem));
  const answer = await app.inject("/");
  expect(answer.statusCode).toBe(503);
  expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
  expect(answer.json()).toEqual({ code: "FULL", detail: "It is full.", action: "Make room." });
  await app.close();
});

test("what does not fit is named by its place, slashes and tildes escaped", () => {
  const schema = z.object({ "a/b~c": z.array(z.object({ name: z.string() })) });
  const { error } = schema.safeParse({ "a/b~c": [{ name: "x" }, { name: 1 }] });
  expect(error && fieldErrors(error).map(({ pointer }) => pointer)).toEqual(["/a~1b~0c/1/name"]);
});

test("of thousands of wrong entries twenty are named", () => {
  const { error } = z.array(z.string()).safeParse(Array.from({ length: 5_000 }, () => 1));
  expect(error && fieldErrors(error)).toHaveLength(20);
});
