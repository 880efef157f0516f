import { expect, test } from "vitest";
import { creatorText } from "./creator-text.ts";

test("an operator is named first, then the account that the console sent with", () => {
  expect(creatorText({ createdBy: "Console", createdOnBehalfOf: "olga" })).toBe("olga, through Console");
});

test("an account that names nobody stands alone", () => {
  expect(creatorText({ createdBy: "Console", createdOnBehalfOf: null })).toBe("Console");
});
