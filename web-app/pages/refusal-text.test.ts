import { expect, test } from "vitest";
import { ServiceProblem } from "../service-client/problem.ts";
import { adviceOf, refusalText, sentenceOf } from "./refusal-text.ts";

const CLOSED = new ServiceProblem({
  code: "CASE_CLOSED",
  message: "The case is closed.",
  action: "Reopen it first.",
  status: 409,
});

test("a refusal is shown with what the service advises", () => {
  expect(sentenceOf(CLOSED)).toBe("The case is closed.");
  expect(adviceOf(CLOSED)).toBe("Reopen it first.");
  expect(refusalText(CLOSED)).toBe("The case is closed. Reopen it first.");
});

test("the service's own advice goes before what is guessed of a service in trouble", () => {
  const full = { code: "STORAGE_FULL", message: "The disk is full.", status: 507 };
  expect(adviceOf(new ServiceProblem({ ...full, action: "Have room made." }))).toBe("Have room made.");
  expect(adviceOf(new ServiceProblem(full))).toBe("It may be restarting, or the network is interrupted.");
});

test("a mistake of the application is one sentence, and shows nothing of itself", () => {
  expect(refusalText(new TypeError("x is undefined"))).toBe("Something went wrong in this application.");
});
