import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { capAt, capHoldsUntil } from "./bandwidth-schedule.ts";
import { estimateUpload, EVIDENCE_PURGED_AFTER_MS, type SendingPace, sendingMs } from "./upload-estimate.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const BERLIN = "Europe/Berlin";
/** Clocks go back at 03:00 summer time. */
const AUTUMN_NIGHT = Date.parse("2026-10-25T00:00:00+02:00");
/** Clocks go forward at 02:00. */
const SPRING_NIGHT = Date.parse("2026-03-29T00:00:00+01:00");

function pace(line: number | null, cap: number | null, hours?: [string, string, number | null]): SendingPace {
  const minute = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const bandwidthSchedule =
    hours === undefined
      ? null
      : { fromMinute: minute(hours[0]), toMinute: minute(hours[1]), capBytesPerSecond: hours[2] };
  return {
    lineBytesPerSecond: line,
    limits: { bandwidthCapBytesPerSecond: cap, bandwidthSchedule },
    timeZone: BERLIN,
  };
}

describe("how long bytes take", () => {
  test("is what the slower of line and cap needs", () => {
    expect(sendingMs(1_000_000, 0, pace(1_000, null))).toBe(1_000_000);
    expect(sendingMs(1_000_000, 0, pace(1_000, 500))).toBe(2_000_000);
    expect(sendingMs(1_000_000, 0, pace(1_000, 5_000))).toBe(1_000_000);
    expect(sendingMs(0, 0, pace(1_000, 500))).toBe(0);
  });

  test("of a line that was never measured is the least that a cap makes it", () => {
    expect(sendingMs(1_000_000, 0, pace(null, 500))).toBe(2_000_000);
    expect(sendingMs(1_000_000, 0, pace(null, null))).toBe(0);
  });

  test("follows the hours over midnight", () => {
    const nightly = pace(1_000_000, 1_000, ["22:00", "06:00", null]);
    const evening = Date.parse("2026-07-01T21:00:00+02:00");
    // An hour under the cap sends 3.6 MB; what is left goes at once.
    expect(sendingMs(3_600_000 + 10_000_000, evening, nightly)).toBeCloseTo(HOUR_MS + 10_000);
    const toMorning = 8 * 3_600 * 1_000_000;
    const late = Date.parse("2026-07-01T22:00:00+02:00");
    expect(sendingMs(toMorning + 1_000, late, nightly)).toBeCloseTo(8 * HOUR_MS + 1_000);
  });

  test("counts the hour that the night of the change has twice, and not the one that it lacks", () => {
    const nightly = pace(1_000, 1, ["00:00", "06:00", null]);
    expect(sendingMs(7 * 3_600 * 1_000, AUTUMN_NIGHT, nightly)).toBeCloseTo(7 * HOUR_MS);
    const inSpring = sendingMs(5 * 3_600 * 1_000 + 60, SPRING_NIGHT, nightly);
    expect(inSpring).toBeCloseTo(5 * HOUR_MS + 60_000);
  });

  test("hours that lie within the repeated one hold twice, with the time between them", () => {
    const inTheHour = pace(1_000_000, 1, ["02:15", "02:45", null]);
    const at = (text: string) => Date.parse(`2026-10-25T${text}`);
    expect(capHoldsUntil(inTheHour.limits, at("02:20:00+02:00"), BERLIN)).toBe(at("02:45:00+02:00"));
    // From 02:45 the next beginning would be a day away; the clock goes back before.
    expect(capHoldsUntil(inTheHour.limits, at("02:50:00+02:00"), BERLIN)).toBe(at("02:00:00+01:00"));
    expect(capHoldsUntil(inTheHour.limits, at("02:00:00+01:00"), BERLIN)).toBe(at("02:15:00+01:00"));
  });

  test("ends at a year", () => {
    expect(sendingMs(1e15, 0, pace(null, 1, ["22:00", "06:00", 2]))).toBe(366 * 24 * HOUR_MS);
  });

  const anyMinute = fc.integer({ min: 0, max: 1439 });
  const anyCap = fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: null });
  const anyZone = fc.constantFrom(
    ...["UTC", BERLIN, "America/Toronto", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"],
  );
  const anyPace = fc.record({
    lineBytesPerSecond: fc.integer({ min: 100, max: 200_000 }),
    limits: fc.record({
      bandwidthCapBytesPerSecond: anyCap,
      bandwidthSchedule: fc.record({
        fromMinute: anyMinute,
        toMinute: anyMinute,
        capBytesPerSecond: anyCap,
      }),
    }),
    timeZone: anyZone,
  });
  /** Around both changes of clocks, in both hemispheres. */
  const anyInstant = fc
    .tuple(
      fc.constantFrom(
        AUTUMN_NIGHT,
        SPRING_NIGHT,
        Date.parse("2026-10-03T15:00Z"),
        Date.parse("2026-04-04T15:00Z"),
      ),
      fc.integer({ min: -36 * 60, max: 36 * 60 }),
    )
    .map(([aroundMs, minutes]) => aroundMs + minutes * MINUTE_MS);

  test("is what adding up minute by minute gives, whatever the hours, the zone and the night", () => {
    fc.assert(
      fc.property(anyPace, anyInstant, fc.integer({ min: 1, max: 40 * 60 }), (anyone, startMs, minutes) => {
        let bytes = 0;
        for (let minute = 0; minute < minutes; minute += 1) {
          const cap = capAt(anyone.limits, startMs + minute * MINUTE_MS, anyone.timeZone);
          bytes += 60 * Math.min(anyone.lineBytesPerSecond, cap ?? Number.POSITIVE_INFINITY);
        }
        expect(sendingMs(bytes, startMs, anyone)).toBeCloseTo(minutes * MINUTE_MS, 0);
      }),
      { numRuns: 100 },
    );
  });

  test("the cap is one and the same until it may change, and that is never more than a day away", () => {
    fc.assert(
      fc.property(anyPace, anyInstant, ({ limits, timeZone }, atMs) => {
        const untilMs = capHoldsUntil(limits, atMs, timeZone) ?? 0;
        expect(untilMs).toBeGreaterThan(atMs);
        expect(untilMs - atMs).toBeLessThanOrEqual(24 * HOUR_MS);
        for (let ms = atMs; ms < untilMs; ms += MINUTE_MS)
          expect(capAt(limits, ms, timeZone)).toBe(capAt(limits, atMs, timeZone));
      }),
      { numRuns: 60 },
    );
  });
});

