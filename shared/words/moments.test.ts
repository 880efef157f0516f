import { expect, it } from "vitest";
import { couldMeanTwo, formatMoment, isShownTwice, rangeInWords } from "./moments.ts";

const BERLIN = "Europe/Berlin";
/** The clock goes back from 03:00 to 02:00. */
const CHANGE = Date.UTC(2026, 9, 25, 1);

it("has the time alone today, and the date on any other day", () => {
  const at = Date.UTC(2026, 10, 28, 9, 36, 51, 900);
  expect(formatMoment(at, BERLIN, at + 60_000)).toBe("10:36:51");
  expect(formatMoment(at, BERLIN, at + 86_400_000)).toBe("2026-11-28 10:36:51");
});

it("has the offset where the local time exists twice, on both passes and nowhere else", () => {
  expect(formatMoment(CHANGE - 1, BERLIN, CHANGE)).toBe("02:59:59 UTC+02:00");
  expect(formatMoment(CHANGE, BERLIN, CHANGE)).toBe("02:00:00 UTC+01:00");
  expect(formatMoment(CHANGE - 3_600_001, BERLIN, CHANGE)).toBe("01:59:59");
  expect(formatMoment(CHANGE + 3_600_000, BERLIN, CHANGE)).toBe("03:00:00");
});

it("knows half an hour that is repeated, and zones that change nothing", () => {
  const lordHowe = Date.UTC(2026, 3, 4, 15);
  expect(isShownTwice(lordHowe - 1_800_000, "Australia/Lord_Howe")).toBe(true);
  expect(isShownTwice(lordHowe + 1_799_999, "Australia/Lord_Howe")).toBe(true);
  expect(isShownTwice(lordHowe + 1_800_000, "Australia/Lord_Howe")).toBe(false);
  expect(isShownTwice(Date.UTC(2026, 2, 29, 1), BERLIN)).toBe(false);
  expect(isShownTwice(CHANGE, "Asia/Tokyo")).toBe(false);
});

const HOUR = 3_600_000;

it.each([
  ["Europe/Berlin", CHANGE, HOUR],
  ["America/Toronto", Date.UTC(2026, 10, 1, 6), HOUR],
  ["Europe/London", Date.UTC(2026, 9, 25, 1), HOUR],
  ["Australia/Lord_Howe", Date.UTC(2026, 3, 4, 15), HOUR / 2],
])(
  "in %s a range could mean two where an end of it exists twice or the clock changes within",
  (zone, change, length) => {
    const could = (from: number, to: number) =>
      couldMeanTwo({ startUtcMs: change + from, endUtcMs: change + to }, zone);
    expect([could(-length, -1), could(0, 60_000), could(-5 * HOUR, 5 * HOUR)]).toEqual([true, true, true]);
    expect([could(-5 * HOUR, -4 * HOUR), could(4 * HOUR, 5 * HOUR)]).toEqual([false, false]);
  },
);

it("is told about the skipped hour too, and never in a zone that changes nothing", () => {
  const spring = Date.UTC(2026, 2, 29, 1);
  const range = { startUtcMs: spring - HOUR, endUtcMs: spring + HOUR };
  expect(rangeInWords(range, BERLIN)).toEqual({
    start: "2026-03-29 01:00:00 UTC+01:00",
    end: "2026-03-29 04:00:00 UTC+02:00",
  });
  expect(rangeInWords(range, "Asia/Tokyo", "milliseconds")).toEqual({
    start: "2026-03-29 09:00:00.000",
    end: "2026-03-29 11:00:00.000",
  });
});

it("writes the end of the first pass as the clock showed it that ran until then", () => {
  const change = Date.UTC(2026, 10, 1, 6);
  expect(rangeInWords({ startUtcMs: change - 600_000, endUtcMs: change }, "America/Toronto")).toEqual({
    start: "2026-11-01 01:50:00 UTC−04:00",
    end: "2026-11-01 02:00:00 UTC−04:00",
  });
});
