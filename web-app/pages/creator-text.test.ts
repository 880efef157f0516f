import { expect, test } from "vitest";
import { creatorText } from "./creator-text.ts";

test("an operator is named first, then the account that the console sent with", () => {
  expect(creatorText({ createdBy: "Console", createdOnBehalfOf: "olga" })).toBe("olga, through Console");
});

test("an account that names nobody stands alone", () => {
  expect(creatorText({ createdBy: "Console", createdOnBehalfOf: null })).toBe("Console");
});

test("a name that is written from right to left keeps to itself", () => {
  const created = { createdBy: "שער", createdOnBehalfOf: "a\u202Eb" };
  expect(creatorText(created)).toBe("a\u{FFFD}b, through \u2068שער\u2069");
});
