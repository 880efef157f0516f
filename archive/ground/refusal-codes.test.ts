import { expect, test } from "vitest";
import { ArchiveFailure } from "./archive-failure.ts";
import { REFUSAL_CODES } from "./refusal-codes.ts";

test.each(REFUSAL_CODES)("%s has a status, a sentence and something that can be done", (code) => {
  const { status, message, action } = new ArchiveFailure(code);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(message).toMatch(/^\S.*\.$/);
  expect(action).toMatch(/^[A-Z].*\.$/);
});

test("what is said nearer, and the instant that it is about, go before the code's own", () => {
  const failure = new ArchiveFailure("NO_FOOTAGE", "Nothing was recorded then.", { atUtcMs: 5, status: 416 });
  expect(failure).toMatchObject({ message: "Nothing was recorded then.", atUtcMs: 5, status: 416 });
  expect(failure.action).toBe(new ArchiveFailure("NO_FOOTAGE").action);
});
