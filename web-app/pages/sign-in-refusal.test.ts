import { expect, test } from "vitest";
import { problemOnTheWay, ServiceProblem } from "../service-client/problem.ts";
import { refusalSentence } from "./sign-in-refusal.ts";

test("a wrong password does not tell which of the two is wrong", () => {
  const refusal = new ServiceProblem({
    code: "WRONG_PASSWORD",
    message: "No.",
    action: "Again.",
    status: 401,
  });
  expect(refusalSentence(refusal, 0)).toBe("User name or password is wrong.");
});

test("a rate limit tells how long to wait, and when the wait is over", () => {
  const refusal = new ServiceProblem({
    code: "TOO_MANY_SIGN_INS",
    message: "Wait.",
    action: "Later.",
    status: 429,
    retryAfterS: 30,
  });
  expect(refusalSentence(refusal, 30)).toBe("Too many attempts to sign in. Try again in 30 s.");
  expect(refusalSentence(refusal, 1)).toBe("Too many attempts to sign in. Try again in 1 s.");
  expect(refusalSentence(refusal, 0)).toBe("Too many attempts to sign in. You can try again now.");
});

test("a service that does not answer is not taken for a wrong password", () => {
  const refusal = problemOnTheWay("NO_ANSWER", 0);
  expect(refusalSentence(refusal, 0)).toBe("The evidence service does not answer. Try again in a moment.");
});

test("any other refusal is told with what can be done about it", () => {
  const refusal = new ServiceProblem({
    code: "SIGN_IN_BUSY",
    message: "Too many people sign in at this moment.",
    action: "Ask the same again later.",
    status: 503,
  });
  expect(refusalSentence(refusal, 0)).toBe(
    "Too many people sign in at this moment. Ask the same again later.",
  );
});
