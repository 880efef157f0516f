import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ageClockFile } from "../ground/archive-folder.ts";
import { ageClock } from "./age-clock.ts";
import type { ClockLook } from "./clock-look.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const START = Date.UTC(2026, 10, 28, 12);

let dir: string;
let now: { utcMs: number; uptimeMs: number; bootId: string };

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-age-clock-"));
  now = { utcMs: START, uptimeMs: HOUR_MS, bootId: "first" };
});

afterEach(() => rm(dir, { recursive: true, force: true }));

const look = (): ClockLook => ({ ...now });
/** As the archive has it after each of its starts. */
const open = (newestArrivalUtcMs: number | null = null) =>
  ageClock(dir, { clock: look, newestArrivalUtcMs: () => newestArrivalUtcMs });

function pass(ms: number): void {
  now.utcMs += ms;
  now.uptimeMs += ms;
}

function restartMachine(offMs: number): void {
  now = { utcMs: now.utcMs + offMs, uptimeMs: 0, bootId: `${now.bootId}+` };
}

describe("a clock that runs as it should", () => {
  test("is believed, over restarts of the archive and of the machine", () => {
    for (const step of [() => pass(MINUTE_MS), () => pass(20 * DAY_MS), () => restartMachine(60 * HOUR_MS)]) {
      step();
      const clock = open();
      expect(clock.look()).toBe(now.utcMs);
      expect(clock.aheadMs).toBe(0);
    }
  });

  test("is believed when it is put right by minutes, or was wrong by one in a thousand", () => {
    const clock = open();
    clock.look();
    now.utcMs += 9 * MINUTE_MS;
    expect(clock.look()).toBe(now.utcMs);
    pass(20 * DAY_MS);
    now.utcMs += (20 * DAY_MS) / 1000;
    expect(clock.look()).toBe(now.utcMs);
  });

  test("has yet to be set after a start where it has no battery, and is believed once it is", () => {
    open().look();
    restartMachine(8 * HOUR_MS);
    const right = now.utcMs;
    now.utcMs = 0;
    const clock = open();
    expect(clock.look()).toBe(0);
    now.utcMs = right;
    expect(clock.look()).toBe(right);
    now.utcMs += DAY_MS;
    expect(clock.look()).toBeLessThan(right + HOUR_MS);
  });
});

describe("a clock that leaps", () => {
  test.each([HOUR_MS, 40 * DAY_MS])("ahead by %d ms is not believed while the archive runs", (leapMs) => {
    const clock = open();
    clock.look();
    now.utcMs += leapMs;
    expect(clock.look()).toBe(START);
    expect(clock.aheadMs).toBe(leapMs);
    pass(HOUR_MS);
    expect(clock.look()).toBe(START + HOUR_MS);
  });

  test("ahead while the archive was not running is not believed after its start", () => {
    open().look();
    pass(5 * MINUTE_MS);
    now.utcMs += 40 * DAY_MS;
    const clock = open();
    expect(clock.look()).toBe(START + 5 * MINUTE_MS);
  });

  test("ahead over a restart of the machine is not believed, nor after another", () => {
    open().look();
    restartMachine(40 * DAY_MS);
    expect(open().look()).toBe(START);
    restartMachine(0);
    const clock = open();
    expect(clock.look()).toBe(START);
    expect(clock.aheadMs).toBe(40 * DAY_MS);
  });

  test("ahead before the first start with this clock is held against the newest footage", () => {
    expect(open(START - 40 * DAY_MS).look()).toBe(START - 40 * DAY_MS);
  });

  test("is believed once it is back, or once somebody has confirmed it", async () => {
    const clock = open();
    clock.look();
    now.utcMs += 40 * DAY_MS;
    clock.look();
    now.utcMs -= 40 * DAY_MS;
    expect([clock.look(), clock.aheadMs]).toEqual([START, 0]);
    now.utcMs += 40 * DAY_MS;
    clock.look();
    clock.confirm();
    expect([clock.look(), clock.aheadMs]).toEqual([now.utcMs, 0]);
    expect(open().look()).toBe(now.utcMs);
  });

  test("back makes nothing older", () => {
    const clock = open();
    clock.look();
    now.utcMs -= DAY_MS;
    expect(clock.look()).toBe(START - DAY_MS);
  });
});

test("a torn file is as none", async () => {
  open().look();
  await writeFile(ageClockFile(dir), '{"bootId":');
  expect(open(START - HOUR_MS).look()).toBe(START);
});

test("whatever clocks do, what is believed never gains on the time that has passed by more than it may", () => {
  const step = fc.record({
    passMs: fc.nat({ max: 3 * DAY_MS }),
    leapMs: fc.oneof(fc.constant(0), fc.integer({ min: -60 * DAY_MS, max: 60 * DAY_MS })),
    restart: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      now = { utcMs: START, uptimeMs: 0, bootId: `run-${Math.random()}` };
      let clock = open();
      clock.confirm();
      // The first look that a machine without a battery makes may be behind by anything.
      let [mostUtcMs, boots] = [clock.look(), 0];
      for (const { passMs, leapMs, restart } of steps) {
        pass(passMs);
        now.utcMs += leapMs;
        if (restart) {
          restartMachine(0);
          clock = open();
          boots += 1;
        }
        mostUtcMs += passMs * 1.01 + 10 * MINUTE_MS + (restart ? 72 * HOUR_MS : 0);
        expect(clock.look()).toBeLessThanOrEqual(mostUtcMs + boots);
      }
    }),
    { numRuns: 100 },
  );
});
