import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOUR_MS } from "#shared/domain/time-range.ts";
import { dateTag, ticksOf, tickStepMs } from "./timeline-ticks.ts";
import {
  footageRangeFor,
  instantAt,
  nearestEnd,
  panBy,
  placeOf,
  SPAN_MAX_MS,
  SPAN_MIN_MS,
  xAt,
  zoomAround,
  type TimelineView,
} from "./timeline-view.ts";
import { repeatedPasses, transitionsWithin } from "./zone-transitions.ts";

const views: fc.Arbitrary<TimelineView> = fc.record({
  startUtcMs: fc.integer({ min: Date.UTC(2001, 0, 1), max: Date.UTC(2039, 0, 1) }),
  spanMs: fc.integer({ min: SPAN_MIN_MS, max: SPAN_MAX_MS }),
  widthPx: fc.integer({ min: 60, max: 3000 }),
});
const share = fc.double({ min: 0, max: 1, noNaN: true });
const zones = fc.constantFrom("Europe/Zurich", "UTC", "Australia/Lord_Howe", "America/St_Johns");

/** The zone's lead over UTC, told by the platform's own clock. */
function platformOffsetMs(utcMs: number, zone: string): number {
  const wholeMs = Math.floor(utcMs / 1000) * 1000;
  const local = new Date(wholeMs).toLocaleString("sv-SE", { timeZone: zone });
  return Date.parse(`${local.replace(" ", "T")}Z`) - wholeMs;
}

describe("a timeline's geometry", () => {
  it("says on which side an instant out of sight lies, and which end of a mark is the next there", () => {
    const view = { startUtcMs: 1_000, spanMs: 1_000, widthPx: 100 };
    expect([999, 1_000, 2_000, 2_001].map((utcMs) => placeOf(view, utcMs))).toEqual([
      ...["before", "inside", "inside", "after"],
    ]);
    const [gone, coming] = [
      { startUtcMs: 100, endUtcMs: 200 },
      { startUtcMs: 5_000, endUtcMs: 6_000 },
    ];
    const around = { startUtcMs: 100, endUtcMs: 6_000 };
    const ends = (range: typeof gone) =>
      (["start", "end"] as const).map((side) => nearestEnd(view, range, side));
    expect([ends(gone), ends(coming), ends(around)]).toEqual([
      [200, 200],
      [5_000, 5_000],
      [100, 6_000],
    ]);
  });

  it("gives an instant back at the pixel where it stands", () => {
    fc.assert(
      fc.property(views, share, (view, at) => {
        const utcMs = Math.round(view.startUtcMs + at * view.spanMs);
        expect(instantAt(view, xAt(view, utcMs))).toBe(utcMs);
      }),
    );
  });

  it("keeps the instant under the pointer while zooming, between 24 h and two seconds", () => {
    fc.assert(
      fc.property(views, share, fc.double({ min: 0.01, max: 100, noNaN: true }), (view, at, factor) => {
        const x = at * view.widthPx;
        const zoomed = zoomAround(view, x, factor);
        expect(Math.abs(instantAt(zoomed, x) - instantAt(view, x))).toBeLessThanOrEqual(1);
        expect(zoomed.spanMs).toBeGreaterThanOrEqual(SPAN_MIN_MS);
        expect(zoomed.spanMs).toBeLessThanOrEqual(SPAN_MAX_MS);
      }),
    );
  });

  it("moves the picture with the hand", () => {
    fc.assert(
      fc.property(views, fc.integer({ min: -500, max: 500 }), (view, delta) => {
        const utcMs = view.startUtcMs + Math.round(view.spanMs / 2);
        expect(xAt(panBy(view, delta), utcMs)).toBeCloseTo(xAt(view, utcMs) + delta, 3);
      }),
    );
  });

  it("asks for footage that covers the view and changes rarely", () => {
    fc.assert(
      fc.property(views, (view) => {
        const range = footageRangeFor(view);
        expect(range.startUtcMs).toBeLessThanOrEqual(view.startUtcMs);
        expect(range.endUtcMs).toBeGreaterThanOrEqual(view.startUtcMs + view.spanMs);
        expect(range.endUtcMs - range.startUtcMs).toBeLessThanOrEqual(view.spanMs * 6);
      }),
    );
  });
});

describe("ticks", () => {
  it("stand at round local times, in order, never twice at an instant", () => {
    fc.assert(
      fc.property(views, zones, (view, zone) => {
        const ticks = ticksOf(view, zone, platformOffsetMs);
        const stepMs = tickStepMs(view);
        for (const { utcMs } of ticks) {
          expect((utcMs + platformOffsetMs(utcMs, zone)) % stepMs).toBe(0);
        }
        const instants = ticks.map(({ utcMs }) => utcMs);
        expect(instants).toEqual([...new Set(instants)].sort((a, b) => a - b));
      }),
      { numRuns: 60 },
    );
  });

  it("show a repeated hour twice and leave a skipped one out", () => {
    const labels = (startUtcMs: number) =>
      ticksOf({ startUtcMs, spanMs: 4 * HOUR_MS, widthPx: 320 }, "Europe/Zurich", platformOffsetMs).map(
        ({ label }) => label,
      );
    expect(labels(Date.UTC(2026, 9, 24, 23))).toEqual(["01:00", "02:00", "02:00", "03:00"]);
    expect(labels(Date.UTC(2026, 2, 28, 23))).toEqual(["03-29", "01:00", "03:00", "04:00"]);
  });
});

describe("the ruler's date", () => {
  const now = Date.UTC(2026, 9, 25, 12);
  const viewFrom = (startUtcMs: number, spanMs = HOUR_MS) => ({ startUtcMs, spanMs, widthPx: 320 });

  it("stands where a time alone could be taken for today's, and its offset where the clock shows it twice", () => {
    expect(dateTag(viewFrom(now - HOUR_MS), "UTC", now)).toBeNull();
    expect(dateTag(viewFrom(now - 24 * HOUR_MS), "UTC", now)).toBe("2026-10-24");
    expect(dateTag(viewFrom(now - 13 * HOUR_MS, 14 * HOUR_MS), "UTC", now)).toBe("2026-10-24");
    // Berlin's clock shows 02:00 to 03:00 twice: at 00:00 and at 01:00 UTC.
    expect(dateTag(viewFrom(Date.UTC(2026, 9, 25, 0, 30)), "Europe/Berlin", now)).toBe(
      "2026-10-25 UTC+02:00",
    );
    expect(dateTag(viewFrom(Date.UTC(2026, 9, 25, 1, 30)), "Europe/Berlin", now)).toBe(
      "2026-10-25 UTC+01:00",
    );
  });
});

describe("changes of the clock", () => {
  it("are found once, with both offsets", () => {
    const day = { startUtcMs: Date.UTC(2026, 9, 25), endUtcMs: Date.UTC(2026, 9, 25) + 24 * HOUR_MS };
    const found = transitionsWithin(day, "Europe/Zurich");
    expect(found).toEqual([
      { utcMs: Date.UTC(2026, 9, 25, 1), offsetBeforeMs: 2 * HOUR_MS, offsetAfterMs: HOUR_MS },
    ]);
    expect(repeatedPasses(found)).toEqual([
      { range: { startUtcMs: Date.UTC(2026, 9, 25), endUtcMs: Date.UTC(2026, 9, 25, 1) }, pass: "first" },
      { range: { startUtcMs: Date.UTC(2026, 9, 25, 1), endUtcMs: Date.UTC(2026, 9, 25, 2) }, pass: "second" },
    ]);
    expect(transitionsWithin(day, "UTC")).toEqual([]);
  });
});
