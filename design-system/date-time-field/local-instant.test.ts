import { expect, it } from "vitest";
import { stepLocalInstant } from "./local-instant.ts";

const ZURICH = "Europe/Zurich";
const AUTUMN_REPEAT = Date.UTC(2026, 9, 25, 0, 30, 0, 250);

it("steps the part under the caret and walks through a repeated hour", () => {
  expect(stepLocalInstant({ utcMs: AUTUMN_REPEAT, zone: ZURICH }, 12, 1)).toBe(AUTUMN_REPEAT + 3_600_000);
  expect(stepLocalInstant({ utcMs: AUTUMN_REPEAT, zone: ZURICH }, 23, -1)).toBe(AUTUMN_REPEAT - 1);
  expect(stepLocalInstant({ utcMs: AUTUMN_REPEAT, zone: ZURICH }, 9, 1)).toBe(AUTUMN_REPEAT + 25 * 3_600_000);
});
