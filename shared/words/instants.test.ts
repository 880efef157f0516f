import { describe, expect, it } from "vitest";
import {
  formatDateTimeMs,
  formatOffset,
  formatTimeTo,
  formatUtc,
  formatWithOffset,
  formatZone,
} from "./instants.ts";

const ZURICH = "Europe/Zurich";

describe("formatting", () => {
  it("shows local time to the millisecond with the offset of that instant", () => {
    expect(formatDateTimeMs(Date.UTC(2026, 10, 23, 14, 3, 7, 5), ZURICH)).toBe("2026-11-23 15:03:07.005");
    expect(formatOffset(Date.UTC(2026, 10, 23), ZURICH)).toBe("UTC+01:00");
    expect(formatOffset(Date.UTC(2026, 6, 1), "America/St_Johns")).toBe("UTC−02:30");
    expect(formatOffset(0, "UTC")).toBe("UTC");
  });

  it("has the offset always, for who reads it elsewhere", () => {
    const instant = Date.UTC(2026, 10, 23, 14, 26, 54, 120);
    expect(formatWithOffset(instant, ZURICH, "millisecond")).toBe("2026-11-23 15:26:54.120 UTC+01:00");
    expect(formatWithOffset(instant, "America/Toronto")).toBe("2026-11-23 09:26:54 UTC−05:00");
    expect(formatWithOffset(instant + 0.999, "UTC", "millisecond")).toBe("2026-11-23 14:26:54.120 UTC");
    expect(formatUtc(instant)).toBe("2026-11-23 14:26:54 UTC");
    expect(formatUtc(instant, "millisecond")).toBe("2026-11-23 14:26:54.120 UTC");
    expect(formatTimeTo("minute", instant, "UTC")).toBe("14:26");
    expect([formatZone(instant, ZURICH), formatZone(instant, "UTC")]).toEqual([
      "Europe/Zurich (UTC+01:00)",
      "UTC",
    ]);
  });

  it("tells the two passes of a repeated hour apart", () => {
    const first = Date.UTC(2026, 9, 25, 0, 30);
    expect(formatWithOffset(first, ZURICH)).toBe("2026-10-25 02:30:00 UTC+02:00");
    expect(formatWithOffset(first + 3_600_000, ZURICH)).toBe("2026-10-25 02:30:00 UTC+01:00");
  });
});
