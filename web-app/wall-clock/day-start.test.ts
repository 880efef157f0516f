import { expect, test } from "vitest";
import { dayStartUtc } from "./day-start.ts";

test("a day begins when its zone says, also where midnight is missing, and text that is no day has no begin", () => {
  expect(dayStartUtc("2026-11-30", "Europe/Berlin")).toBe("2026-11-29T23:00:00.000Z");
  expect(dayStartUtc("2026-11-30", "Europe/Berlin", 1)).toBe("2026-11-30T23:00:00.000Z");
  expect(dayStartUtc("2018-11-04", "America/Sao_Paulo")).toBe("2018-11-04T03:00:00.000Z");
  for (const text of ["", "2026-13-01", "today"]) expect(dayStartUtc(text, "UTC")).toBe("");
});
