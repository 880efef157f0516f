import { expect, test } from "vitest";
import { problemOf, problemOnTheWay, ServiceProblem } from "../service-client/problem.ts";
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
  const full = { code: "STORAGE_FULL", detail: "The disk is full." };
  expect(adviceOf(problemOf(507, { ...full, action: "Have room made." }, null))).toBe("Have room made.");
  expect(adviceOf(problemOf(507, full, null))).toBe("It may be restarting, or the network is interrupted.");
});

test("what comes between the page and the service is told with what can be done", () => {
  expect(refusalText(problemOnTheWay("NO_ANSWER", 0))).toBe(
    "The evidence service does not answer. It may be restarting, or the network is interrupted.",
  );
  expect(refusalText(problemOnTheWay("UNREADABLE_ANSWER", 200))).toBe(
    "The service's answer could not be read. Load this page again: the service may have another version now.",
  );
});

test("a mistake of the application is one sentence, and shows nothing of itself", () => {
  expect(refusalText(new TypeError("x is undefined"))).toBe("Something went wrong in this application.");
});
