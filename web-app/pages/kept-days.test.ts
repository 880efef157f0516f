import fc from "fast-check";
import { expect, test } from "vitest";
import { daysOf, keptInWords, typedOf } from "./kept-days.ts";

test("what is kept is typed, said and read back as it is", () => {
  fc.assert(
    fc.property(fc.option(fc.integer({ min: 1, max: 36_525 }), { nil: null }), (days) => {
      expect(daysOf(typedOf(days))).toBe(days);
    }),
  );
  expect([null, 1, 30, 366, 1_827].map(keptInWords)).toEqual([
    "for ever",
    "1 day",
    "30 days",
    "1 year",
    "5 years",
  ]);
});

test("years are never shorter than those of the calendar, and at most a day longer", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1970, max: 2100 }), fc.integer({ min: 1, max: 100 }), (year, years) => {
      const calendarDays = (Date.UTC(year + years, 2, 1) - Date.UTC(year, 2, 1)) / 86_400_000;
      const days = daysOf({ text: String(years), unit: "years" }) ?? 0;
      expect(days).toBeGreaterThanOrEqual(calendarDays);
      expect(days - calendarDays).toBeLessThanOrEqual(2);
    }),
  );
});

test("what cannot be kept is no number of days", () => {
  for (const text of ["", "0", "-1", "1.5", "ten", "40000"]) {
    expect([text, daysOf({ text, unit: "days" })]).toEqual([text, undefined]);
  }
  expect(daysOf({ text: "101", unit: "years" })).toBeUndefined();
});
