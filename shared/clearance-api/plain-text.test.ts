import { expect, test } from "vitest";
import { plainTextSchema } from "./plain-text.ts";

test("where there must be a name, blanks alone are none", () => {
  const name = plainTextSchema("The name", { least: 1, most: 256 });
  expect(name.safeParse(" Gate").success).toBe(true);
  for (const blank of ["", " ", "\u00A0", "\u3000 "]) {
    expect(name.safeParse(blank).error?.issues).toMatchObject([{ message: "The name is missing." }]);
  }
  expect(plainTextSchema("The place", { most: 256 }).safeParse(" ").success).toBe(true);
});
