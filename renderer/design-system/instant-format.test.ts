import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDateTimeMs, formatDuration, formatExactDuration, formatOffset } from "./instant-format.ts";
import { readLocalInstant, repeatedChoices, stepLocalInstant } from "./local-instant.ts";

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
  it("are read as the instant they were formatted from, in any zone", () => {
    const zones = fc.constantFrom(ZURICH, "UTC", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu");
    const instants = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2040, 0, 1) });
    fc.assert(
      fc.property(instants, zones, (utcMs, zone) => {
        const read = readLocalInstant(formatDateTimeMs(utcMs, zone), zone);
        const found =
          read.kind === "instant"
            ? [read.utcMs]
            : read.kind === "repeated"
              ? read.choices.map((c) => c.utcMs)
              : [];
        expect(found).toContain(utcMs);
      }),
      { numRuns: 200 },
    );
  });

  it("that the clock shows twice have two instants with their offsets", () => {
    const read = readLocalInstant("2026-10-25 02:30:00.250", ZURICH);
    expect(read).toEqual({
      kind: "repeated",
      choices: [
        { utcMs: AUTUMN_REPEAT, offset: "UTC+02:00" },
        { utcMs: AUTUMN_REPEAT + 3_600_000, offset: "UTC+01:00" },
      ],
    });
    expect(repeatedChoices(AUTUMN_REPEAT, ZURICH)?.[1].offset).toBe("UTC+01:00");
    expect(repeatedChoices(AUTUMN_REPEAT + 7_200_000, ZURICH)).toBeNull();
  });

  it("that the clock skips are refused in words", () => {
    expect(readLocalInstant("2026-03-29 02:30:00", ZURICH)).toEqual({
      kind: "skipped",
      message: "This time does not exist in Europe/Zurich: the clock goes forward from 02:00 to 03:00.",
    });
  });

  it("that are no date-times are refused in words", () => {
    expect(readLocalInstant("yesterday", ZURICH).kind).toBe("unreadable");
    expect(readLocalInstant("2026-02-30 10:00", ZURICH)).toEqual({
      kind: "unreadable",
      message: "There is no such date and time.",
    });
    expect(readLocalInstant(" ", ZURICH)).toEqual({ kind: "empty" });
  });

  it("step the part under the caret and walk through a repeated hour", () => {
    expect(stepLocalInstant(AUTUMN_REPEAT, ZURICH, 12, 1)).toBe(AUTUMN_REPEAT + 3_600_000);
    expect(stepLocalInstant(AUTUMN_REPEAT, ZURICH, 23, -1)).toBe(AUTUMN_REPEAT - 1);
    expect(stepLocalInstant(AUTUMN_REPEAT, ZURICH, 9, 1)).toBe(AUTUMN_REPEAT + 25 * 3_600_000);
  });
});
