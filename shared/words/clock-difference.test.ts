import { expect, test } from "vitest";
import { differenceInWords } from "./clock-difference.ts";

test.each([
  [242_000, "4 min 02 s behind"],
  [-4_200_000, "1 h 10 min ahead"],
  [3_000, "3 s behind"],
  [-(2 * 86_400_000 + 3_600_000), "2 days 1 h ahead"],
  [60_000, "1 min behind"],
])("a service that is %i ms ahead makes this computer's clock %s", (offsetMs, words) => {
  expect(differenceInWords({ offsetMs, uncertaintyMs: 500 })).toBe(words);
});
