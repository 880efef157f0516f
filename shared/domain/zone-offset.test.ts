import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { expect, it } from "vitest";
import { localParts, offsetMinutes, offsetMs } from "./zone-offset.ts";

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

it("what is known of a quarter of an hour is true of each of its instants, also beside a change of the clock", () => {
  const zones = [
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Africa/Monrovia",
    "Asia/Kathmandu",
    "Europe/Berlin",
  ];
  const anInstant = fc.oneof(
    fc.integer({ min: 0, max: Date.UTC(2037, 0) }),
    // Around the changes: Lord Howe's by half an hour, Monrovia's by 44 minutes and 30 seconds.
    fc
      .constantFrom(Date.UTC(2026, 3, 4, 15), Date.UTC(2026, 9, 25, 1), Date.UTC(1972, 0, 7, 0, 44, 30))
      .chain((change) => fc.integer({ min: change - 1_000_000, max: change + 1_000_000 })),
  );
  fc.assert(
    fc.property(fc.constantFrom(...zones), anInstant, (zone, utcMs) => {
      const local = Temporal.Instant.fromEpochMilliseconds(utcMs).toZonedDateTimeISO(zone);
      for (const near of [utcMs, utcMs, utcMs + 0.25]) {
        expect(offsetMs(near, zone)).toBe(local.offsetNanoseconds / 1e6);
        const time = local.toPlainTime().round({ smallestUnit: "second", roundingMode: "trunc" });
        expect(localParts(near, zone)).toEqual({
          date: local.toPlainDate().toString(),
          time: time.toString(),
        });
      }
    }),
    { numRuns: 500 },
  );
});
