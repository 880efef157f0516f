import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { issuesOf, scheduleOf, typedHoursOf } from "./bandwidth-hours.ts";

const minute = fc.integer({ min: 0, max: 1439 });
const schedules = fc
  .record({
    fromMinute: minute,
    toMinute: minute,
    capBytesPerSecond: fc.option(fc.integer({ min: 1, max: 2 ** 40 })),
  })
  .filter(({ fromMinute, toMinute }) => fromMinute !== toMinute);

describe("hours with another cap", () => {
  it("come back as they were written", () => {
    fc.assert(
      fc.property(schedules, (hours) => {
        expect(scheduleOf(typedHoursOf(hours))).toEqual(hours);
      }),
    );
    expect(scheduleOf(typedHoursOf(null))).toBe("none");
  });

  it("are read as people type them", () => {
    const read = scheduleOf({ from: " 7.05", to: "19:30", cap: "8" });
    expect(read).toEqual({ fromMinute: 425, toMinute: 1170, capBytesPerSecond: 1_000_000 });
    const night = { fromMinute: 1320, toMinute: 0, capBytesPerSecond: null };
    expect(scheduleOf({ from: "2200", to: "24:00", cap: "" })).toEqual(night);
    expect(scheduleOf({ from: "10 pm", to: "0\u00a0Uhr", cap: "" })).toEqual(night);
  });

  it.each([
    [{ from: "", to: "6:00", cap: "" }, "from"],
    [{ from: "22:00", to: "", cap: "" }, "to"],
    [{ from: "25:00", to: "6:00", cap: "" }, "from"],
    [{ from: "24:00", to: "0:00", cap: "" }, "to"],
    [{ from: "22:00:30", to: "6:00", cap: "" }, "from"],
    [{ from: "22:00", to: "6:60", cap: "" }, "to"],
    [{ from: "22:00", to: "22:00", cap: "" }, "to"],
    [{ from: "22:00", to: "6:00", cap: "fast" }, "cap"],
    [{ from: "", to: "", cap: "5" }, "from"],
  ] as const)("say what is wrong with %o", (typed, field) => {
    expect(scheduleOf(typed)).toBeNull();
    expect(issuesOf(typed)[field]).not.toBeNull();
  });
});
