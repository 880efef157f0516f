import { describe, expect, it } from "vitest";
import { formatDateTimeMs, formatDuration, formatExactDuration, formatOffset } from "./instant-format.ts";
import { stepLocalInstant } from "./local-instant.ts";

const ZURICH = "Europe/Zurich";
const AUTUMN_REPEAT = Date.UTC(2026, 9, 25, 0, 30, 0, 250);

describe("formatting", () => {
  it("shows local time to the millisecond with the offset of that instant", () => {
    expect(formatDateTimeMs(Date.UTC(2026, 10, 23, 14, 3, 7, 5), ZURICH)).toBe("2026-11-23 15:03:07.005");
    expect(formatOffset(Date.UTC(2026, 10, 23), ZURICH)).toBe("UTC+01:00");
    expect(formatOffset(Date.UTC(2026, 6, 1), "America/St_Johns")).toBe("UTC−02:30");
    expect(formatOffset(0, "UTC")).toBe("UTC");
  });

  it("says durations shortly", () => {
    expect(formatDuration(3_723_000)).toBe("1 h 02 min 03 s");
    expect(formatDuration(7_250)).toBe("7.250 s");
    expect(formatExactDuration(3_723_250)).toBe("01:02:03.250");
  });
});

describe("local date-times", () => {
  it("step the part under the caret and walk through a repeated hour", () => {
    expect(stepLocalInstant(AUTUMN_REPEAT, ZURICH, 12, 1)).toBe(AUTUMN_REPEAT + 3_600_000);
    expect(stepLocalInstant(AUTUMN_REPEAT, ZURICH, 23, -1)).toBe(AUTUMN_REPEAT - 1);
    expect(stepLocalInstant(AUTUMN_REPEAT, ZURICH, 9, 1)).toBe(AUTUMN_REPEAT + 25 * 3_600_000);
  });
});
