import { expect, test } from "vitest";
import { isTransient, problemOf } from "./problem.ts";

test("a refusal keeps its code, its sentence, its advice and how long to wait", () => {
  const problem = problemOf(
    429,
    { code: "TOO_MANY_SIGN_INS", detail: "Too many.", action: "Wait.", status: 429 },
    "41.2",
  );
  expect(problem).toMatchObject({
    code: "TOO_MANY_SIGN_INS",
    message: "Too many.",
    action: "Wait.",
    status: 429,
    retryAfterS: 42,
  });
});

test("an answer of something else than the service is told by its status alone", () => {
  const problem = problemOf(502, "<html>Bad gateway</html>", null);
  expect(problem).toMatchObject({ code: "HTTP_502", retryAfterS: null });
  expect(problem.message).toBe("The service answered with status 502.");
});

test("advice that is missing or is no text spoils nothing of the refusal, and is made up for", () => {
  for (const action of [undefined, null, 7, {}]) {
    const problem = problemOf(404, { code: "NOT_FOUND", detail: "No such case.", action }, null);
    expect(problem).toMatchObject({ code: "NOT_FOUND", message: "No such case." });
    expect(problem.action).toMatch(/^Tell the administrator/);
  }
});

test("only trouble of the service or the network is worth asking again", () => {
  expect(isTransient(problemOf(429, null, "5"))).toBe(true);
  expect(isTransient(problemOf(503, null, null))).toBe(true);
  expect(isTransient(problemOf(404, null, null))).toBe(false);
  expect(isTransient(new TypeError("a mistake of ours"))).toBe(false);
});
