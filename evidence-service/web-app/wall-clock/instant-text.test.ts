import { expect, test } from "vitest";
import { instantText, timeText, zoneOffsetMs, zoneText } from "./instant-text.ts";

const instant = Date.parse("2026-11-23T14:26:54.120Z");

test("an instant is written as the clock on the wall showed it, with the offset", () => {
  expect(instantText(instant, "Europe/Berlin", "millisecond")).toBe("2026-11-23 15:26:54.120 +01:00");
  expect(instantText(instant, "America/Toronto")).toBe("2026-11-23 09:26:54 -05:00");
  expect(timeText(instant, "UTC", "minute")).toBe("14:26");
});

test("the two passes of a repeated hour differ in their offset", () => {
  const first = Date.parse("2026-10-25T00:30:00Z");
  expect(instantText(first, "Europe/Berlin")).toBe("2026-10-25 02:30:00 +02:00");
  expect(instantText(first + 3_600_000, "Europe/Berlin")).toBe("2026-10-25 02:30:00 +01:00");
});

test("a fraction of a millisecond never shows the next one", () => {
  expect(timeText(instant + 0.999, "UTC", "millisecond")).toBe("14:26:54.120");
});

test("a zone is named with its offset", () => {
  expect(zoneText(instant, "Europe/Berlin")).toBe("Europe/Berlin (+01:00)");
  expect(zoneText(instant, "UTC")).toBe("UTC");
  expect(zoneOffsetMs(instant, "Asia/Kolkata")).toBe(5.5 * 3_600_000);
});
