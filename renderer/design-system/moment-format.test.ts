import { expect, it } from "vitest";
import { formatMoment, isShownTwice } from "./moment-format.ts";

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
