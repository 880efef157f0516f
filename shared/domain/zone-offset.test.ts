import { expect, it } from "vitest";
import { offsetMinutes } from "./zone-offset.ts";

it.each([
  ["America/Toronto", Date.UTC(2026, 10, 1, 6), -240, -300],
  ["Europe/London", Date.UTC(2026, 9, 25, 1), 60, 0],
  ["Australia/Lord_Howe", Date.UTC(2026, 3, 4, 15), 660, 630],
  ["America/St_Johns", Date.UTC(2026, 2, 8, 5, 30), -210, -150],
])(
  "the clock of %s is changed at the instant, and by no more than its change",
  (zone, change, before, after) => {
    expect([offsetMinutes(change - 1, zone), offsetMinutes(change, zone)]).toEqual([before, after]);
  },
);

it("a zone without changes, and UTC, have one offset", () => {
  for (const at of [0, Date.UTC(2026, 0), Date.UTC(2026, 6)]) {
    expect([offsetMinutes(at, "Asia/Kathmandu"), offsetMinutes(at, "UTC")]).toEqual([
      at === 0 ? 330 : 345,
      0,
    ]);
  }
});