describe("before Finish", () => {
  const line = { ...pace(1_000_000, null), measuredUtcMs: 5, isHeld: false };
  const hours = (count: number) => count * 3_600 * 1_000_000;

  test("what is queued is sent first", () => {
    expect(
      estimateUpload({ evidenceBytes: [hours(1), hours(2)], queuedBytes: hours(4) }, line, 0),
    ).toMatchObject({
      ...{ lineBytesPerSecond: 1_000_000, measuredUtcMs: 5, queueMs: 4 * HOUR_MS, totalMs: 7 * HOUR_MS },
      ...{ longestEvidenceMs: 2 * HOUR_MS, purgeRisk: "none", queuedBytes: hours(4) },
    });
  });

  test("the purge is foreseen, of one evidence by itself or because of what is sent before it", () => {
    const risk = (evidence: number[], queued: number) =>
      estimateUpload({ evidenceBytes: evidence.map(hours), queuedBytes: hours(queued) }, line, 0).purgeRisk;
    expect(risk([24], 0)).toBe("none");
    expect(risk([24.01], 0)).toBe("evidence");
    expect(risk([20], 5)).toBe("queue");
    expect(risk([13, 12], 0)).toBe("queue");
    expect(EVIDENCE_PURGED_AFTER_MS).toBe(24 * HOUR_MS);
  });
});
