import fastify from "fastify";
import { expect, test } from "vitest";
import { REQUEST_ID_HEADER, repeatRequestIds } from "./request-id.ts";

async function repeated(id: string | undefined, path = "/"): Promise<unknown> {
  const app = fastify();
  repeatRequestIds(app);
  app.get("/", () => "fine");
  const answer = await app.inject({
    url: path,
    headers: id === undefined ? {} : { [REQUEST_ID_HEADER]: id },
  });
  await app.close();
  return answer.headers[REQUEST_ID_HEADER];
}

test("an answer repeats the id of its request, also one that refuses", async () => {
  expect(await repeated("a-b_1")).toBe("a-b_1");
  expect(await repeated("a-b_1", "/nowhere")).toBe("a-b_1");
  expect(await repeated("x".repeat(128))).toBe("x".repeat(128));
});

test.each([[undefined], [""], ["x".repeat(129)], ["a b"], ["a;b"]])(
  "%j is no id and not repeated",
  async (id) => {
    expect(await repeated(id)).toBeUndefined();
  },
);
