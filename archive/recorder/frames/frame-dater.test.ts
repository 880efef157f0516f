import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BAND_US, FrameDater } from "./frame-dater.ts";

const SECOND_US = 1_000_000;

/** What a camera sent: when, and with which stamp. */
interface Sent {
  readonly sentUs: number;
  readonly mediaUs: number;
  /** When it got here; the network keeps the order. */
  readonly arrivalUs: number;
}

interface Camera {
  readonly stepUs: number;
  readonly frames: number;
  /** How fast its clock runs. */
  readonly rate: number;
  readonly jumpAt: number;
  readonly jumpUs: number;
}

function sentBy({ stepUs, frames, rate, jumpAt, jumpUs }: Camera, lateUs: (at: number) => number): Sent[] {
  let lastUs = 0;
  return Array.from({ length: frames }, (_, at) => {
    const sentUs = at * stepUs;
    lastUs = Math.max(lastUs, sentUs + lateUs(at));
    return { sentUs, mediaUs: sentUs * rate + (at >= jumpAt ? jumpUs : 0), arrivalUs: lastUs };
  });
}

/** The instants that a dater gives, knowing of each frame when the two after it arrived. */
function dated(sent: readonly Sent[]): number[] {
  const dater = new FrameDater();
  return sent.map(({ mediaUs, arrivalUs }, at) => {
    const laterArrivalsUs = sent.slice(at + 1, at + 3).map((later) => later.arrivalUs);
    return dater.instant({ mediaUs, arrivalUs, laterArrivalsUs });
  });
}

const worstUs = (sent: readonly Sent[]): number => {
  const instants = dated(sent);
  return sent.reduce((most, { sentUs }, at) => Math.max(most, Math.abs((instants[at] ?? 0) - sentUs)), 0);
};

const cameras: fc.Arbitrary<Camera> = fc.record({
  stepUs: fc.integer({ min: 16_667, max: 10 * SECOND_US }),
  frames: fc.integer({ min: 2, max: 400 }),
  rate: fc.double({ min: 0.5, max: 2, noNaN: true }),
  jumpAt: fc.integer({ min: 1, max: 400 }),
  jumpUs: fc.integer({ min: -4000 * SECOND_US, max: 4000 * SECOND_US }),
});

describe("a frame's instant", () => {
  test("is within 0.3 s of its sending, whatever rate and jump a camera's clock has", () => {
    fc.assert(
      fc.property(
        cameras,
        fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1 }),
        (camera, late) => {
          const sent = sentBy(camera, (at) => late[at % late.length] ?? 0);
          expect(worstUs(sent)).toBeLessThanOrEqual(300_000);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("never goes back, and is never after the frame's arrival by more than that takes", () => {
    const stamps = fc.array(
      fc.record({ stampUs: fc.integer({ min: -1e10, max: 1e10 }), waitUs: fc.integer({ min: 0, max: 2e7 }) }),
      { minLength: 1, maxLength: 100 },
    );
    fc.assert(
      fc.property(stamps, (steps) => {
        const dater = new FrameDater();
        let [arrivalUs, lastUs] = [0, -Infinity];
        for (const { stampUs, waitUs } of steps) {
          arrivalUs += waitUs;
          const instantUs = dater.instant({ mediaUs: stampUs, arrivalUs });
          expect(instantUs).toBeGreaterThanOrEqual(lastUs + 1_000);
          expect(instantUs).toBeGreaterThanOrEqual(arrivalUs - BAND_US);
          expect(instantUs).toBeLessThanOrEqual(Math.max(arrivalUs, lastUs + 1_000));
          lastUs = instantUs;
        }
      }),
    );
  });

  test("is that of its stamp where the network held it back and then gave all at once", () => {
    const calm = { stepUs: 100_000, frames: 300, rate: 1, jumpAt: 1000, jumpUs: 0 };
    for (const stallUs of [500_000, 1_500_000, 4_000_000]) {
      const stalled = sentBy(calm, (at) => (at === 200 ? stallUs : 0));
      expect(worstUs(stalled)).toBeLessThan(300_000);
    }
  });

  test("is that of its arrival where a camera stopped its clock, and not that of its stamp", () => {
    const sent = sentBy({ stepUs: 100_000, frames: 300, rate: 1, jumpAt: 200, jumpUs: -1_500_000 }, () => 0);
    expect(worstUs(sent)).toBeLessThan(BAND_US + 1);
  });

  test("stays true where stamps stand still for minutes, whatever the network's lateness", () => {
    const late = [0, 18_000, 3_000, 25_000, 9_000, 1_000, 14_000];
    const calm = sentBy(
      { stepUs: 100_000, frames: 3_000, rate: 1, jumpAt: 1e9, jumpUs: 0 },
      (at) => late[at % late.length] ?? 0,
    );
    expect(
      worstUs(calm.map((frame, at) => (at < 100 ? frame : { ...frame, mediaUs: 1e7 + at }))),
    ).toBeLessThan(60_000);
  });

  test("is true from ten frames a second to one and back, as in a night mode", () => {
    const day = sentBy({ stepUs: 100_000, frames: 200, rate: 1, jumpAt: 1e9, jumpUs: 0 }, () => 0);
    const thinned = day.filter((_, at) => at < 100 || at % 10 === 0);
    expect(worstUs(thinned)).toBeLessThan(20_000);
  });
});

test("jumps of the camera's clock are counted, stalls and slow rates are not", () => {
  const count = (camera: Camera): number => {
    const dater = new FrameDater();
    for (const frame of sentBy(camera, () => 0)) dater.instant(frame);
    return dater.jumps;
  };
  const calm = { stepUs: 100_000, frames: 100, rate: 1.2, jumpAt: 50, jumpUs: 0 };
  expect(count(calm)).toBe(0);
  expect(count({ ...calm, stepUs: 5 * SECOND_US, rate: 0.5 })).toBe(0);
  expect(count({ ...calm, stepUs: 10 * SECOND_US, rate: 2 })).toBe(0);
  expect(count({ ...calm, jumpUs: 3_600 * SECOND_US })).toBe(1);
  expect(count({ ...calm, jumpUs: -30 * SECOND_US })).toBe(1);
});

test("stamps that stand still are a clock that went back, once", () => {
  const dater = new FrameDater();
  for (let at = 0; at < 200; at++)
    dater.instant({ mediaUs: at < 50 ? at * 100_000 : 5_000_000 + at, arrivalUs: at * 100_000 });
  expect(dater.jumps).toBe(1);
  expect(dater.lastJump?.byUs).toBeNull();
});
